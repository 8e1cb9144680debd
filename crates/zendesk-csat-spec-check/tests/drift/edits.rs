//! Every fact of a page, removed, added to or changed, one at a time. What an edit is about is known from the block
//! that was edited.

use crate::model::{Block, Page, Sample};
use crate::{guide_edits, sample_edits, table_edits};

/// A page with one fact changed.
pub(crate) struct Edit {
    /// What was done, for people.
    pub(crate) what: String,
    /// One of these stands in what is found.
    pub(crate) words: Vec<String>,
    pub(crate) page: Page,
}

impl Edit {
    pub(crate) fn new(what: String, words: &[&str], page: Page) -> Self {
        Self {
            what,
            words: words.iter().map(|word| (*word).to_owned()).collect(),
            page,
        }
    }
}

pub(crate) const NEW: &str = "zz_invented";
const METHODS: [&str; 5] = ["GET ", "POST ", "PUT ", "PATCH ", "DELETE "];

pub(crate) fn edits(page: &Page) -> Vec<Edit> {
    let mut edits = Vec::new();
    for (index, block) in page.blocks.iter().enumerate() {
        match block {
            Block::Table(table) => table_edits::of(page, index, table, &mut edits),
            Block::Line(line) | Block::Item(line) => {
                addresses(page, index, line, &mut edits);
                lists(page, index, line, &mut edits);
            }
            Block::Sample(sample) => {
                statuses(page, index, sample, &mut edits);
                sample_edits::of(page, index, sample, &mut edits);
            }
        }
    }
    sample_edits::removals(page, &mut edits);
    if !page.blocks.iter().any(|block| matches!(block, Block::Table(_))) {
        guide_edits::of(page, &mut edits);
    }
    edits
}

fn is_address(line: &str) -> bool {
    METHODS.iter().any(|method| line.starts_with(method)) && line.contains(" /api/")
}

fn addresses(page: &Page, index: usize, line: &str, edits: &mut Vec<Edit>) {
    if !is_address(line) {
        return;
    }
    let with = |text: String| match &page.blocks[index] {
        Block::Item(_) => Block::Item(text),
        _ => Block::Line(text),
    };
    let is_gone = ["no such operation", "the operation"];
    let (method, path) = line.split_once(' ').unwrap();
    let other = if method == "PUT" { "PATCH" } else { "PUT" };
    edits.push(Edit::new(
        format!("remove {line}"),
        &is_gone,
        page.without(&[index]),
    ));
    let next = page.blocks[index + 1..]
        .iter()
        .position(|block| matches!(block, Block::Line(line) | Block::Item(line) if is_address(line)));
    let end = next.map_or(page.blocks.len(), |next| index + next);
    let section: Vec<_> = (index..end).collect();
    edits.push(Edit::new(
        format!("remove {line} with all of it"),
        &is_gone,
        page.without(&section),
    ));
    edits.push(Edit::new(
        format!("{line}: {other}"),
        &is_gone,
        page.with(index, with(format!("{other} {path}"))),
    ));
    edits.push(Edit::new(
        format!("{line}: elsewhere"),
        &is_gone,
        page.with(index, with(format!("{line}/{NEW}"))),
    ));
    if let Some((before, rest)) = line.split_once('{') {
        let (_, after) = rest.split_once('}').unwrap();
        let renamed = format!("{before}{{{NEW}}}{after}");
        edits.push(Edit::new(
            format!("{line}: another name in it"),
            &[NEW],
            page.with(index, with(renamed)),
        ));
    }
    let new = vec![
        Block::Line("Merge Things".into()),
        Block::Line(String::new()),
        Block::Item(format!("POST /api/v2/{NEW}")),
        Block::Line(String::new()),
    ];
    // In front of the title of this one.
    let before = page.blocks[..index]
        .iter()
        .rposition(|block| matches!(block, Block::Line(line) if !line.is_empty()));
    edits.push(Edit::new(
        format!("add an operation before {line}"),
        &[NEW],
        page.inserted(before.unwrap_or(0), new),
    ));
}

