//! The lines of a saved page, whichever way it was saved.

use super::html;

/// A line of text, and which line of the file it begins on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) number: usize,
    pub(super) text: String,
    /// Whether it is an item of a list.
    pub(super) is_item: bool,
}

const BULLET: char = '•';

pub(super) fn read(page: &str) -> Vec<Line> {
    let page = page.strip_prefix('\u{feff}').unwrap_or(page);
    if html::is_html(page) {
        html::lines(page)
            .into_iter()
            .map(|(number, text)| line(number, &text))
            .collect()
    } else {
        page.lines()
            .enumerate()
            .map(|(index, text)| line(index + 1, text))
            .collect()
    }
}

fn line(number: usize, text: &str) -> Line {
    // HTML marks the start of a row.
    let text = text.trim_matches(['\u{200b}', ' ', '\t', '\r']);
    let without = text.strip_prefix(BULLET).or_else(|| text.strip_prefix("- "));
    Line {
        number,
        text: without.unwrap_or(text).trim().to_owned(),
        is_item: without.is_some(),
    }
}
