//! What a spreadsheet would run or spoil when it reads CSV.

use std::borrow::Cow;

/// What some spreadsheet takes for the end of a cell: the separators of lists in other countries, and ends of lines, which
/// part cells where the quotes around them are not seen for what they are.
const SEPARATORS: [char; 5] = [';', '\t', '|', '\n', '\r'];

/// The full-width forms are those of East Asian keyboards.
const BEGINS_FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// The text as it stands in a CSV file: with an apostrophe before it where a spreadsheet would run it as a formula.
///
/// That is where `=`, `+`, `-`, `@`, a tab or the end of a line comes first when spaces, quotes, apostrophes and what cannot
/// be seen are left aside. A spreadsheet may part a text at `;`, `|`, a tab or the end of a line: what follows one of them
/// is marked too, where one of the four comes first in it. Only texts are marked so: a number below zero stays a number.
/// [`csv_text_as_written`] takes the marks off.
///
/// ```
/// use zendesk_csat_history::export::{csv_text, csv_text_as_written};
///
/// assert_eq!(csv_text("=1+1"), "'=1+1");
/// assert_eq!(csv_text("\" @x"), "'\" @x");
/// assert_eq!(csv_text("fine;=1+1"), "fine;'=1+1");
/// assert_eq!(csv_text("'tis fine = good"), "'tis fine = good");
/// assert_eq!(csv_text_as_written("'=1+1;'=2"), "=1+1;=2");
/// ```
pub fn csv_text(text: &str) -> Cow<'_, str> {
    let marks = marks(text);
    if marks.is_empty() {
        return text.into();
    }
    let mut marked = String::with_capacity(text.len() + marks.len());
    let mut copied = 0;
    for at in marks {
        marked.push_str(&text[copied..at]);
        marked.push('\'');
        copied = at;
    }
    marked.push_str(&text[copied..]);
    marked.into()
}

/// The text of a cell before [`csv_text`] marked it.
pub fn csv_text_as_written(cell: &str) -> Cow<'_, str> {
    // The mark is itself left aside when a text is judged: so a marked text, and none other, is one that is judged
    // a formula without its first apostrophe.
    let mut text = String::new();
    let mut copied = 0;
    for part in parts(cell).skip(1) {
        if cell[part.clone()].strip_prefix('\'').is_some_and(begins_formula) {
            text.push_str(&cell[copied..part.start]);
            copied = part.start + 1;
        }
    }
    text.push_str(&cell[copied..]);
    match text.strip_prefix('\'') {
        Some(unmarked) if runs_as_formula(unmarked) => unmarked.to_owned().into(),
        _ if text == cell => cell.into(),
        _ => text.into(),
    }
}

/// JSON in which nothing runs: what would is written by its number, and is the same to whoever reads JSON.
pub(super) fn json_text(json: String) -> String {
    // Of the separators JSON has these two in its texts; and only ASCII begins a formula that it could write otherwise.
    if !json.contains([';', '|']) {
        return json;
    }
    let mut text = String::with_capacity(json.len());
    for part in parts(&json) {
        let part = &json[part];
        let rest = part.trim_start_matches(is_left_aside);
        match rest.chars().next() {
            Some(first) if !text.is_empty() && BEGINS_FORMULA.contains(&first) => {
                text.push_str(&part[..part.len() - rest.len()]);
                text.push_str(&format!("\\u{:04x}", u32::from(first)));
                text.push_str(&rest[first.len_utf8()..]);
            }
            _ => text.push_str(part),
        }
    }
    text
}

/// Whether a spreadsheet takes the text for a number and does not keep its digits: it shows those of twelve as
/// `1.23457E+11`, writes that when it saves, knows fifteen, and drops zeros that come first.
pub(super) fn loses_digits(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number && (digits.len() > 11 || (digits.len() > 1 && digits.starts_with('0')))
}

/// Where marks belong, in order.
fn marks(text: &str) -> Vec<usize> {
    // Nearly all texts have nothing of the kind.
    if !text.contains(BEGINS_FORMULA) && !text.contains(['\t', '\r', '\n']) {
        return Vec::new();
    }
    let first = runs_as_formula(text).then_some(0);
    let later = parts(text)
        .skip(1)
        .filter(|part| begins_formula(&text[part.clone()]))
        .map(|part| part.start);
    first.into_iter().chain(later).collect()
}

