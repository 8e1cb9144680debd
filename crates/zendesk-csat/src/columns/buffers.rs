//! What a column keeps its values in: buffers that Arrow takes over as they are.

use chrono::{DateTime, Utc};
use std::fmt;

/// Which values of a column are there: a bit a value, the first one lowest.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Validity {
    pub(crate) bits: Vec<u8>,
    pub(crate) len: usize,
}

impl Validity {
    fn push(&mut self, valid: bool) {
        let bit = self.len % 8;
        if bit == 0 {
            self.bits.push(0);
        }
        if let Some(byte) = self.bits.last_mut() {
            *byte |= u8::from(valid) << bit;
        }
        self.len += 1;
    }

    fn get(&self, index: usize) -> bool {
        index < self.len && self.bits[index / 8] & (1 << (index % 8)) != 0
    }

    fn truncate(&mut self, len: usize) {
        if len < self.len {
            self.len = len;
            self.bits.truncate(len.div_ceil(8));
            // The bits of later values are filled by or: they must be zero.
            if let Some(byte) = self.bits.last_mut().filter(|_| !len.is_multiple_of(8)) {
                *byte &= (1 << (len % 8)) - 1;
            }
        }
    }
}

/// What every column can do while its page is read.
pub(crate) trait Buffer {
    fn count(&self) -> usize;
    fn push_null(&mut self);
    fn truncate(&mut self, len: usize);
}

/// Whole numbers, some of which may be missing.
#[derive(Clone, Default, PartialEq)]
pub struct Integers {
    pub(crate) values: Vec<i64>,
    pub(crate) validity: Validity,
}

impl Integers {
    /// The number in this row; none where it is missing.
    pub fn get(&self, row: usize) -> Option<i64> {
        self.validity.get(row).then(|| self.values[row])
    }

    /// The numbers row by row, 0 where one is missing.
    pub fn values(&self) -> &[i64] {
        &self.values
    }

    /// The numbers row by row.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Option<i64>> + '_ {
        (0..self.values.len()).map(|row| self.get(row))
    }

    pub(crate) fn push(&mut self, value: i64) {
        self.values.push(value);
        self.validity.push(true);
    }
}

impl Buffer for Integers {
    fn count(&self) -> usize {
        self.values.len()
    }

    fn push_null(&mut self) {
        self.values.push(0);
        self.validity.push(false);
    }

    fn truncate(&mut self, len: usize) {
        self.values.truncate(len);
        self.validity.truncate(len);
    }
}

/// Times in milliseconds since the Unix epoch, some of which may be missing.
#[derive(Clone, Default, PartialEq)]
pub struct Times(pub(crate) Integers);

impl Times {
    /// The time in this row; none where it is missing.
    pub fn get(&self, row: usize) -> Option<DateTime<Utc>> {
        self.0.get(row).and_then(DateTime::from_timestamp_millis)
    }

    /// Milliseconds since the Unix epoch row by row, 0 where a time is missing.
    pub fn milliseconds(&self) -> &[i64] {
        self.0.values()
    }

    /// The times row by row.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Option<DateTime<Utc>>> + '_ {
        (0..self.0.values.len()).map(|row| self.get(row))
    }

    pub(crate) fn push(&mut self, time: DateTime<Utc>) {
        self.0.push(time.timestamp_millis());
    }
}

impl Buffer for Times {
    fn count(&self) -> usize {
        self.0.count()
    }

    fn push_null(&mut self) {
        self.0.push_null();
    }

    fn truncate(&mut self, len: usize) {
        self.0.truncate(len);
    }
}

/// Texts one behind the other, some of which may be missing.
#[derive(Clone, PartialEq)]
pub struct Texts {
    pub(crate) text: String,
    pub(crate) ends: Vec<i32>,
    pub(crate) validity: Validity,
}

/// The texts of a page are more than a column can address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected less than 2 GiB of text in a page")]
pub(crate) struct TooMuchText;

impl Default for Texts {
    fn default() -> Self {
        Self {
            text: String::new(),
            ends: vec![0],
            validity: Validity::default(),
        }
    }
}