fn lists(page: &Page, index: usize, line: &str, edits: &mut Vec<Edit>) {
    let (new, others): (&str, &[&str]) = match line.to_lowercase().as_str() {
        "allowed for" => ("Light agents", &["Agents", "Admins", "Team leads"]),
        "pagination" => ("Cursor pagination (recommended)", &[]),
        _ => return,
    };
    let is_roles = !others.is_empty();
    let first = index + 1 + usize::from(page.blocks.get(index + 1) == Some(&Block::Line(String::new())));
    let is_item = |block: &&Block| match block {
        Block::Item(_) => true,
        Block::Line(line) => ["Admins", "Agents", "End users"]
            .iter()
            .any(|role| line.starts_with(role)),
        _ => false,
    };
    let count = page.blocks[first..].iter().take_while(is_item).count();
    for at in first..first + count {
        let (Block::Item(item) | Block::Line(item)) = &page.blocks[at] else {
            continue;
        };
        let word = if is_roles {
            item.split(' ')
                .next()
                .unwrap()
                .trim_end_matches('s')
                .to_lowercase()
        } else {
            "pagination".to_owned()
        };
        let word = if item.starts_with("End user who") {
            "requester".to_owned()
        } else {
            word
        };
        edits.push(Edit::new(
            format!("remove the item {item}"),
            &[&word],
            page.without(&[at]),
        ));
        let make = |text: &str| match &page.blocks[at] {
            Block::Item(_) => Block::Item(text.to_owned()),
            _ => Block::Line(text.to_owned()),
        };
        if is_roles {
            let other = others.iter().find(|other| !item.starts_with(**other)).unwrap();
            edits.push(Edit::new(
                format!("{item} → {other}"),
                &[other, &word],
                page.with(at, make(other)),
            ));
            edits.push(Edit::new(
                format!("add {new} to {item}"),
                &[new],
                page.inserted(at, vec![make(new)]),
            ));
        }
    }
    let items: Vec<_> = (first..first + count).collect();
    let section = page.without(&[&items[..], &[index]].concat());
    if is_roles {
        edits.push(Edit::new(
            format!("remove who may call at {index}"),
            &["may call"],
            section,
        ));
    } else {
        edits.push(Edit::new(
            "remove how it is paged".into(),
            &["pagination"],
            section,
        ));
    }
    assert!(count > 0, "nothing is listed at {index}");
}

/// The statuses that samples stand under.
fn statuses(page: &Page, index: usize, sample: &Sample, edits: &mut Vec<Edit>) {
    const MARK: &str = "// Status ";
    let before = |at: usize| match at.checked_sub(1).map(|at| &page.blocks[at]) {
        Some(Block::Line(line)) => line.as_str(),
        _ => "",
    };
    let own = if sample.before.starts_with(MARK) {
        sample.before.as_str()
    } else {
        before(index)
    };
    let Some(status) = own.strip_prefix(MARK).and_then(|text| text.get(..3)) else {
        return;
    };
    let mut lines = vec![index];
    while before(lines[0])
        .strip_prefix(MARK)
        .unwrap_or(before(lines[0]))
        .starts_with(status)
    {
        lines.insert(0, lines[0] - 1);
    }
    edits.push(Edit::new(
        format!("remove the status {status} at {index}"),
        &[status],
        page.without(&lines),
    ));
    let mut changed = page.clone();
    for line in &lines {
        match &mut changed.blocks[*line] {
            Block::Line(text) => *text = text.replacen(status, "418", 1),
            Block::Sample(sample) => sample.before = sample.before.replacen(status, "418", 1),
            _ => {}
        }
    }
    edits.push(Edit::new(
        format!("status {status} → 418 at {index}"),
        &["418"],
        changed,
    ));
    let new = vec![
        Block::Line("410 Gone".into()),
        Block::Line("// Status 410 Gone".into()),
        Block::Line("{\"errors\":[]}".into()),
    ];
    edits.push(Edit::new(
        format!("add the status 410 at {index}"),
        &["410"],
        page.inserted(lines[0], new),
    ));
}
