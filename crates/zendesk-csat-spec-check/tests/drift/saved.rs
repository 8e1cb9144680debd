//! Saved pages as blocks, by a reader that shares nothing with the one under test: it knows the heads of tables by
//! heart, and whatever it wrote down wrongly would show in the page that it gives back.

use crate::model::{Block, Form, Page, Sample, Table};
use serde_json::Value;
use std::fs;
use std::path::Path;

const HEADS: [&[&str]; 5] = [
    &["Name", "Type", "Read-only", "Mandatory", "Description"],
    &["Name", "Type", "Optional", "Nullable", "Descriptions"],
    &["Name", "Type", "In", "Required", "Description"],
    &["Parameter", "Value"],
    &["Code", "Reason"],
];
const CELLS: [&str; 9] = [
    "integer", "string", "array", "object", "boolean", "Path", "Query", "true", "false",
];
/// Filters whose values are glued to their names.
const LISTED_FILTERS: [&str; 1] = ["score"];

/// The English pages of a folder.
pub(crate) fn pages(folder: &Path) -> Vec<(String, Page)> {
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    let texts = paths
        .iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"));
    let named = texts.map(|path| {
        (
            path.file_stem().unwrap().to_string_lossy().into_owned(),
            fs::read_to_string(path).unwrap(),
        )
    });
    let english = named.filter(|(_, text)| {
        text.is_ascii() || text.chars().filter(|c| !c.is_ascii()).count() * 50 < text.len()
    });
    english.map(|(name, text)| (name, page(&text))).collect()
}

fn page(text: &str) -> Page {
    let lines: Vec<_> = text.lines().collect();
    let is_stacked = lines.contains(&"Name");
    let mut blocks = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let line = lines[at];
        let glued = HEADS.iter().find(|head| !is_stacked && head.concat() == line);
        let stacked = HEADS
            .iter()
            .find(|head| is_stacked && lines[at..].starts_with(head));
        if let Some(head) = glued {
            let length = lines[at + 1..].iter().take_while(|line| !line.is_empty()).count();
            blocks.push(Block::Table(glued_table(head, &lines[at + 1..at + 1 + length])));
            at += 1 + length;
        } else if let Some(head) = stacked {
            let rows = lines[at + head.len()..].chunks_exact(head.len());
            let rows: Vec<Vec<_>> = rows
                .take_while(|row| row[1..head.len() - 1].iter().all(|cell| CELLS.contains(cell)))
                .map(|row| row.iter().map(|cell| (*cell).to_owned()).collect())
                .collect();
            at += head.len() * (1 + rows.len());
            blocks.push(Block::Table(table(head, rows)));
        } else {
            blocks.push(line_block(line));
            at += 1;
        }
    }
    let page = Page {
        form: if is_stacked { Form::Stacked } else { Form::Glued },
        blocks,
    };
    assert_eq!(
        page.text().trim_end(),
        text.trim_end(),
        "the page was read wrongly"
    );
    page
}

fn table(head: &[&str], rows: Vec<Vec<String>>) -> Table {
    Table {
        columns: head.iter().map(|column| (*column).to_owned()).collect(),
        rows,
    }
}

fn line_block(line: &str) -> Block {
    if let Some(item) = line.strip_prefix("  • ") {
        return Block::Item(item.to_owned());
    }
    let start = if line.starts_with("// Status") || line.starts_with('{') {
        line.find('{')
    } else {
        line.find("-d '{").map(|at| at + "-d '".len())
    };
    let sample = start.and_then(|start| {
        let mut values = serde_json::Deserializer::from_str(&line[start..]).into_iter::<Value>();
        let value = values.next()?.ok()?;
        let end = start + values.byte_offset();
        Some(Sample {
            before: line[..start].to_owned(),
            value,
            after: line[end..].to_owned(),
            source: Some(line[start..end].to_owned()),
        })
    });
    sample.map_or_else(|| Block::Line(line.to_owned()), Block::Sample)
}

fn glued_table(head: &[&str], lines: &[&str]) -> Table {
    let mut rows: Vec<Vec<String>> = Vec::new();
    for line in lines {
        let row = match head[0] {
            "Name" => glued_row(line, head.len()),
            "Code" => {
                let end = line.find(|c: char| !c.is_ascii_digit()).unwrap();
                vec![line[..end].to_owned(), line[end..].to_owned()]
            }
            _ => {
                // A line that follows a comma goes on with the values of the one before.
                if let Some(row) = rows.last_mut().filter(|row| row[1].ends_with(',')) {
                    row[1] += &format!("\n{line}");
                    continue;
                }
                let listed = LISTED_FILTERS.iter().find(|name| line.starts_with(**name));
                let end = listed.map_or_else(|| line.find(char::is_uppercase).unwrap(), |name| name.len());
                vec![line[..end].to_owned(), line[end..].to_owned()]
            }
        };
        rows.push(row);
    }
    table(head, rows)
}

fn glued_row(line: &str, length: usize) -> Vec<String> {
    let split = |start: usize| {
        let mut rest = &line[start..];
        let mut cells = vec![line[..start].to_owned()];
        for _ in 2..length {
            let cell = CELLS.iter().find(|cell| rest.starts_with(**cell))?;
            cells.push((*cell).to_owned());
            rest = &rest[cell.len()..];
        }
        cells.push(rest.to_owned());
        Some(cells)
    };
    (1..line.len())
        .filter(|at| line.is_char_boundary(*at))
        .find_map(split)
        .unwrap()
}