impl Texts {
    /// The text in this row; none where it is missing.
    pub fn get(&self, row: usize) -> Option<&str> {
        if !self.validity.get(row) {
            return None;
        }
        let place = |end: &i32| usize::try_from(*end).ok();
        let (start, end) = (self.ends.get(row)?, self.ends.get(row + 1)?);
        self.text.get(place(start)?..place(end)?)
    }

    /// The texts row by row.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Option<&str>> + '_ {
        (0..self.validity.len).map(|row| self.get(row))
    }

    pub(crate) fn push(&mut self, text: &str) -> Result<(), TooMuchText> {
        let end = i32::try_from(self.text.len() + text.len()).map_err(|_| TooMuchText)?;
        self.text.push_str(text);
        self.ends.push(end);
        self.validity.push(true);
        Ok(())
    }

    /// One text of several, with a separator; missing where there are none.
    pub(crate) fn push_joined<'t>(
        &mut self,
        texts: impl Iterator<Item = &'t str>,
        separator: &str,
    ) -> Result<(), TooMuchText> {
        let start = self.text.len();
        let mut any = false;
        for text in texts {
            if any {
                self.text.push_str(separator);
            }
            any = true;
            self.text.push_str(text);
        }
        if !any {
            self.push_null();
            return Ok(());
        }
        match i32::try_from(self.text.len()) {
            Ok(end) => {
                self.ends.push(end);
                self.validity.push(true);
                Ok(())
            }
            Err(_) => {
                self.text.truncate(start);
                Err(TooMuchText)
            }
        }
    }
}

impl Buffer for Texts {
    fn count(&self) -> usize {
        self.validity.len
    }

    fn push_null(&mut self) {
        self.ends.push(self.ends.last().copied().unwrap_or(0));
        self.validity.push(false);
    }

    fn truncate(&mut self, len: usize) {
        if len < self.validity.len {
            self.ends.truncate(len + 1);
            let end = self.ends.last().and_then(|end| usize::try_from(*end).ok());
            self.text.truncate(end.unwrap_or(0));
            self.validity.truncate(len);
        }
    }
}

/// Lists of texts, some of which may be missing.
#[derive(Clone, PartialEq)]
pub struct TextLists {
    pub(crate) texts: Texts,
    pub(crate) ends: Vec<i32>,
    pub(crate) validity: Validity,
}

/// A list of texts in a column.
#[derive(Clone, Copy)]
pub struct TextList<'a> {
    texts: &'a Texts,
    start: usize,
    end: usize,
}

impl<'a> TextList<'a> {
    /// The texts, one after the other.
    pub fn iter(self) -> impl ExactSizeIterator<Item = &'a str> {
        (self.start..self.end).map(move |place| self.texts.get(place).unwrap_or_default())
    }

    /// How many there are.
    pub fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }
}

impl Default for TextLists {
    fn default() -> Self {
        Self {
            texts: Texts::default(),
            ends: vec![0],
            validity: Validity::default(),
        }
    }
}

impl TextLists {
    /// The list in this row; none where it is missing.
    pub fn get(&self, row: usize) -> Option<TextList<'_>> {
        if !self.validity.get(row) {
            return None;
        }
        let place = |end: Option<&i32>| usize::try_from(*end?).ok();
        Some(TextList {
            texts: &self.texts,
            start: place(self.ends.get(row))?,
            end: place(self.ends.get(row + 1))?,
        })
    }

    /// The lists row by row.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Option<TextList<'_>>> + '_ {
        (0..self.validity.len).map(|row| self.get(row))
    }

    /// One more text of the list at hand.
    pub(crate) fn push_text(&mut self, text: &str) -> Result<(), TooMuchText> {
        self.texts.push(text)
    }

    /// Ends the list at hand.
    pub(crate) fn push_list(&mut self) -> Result<(), TooMuchText> {
        let end = i32::try_from(self.texts.count()).map_err(|_| TooMuchText)?;
        self.ends.push(end);
        self.validity.push(true);
        Ok(())
    }
}

