//! Short lists under a heading: who may call, and how a listing is paged.

use super::super::lines::Line;
use super::{LONGEST_HEADING, address, table};

/// A list, with the line of its heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct List {
    pub(in super::super) line: usize,
    pub(in super::super) items: Vec<(usize, String)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Roles,
    Pagination,
}

/// Headings of what may come behind a list.
const SECTIONS: [&str; 14] = [
    "Parameters",
    "Pagination",
    "Filters",
    "Filter",
    "Code Samples",
    "Code samples",
    "Example",
    "Examples",
    "Examples:",
    "Example body",
    "Example response(s)",
    "Request body",
    "Sorting",
    "Errors",
];

/// The list whose heading stands here, and the line after it.
pub(super) fn read(lines: &[Line], at: usize) -> Option<(Kind, List, usize)> {
    let heading = lines.get(at)?;
    let kind = match heading
        .text
        .to_ascii_lowercase()
        .trim_end_matches([':', '#'])
        .trim()
    {
        "allowed for" => Kind::Roles,
        "pagination" => Kind::Pagination,
        _ => return None,
    };
    let texts: Vec<_> = lines[at..]
        .iter()
        .take(64)
        .map(|line| line.text.as_str())
        .collect();
    let mut items: Vec<(usize, String)> = Vec::new();
    let mut next = at + 1;
    while let Some(line) = lines.get(next) {
        let ends = match kind {
            // Saved without bullets, its items are short lines up to the next section.
            Kind::Roles => is_end(&texts, next - at, &line.text),
            Kind::Pagination => !line.is_item && !line.text.to_ascii_lowercase().contains("pagination"),
        };
        let is_empty = line.text.is_empty();
        let goes_on = lines.get(next + 1).is_some_and(|line| line.is_item);
        let after_items = is_empty && !items.is_empty() && !goes_on;
        if after_items || (!is_empty && ends) || next - at >= texts.len() {
            break;
        }
        if !is_empty && !line.text.starts_with("See ") {
            items.push((line.number, line.text.clone()));
        }
        next += 1;
    }
    let list = List {
        line: heading.number,
        items,
    };
    Some((kind, list, next))
}

fn is_end(texts: &[&str], at: usize, text: &str) -> bool {
    SECTIONS.contains(&text)
        || text.len() > LONGEST_HEADING
        || text.ends_with('.')
        || text.starts_with(['{', '/'])
        || text.contains('\t')
        || text.starts_with("curl")
        || address(text).is_some()
        || texts.get(at + 1).is_some_and(|next| address(next).is_some())
        || table::head(texts, at).is_some()
}