/// The parts of a text, each with the separator that ends it.
fn parts(text: &str) -> impl Iterator<Item = std::ops::Range<usize>> {
    let mut start = 0;
    text.split_inclusive(SEPARATORS).map(move |part| {
        let begin = start;
        start += part.len();
        begin..start
    })
}

fn begins_formula(part: &str) -> bool {
    part.trim_start_matches(is_left_aside).starts_with(BEGINS_FORMULA)
}

fn runs_as_formula(text: &str) -> bool {
    let rest = text.trim_start_matches(is_left_aside);
    let breaks_out = text[..text.len() - rest.len()].contains(['\t', '\r', '\n']);
    breaks_out || rest.starts_with(BEGINS_FORMULA)
}

fn is_left_aside(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '"' | '\'' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{2069}' | '\u{feff}' | '“' | '”' | '‘' | '’')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn formulas_are_marked_and_nothing_else() {
        let formulas = [
            "=1+1",
            "+1",
            "-1",
            "@SUM(A1)",
            "\tx",
            "\rx",
            "\nx",
            " =1",
            "\u{a0}=1",
            "\"=1",
            "'=1",
            "''  -1",
            "\" @x",
            "\u{feff}=1",
            "\u{200b}+1",
            "\0=1",
            "\"\t",
            " \nx",
            "＝1+1",
            "“=1”",
        ];
        for text in formulas {
            assert_eq!(csv_text(text), format!("'{text}"), "{text:?}");
            assert_eq!(csv_text_as_written(&csv_text(text)), text);
        }
        let plain = [
            "",
            " ",
            "'",
            "1",
            "a=b",
            "'tis",
            "3 - 2",
            "(=1)",
            "é",
            "\u{202e}txt",
            "a;b|c\td\ne",
            "ok;",
        ];
        for text in plain {
            assert_eq!(csv_text(text), text, "{text:?}");
            assert_eq!(csv_text_as_written(text), text);
        }
    }

    #[test]
    fn what_other_countries_part_is_marked_in_each_part() {
        for (text, marked) in [
            ("ok;=1+1", "ok;'=1+1"),
            ("ok; =1+1", "ok;' =1+1"),
            ("a|@x|b", "a|'@x|b"),
            ("a\t+1", "a\t'+1"),
            ("a\n- b\r\n- c", "a\n'- b\r\n'- c"),
            ("=1;\"=2", "'=1;'\"=2"),
            ("\n=1", "'\n'=1"),
            (";;=1", ";;'=1"),
            ("ok;'=1", "ok;''=1"),
        ] {
            assert_eq!(csv_text(text), marked);
            assert_eq!(csv_text_as_written(marked), text);
        }
    }

    #[test]
    fn json_says_the_same_and_runs_nothing() {
        let reasons = json!([{"id": "7", "label": "slow;=1+1|\" -2;ok"}, {"id": "8", "label": "=1"}]);
        let text = json_text(reasons.to_string());
        // The backslash of the second comes first in its part.
        assert!(text.contains(r#"slow;\u003d1+1|\" -2;ok"#), "{text}");
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), reasons);
    }

    #[test]
    fn digits_that_a_spreadsheet_would_lose() {
        for text in ["439808158427", "0012", "-439808158427", "00"] {
            assert!(loses_digits(text), "{text}");
        }
        for text in ["", "-", "0", "12", "43980815842", "4398O8158427", "1.5"] {
            assert!(!loses_digits(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_text_comes_back(text in "['\"=+@ \ta\u{feff}\0;|\n-]{0,8}|\\PC{0,8}") {
            let cell = csv_text(&text);
            prop_assert_eq!(csv_text_as_written(&cell), text.as_str());
            // What a spreadsheet sees first in each part is the apostrophe, or nothing that it runs.
            for part in cell.split([';', '|', '\t', '\n', '\r']) {
                let first = part.trim_start_matches(['"', ' ']).chars().next();
                prop_assert!(!first.is_some_and(|first| "=+-@".contains(first)), "{:?}", cell);
            }
        }

        #[test]
        fn every_json_stays_what_it_is(text in "[\"=+@ ;|\\\\a-]{0,10}") {
            let json = json_text(json!([text]).to_string());
            prop_assert_eq!(serde_json::from_str::<Value>(&json).unwrap(), json!([text]));
            for part in json.split([';', '|']).skip(1) {
                let first = part.trim_start_matches(['"', ' ']).chars().next();
                prop_assert!(!first.is_some_and(|first| "=+@".contains(first)), "{:?}", json);
            }
        }
    }
}
