//! Pages by offset, where a listing comes in them although pages by cursor were asked for.
//!
//! They are followed from the first page on, one after the other, of the same listing: a number is taken from the
//! address of the next page, and the address itself is never called.

use crate::decode::page::Next;
use url::form_urlencoded;

/// One page of a listing, by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct OffsetPage {
    pub(super) number: i32,
    /// Records a page, where the service names them.
    pub(super) size: Option<i32>,
}

impl OffsetPage {
    /// The page that an address asks for.
    pub(super) fn of_address(address: &str) -> Option<Self> {
        let (_, query) = address.split_once('?')?;
        Self::of_query(query)
    }

    /// The page that a cursor of ours stands for; none for a cursor of the service.
    fn of_cursor(cursor: &str) -> Option<Self> {
        Self::of_query(cursor).filter(|page| page.to_cursor() == cursor)
    }

    fn of_query(query: &str) -> Option<Self> {
        let number = |name: &str| {
            let mut pairs = form_urlencoded::parse(query.as_bytes());
            let (_, value) = pairs.find(|(key, _)| key == name)?;
            value.parse().ok().filter(|number: &i32| *number > 0)
        };
        Some(Self {
            number: number("page")?,
            size: number("per_page"),
        })
    }

    pub(super) fn to_cursor(self) -> String {
        match self.size {
            Some(size) => format!("page={}&per_page={size}", self.number),
            None => format!("page={}", self.number),
        }
    }
}

/// Where a listing goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum At<'a> {
    Start,
    After(&'a str),
    Offset(OffsetPage),
}

impl<'a> At<'a> {
    pub(super) fn of(cursor: Option<&'a str>) -> Self {
        match cursor.map(|cursor| (cursor, OffsetPage::of_cursor(cursor))) {
            None => Self::Start,
            Some((_, Some(page))) => Self::Offset(page),
            Some((cursor, None)) => Self::After(cursor),
        }
    }

    pub(super) fn after(self) -> Option<&'a str> {
        match self {
            Self::After(cursor) => Some(cursor),
            _ => None,
        }
    }

    pub(super) fn page(self) -> Option<OffsetPage> {
        match self {
            Self::Offset(page) => Some(page),
            _ => None,
        }
    }

    /// The size to ask cursor pages by; pages by offset have their own.
    pub(super) fn cursor_size(self, size: Option<i32>) -> Option<i32> {
        self.page().is_none().then_some(size).flatten()
    }

    /// What a page says, without a way on that would leave out records or list some again: from pages by cursor to pages
    /// by offset or back, or to another page than the next.
    pub(super) fn way_on(self, said: Next) -> Next {
        let next = said.cursor.as_deref().and_then(OffsetPage::of_cursor);
        let follows = match (self, next) {
            (Self::Start, Some(next)) => next.number == 2,
            (Self::Offset(page), Some(next)) => {
                page.number.checked_add(1) == Some(next.number) && page.size == next.size
            }
            (Self::Start | Self::After(_), None) => true,
            (Self::After(_), Some(_)) | (Self::Offset(_), None) => false,
        };
        if follows || !said.has_more {
            return said;
        }
        Next { cursor: None, ..said }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(number: i32, size: Option<i32>) -> OffsetPage {
        OffsetPage { number, size }
    }

    #[test]
    fn a_page_is_read_from_an_address_by_its_number() {
        let read =
            |query: &str| OffsetPage::of_address(&format!("https://acme.zendesk.com/api/v2/x.json?{query}"));
        assert_eq!(read("page=2"), Some(page(2, None)));
        assert_eq!(read("per_page=50&score=good&page=3"), Some(page(3, Some(50))));
        for none in [
            "page=0",
            "page=-1",
            "page=two",
            "page=99999999999",
            "page%5Bafter%5D=x",
            "",
        ] {
            assert_eq!(read(none), None, "{none}");
        }
        assert_eq!(OffsetPage::of_address("page=2"), None);
    }

    #[test]
    fn a_cursor_of_the_service_is_none_of_ours() {
        for cursor in [
            "eyJvIjoiaWQifQ==",
            "page=02",
            "page=2&x=1",
            "per_page=5&page=2",
            "page=",
            "",
        ] {
            assert_eq!(At::of(Some(cursor)), At::After(cursor));
        }
        for ours in [page(2, None), page(17, Some(100))] {
            assert_eq!(At::of(Some(&ours.to_cursor())), At::Offset(ours));
        }
        assert_eq!(At::of(None), At::Start);
    }

    #[test]
    fn only_the_next_page_of_the_same_kind_is_followed() {
        let said = |cursor: &str| Next {
            cursor: Some(cursor.to_owned()),
            has_more: true,
            ..Next::default()
        };
        let second = At::Offset(page(2, None));
        for (at, cursor, follows) in [
            (At::Start, "page=2", true),
            (At::Start, "page=3", false),
            (At::Start, "page=1", false),
            (At::Start, "c1", true),
            (At::After("c1"), "c2", true),
            (At::After("c1"), "page=2", false),
            (second, "page=3", true),
            (second, "page=2", false),
            (second, "page=4", false),
            (second, "page=3&per_page=10", false),
            (second, "c1", false),
            (At::Offset(page(i32::MAX, None)), "page=1", false),
        ] {
            let way_on = at.way_on(said(cursor));
            assert!(way_on.has_more);
            assert_eq!(way_on.cursor.is_some(), follows, "{at:?} {cursor}");
        }
    }
}