impl Buffer for TextLists {
    fn count(&self) -> usize {
        self.validity.len
    }

    fn push_null(&mut self) {
        self.ends.push(self.ends.last().copied().unwrap_or(0));
        self.validity.push(false);
    }

    fn truncate(&mut self, len: usize) {
        if len < self.validity.len {
            self.ends.truncate(len + 1);
            self.validity.truncate(len);
        }
        // Of a list that was not read to its end, texts are here and the end is not.
        let end = self.ends.last().and_then(|end| usize::try_from(*end).ok());
        self.texts.truncate(end.unwrap_or(0));
    }
}

// Columns hold customers' words and who they are: Debug says how many there are.
macro_rules! count_in_debug {
    ($($name:ident)+) => {
        $(impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.count())
            }
        })+
    };
}
count_in_debug!(Integers Times Texts TextLists);

impl fmt::Debug for TextList<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TextList({})", self.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn columns_hold_what_was_pushed_also_after_a_record_was_taken_back(
            first in proptest::collection::vec(any::<Option<(i64, String)>>(), 0..40),
            kept in 0_usize..40,
            more in proptest::collection::vec(any::<Option<(i64, String)>>(), 0..40),
        ) {
            let (mut numbers, mut texts) = (Integers::default(), Texts::default());
            let mut push = |value: &Option<(i64, String)>, back: Option<usize>| {
                if let Some(len) = back {
                    numbers.truncate(len);
                    texts.truncate(len);
                }
                match value {
                    Some((number, text)) => {
                        numbers.push(*number);
                        texts.push(text).unwrap();
                    }
                    None => {
                        numbers.push_null();
                        texts.push_null();
                    }
                }
            };
            for value in &first {
                push(value, None);
            }
            let mut expected = first.clone();
            expected.truncate(kept);
            for (index, value) in more.iter().enumerate() {
                push(value, (index == 0).then_some(kept));
                expected.push(value.clone());
            }
            if more.is_empty() {
                expected = first;
            }
            let found: Vec<_> = numbers.iter().zip(texts.iter())
                .map(|(number, text)| Some((number?, text?.to_owned())))
                .collect();
            prop_assert_eq!(found, expected);
        }

        #[test]
        fn joined_texts_are_one(parts in proptest::collection::vec("\\PC{0,5}", 0..5)) {
            let mut texts = Texts::default();
            texts.push("before").unwrap();
            texts.push_joined(parts.iter().map(String::as_str), "; ").unwrap();
            let joined = (!parts.is_empty()).then(|| parts.join("; "));
            prop_assert_eq!(texts.get(1), joined.as_deref());
        }
    }

    proptest! {
        #[test]
        fn lists_hold_what_was_pushed_also_after_a_part_of_one_was_taken_back(
            lists in proptest::collection::vec(
                proptest::option::of(proptest::collection::vec("\\PC{0,3}", 0..4)), 0..12),
            part in proptest::collection::vec("\\PC{0,3}", 0..4),
            kept in 0_usize..12,
        ) {
            let mut column = TextLists::default();
            for list in &lists {
                match list {
                    Some(texts) => {
                        texts.iter().for_each(|text| column.push_text(text).unwrap());
                        column.push_list().unwrap();
                    }
                    None => column.push_null(),
                }
            }
            part.iter().for_each(|text| column.push_text(text).unwrap());
            column.truncate(kept);
            column.push_text("last").unwrap();
            column.push_list().unwrap();
            let mut expected: Vec<_> = lists.into_iter().take(kept).collect();
            expected.push(Some(vec!["last".to_owned()]));
            let found: Vec<Option<Vec<String>>> = column
                .iter()
                .map(|list| list.map(|list| list.iter().map(str::to_owned).collect()))
                .collect();
            prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn debug_shows_no_value() {
        let mut texts = Texts::default();
        texts.push("private").unwrap();
        assert_eq!(format!("{texts:?}"), "Texts(1)");
    }
}
