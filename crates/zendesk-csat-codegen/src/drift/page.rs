//! A saved page as operations, tables and samples.
//!
//! Browsers save a table in two ways: a row a line with its cells glued together, or a cell a line.

use serde_json::Value;

/// What a page documents.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) operations: Vec<Operation>,
    /// Tables of properties, with the headings that they may stand under, the nearest first.
    pub(super) objects: Vec<Object>,
    /// Samples that stand under no operation.
    pub(super) samples: Vec<Sample>,
}

#[derive(Debug)]
pub(super) struct Operation {
    pub(super) line: usize,
    pub(super) method: String,
    pub(super) path: String,
    pub(super) parameters: Vec<Row>,
    /// Rows of a table that gives name and values only, as they stand.
    pub(super) filters: Vec<(usize, String)>,
    pub(super) samples: Vec<Sample>,
}

#[derive(Debug)]
pub(super) struct Object {
    pub(super) line: usize,
    pub(super) heading: Option<String>,
    pub(super) rows: Vec<Row>,
}

/// A sample of JSON: a request's where it has no status.
#[derive(Debug)]
pub(super) struct Sample {
    pub(super) line: usize,
    pub(super) status: Option<String>,
    pub(super) value: Value,
}

/// A row of a table of properties or parameters.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) line: usize,
    pub(super) name: String,
    pub(super) cells: Vec<(Column, String)>,
}

impl Row {
    pub(super) fn cell(&self, column: Column) -> Option<&str> {
        let cell = self.cells.iter().find(|(known, _)| *known == column);
        cell.map(|(_, text)| text.as_str())
    }

    /// What a cell of yes and no says.
    pub(super) fn says(&self, column: Column) -> Option<bool> {
        self.cell(column).map(|text| text == "true")
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Name,
    Type,
    In,
    ReadOnly,
    Mandatory,
    Optional,
    Nullable,
    Required,
    Description,
    Parameter,
    Value,
}

const COLUMNS: [(&str, Column); 12] = [
    ("Name", Column::Name),
    ("Type", Column::Type),
    ("In", Column::In),
    ("Read-only", Column::ReadOnly),
    ("Mandatory", Column::Mandatory),
    ("Optional", Column::Optional),
    ("Nullable", Column::Nullable),
    ("Required", Column::Required),
    ("Descriptions", Column::Description),
    ("Description", Column::Description),
    ("Parameter", Column::Parameter),
    ("Value", Column::Value),
];
const TYPES: [&str; 8] = [
    "integer", "string", "array", "object", "boolean", "number", "float", "date",
];
const PLACES: [&str; 4] = ["Path", "Query", "Body", "Header"];
const TRUTHS: [&str; 2] = ["true", "false"];
const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];
/// What a sample of an answer may begin with.
const STATUS: &str = "// Status ";
/// A line longer than this is no heading.
const LONGEST_HEADING: usize = 60;

impl Column {
    /// The values that its cells have; any where there are none.
    fn values(self) -> &'static [&'static str] {
        match self {
            Self::Type => &TYPES,
            Self::In => &PLACES,
            Self::ReadOnly | Self::Mandatory | Self::Optional | Self::Nullable | Self::Required => &TRUTHS,
            Self::Name | Self::Description | Self::Parameter | Self::Value => &[],
        }
    }
}

pub(super) fn read(text: &str) -> Page {
    let lines: Vec<_> = text
        .lines()
        .map(|line| line.trim().trim_start_matches('•').trim())
        .collect();
    let mut page = Page::default();
    let mut status = None;
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        if let Some((method, path)) = address(line) {
            status = None;
            page.operations.push(Operation {
                line: at + 1,
                method: method.to_owned(),
                path: path.to_owned(),
                parameters: Vec::new(),
                filters: Vec::new(),
                samples: Vec::new(),
            });
        } else if let Some((columns, first_row)) = header(&lines, at) {
            at = page.table(&lines, at, &columns, first_row);
            continue;
        } else if *line == "Example body" {
            status = None;
        } else {
            let (named, rest) = status_line(line);
            status = named.or(status);
            let is_body = line.starts_with('{') || line.starts_with(STATUS);
            if is_body && let Some(Ok(value)) = serde_json::Deserializer::from_str(rest).into_iter().next() {
                let sample = Sample {
                    line: at + 1,
                    status: status.clone(),
                    value,
                };
                match page.operations.last_mut() {
                    Some(operation) => operation.samples.push(sample),
                    None => page.samples.push(sample),
                }
            }
        }
        at += 1;
    }
    page
}

impl Page {
    /// Takes a table in; gives the line after it.
    fn table(&mut self, lines: &[&str], at: usize, columns: &[Column], first_row: usize) -> usize {
        if columns == [Column::Parameter, Column::Value] {
            let rows = lines[first_row..]
                .iter()
                .take_while(|line| !line.is_empty())
                .count();
            if let Some(operation) = self.operations.last_mut() {
                let numbered = (first_row..first_row + rows).map(|row| (row + 1, lines[row].to_owned()));
                operation.filters.extend(numbered);
            }
            return first_row + rows;
        }
        let stacked = first_row > at + 1;
        let mut rows = Vec::new();
        let mut next = first_row;
        loop {
            let cells = if stacked {
                stacked_row(columns, lines.get(next..next + columns.len()))
            } else {
                lines.get(next).and_then(|line| glued_row(columns, line))
            };
            let Some(mut cells) = cells else { break };
            let (_, name) = cells.remove(0);
            rows.push(Row {
                line: next + 1,
                name,
                cells,
            });
            next += if stacked { columns.len() } else { 1 };
        }
        if columns.contains(&Column::In) {
            if let Some(operation) = self.operations.last_mut() {
                operation.parameters.extend(rows);
            }
        } else {
            self.objects.push(Object {
                line: at + 1,
                heading: heading(&lines[..at]),
                rows,
            });
        }
        next
    }
}

/// `GET /api/v2/moods`
fn address(line: &str) -> Option<(&str, &str)> {
    let (method, path) = line.split_once(' ')?;
    let is_address = METHODS.contains(&method) && path.starts_with('/') && !path.contains(' ');
    is_address.then_some((method, path))
}

/// The status that a line names, and the rest of the line: `200 OK`, or `// Status 200 OK` with the body behind it.
fn status_line(line: &str) -> (Option<String>, &str) {
    let named = line.strip_prefix(STATUS).unwrap_or(line);
    let (head, rest) = named.split_at(named.find('{').unwrap_or(named.len()));
    let digits = head.split(' ').next().unwrap_or_default();
    let is_status = digits.len() == 3 && digits.bytes().all(|byte| byte.is_ascii_digit());
    (is_status.then(|| digits.to_owned()), rest)
}

/// The columns of a table that begins here, and the line of its first row.
fn header(lines: &[&str], at: usize) -> Option<(Vec<Column>, usize)> {
    let column = |text: &&str| {
        COLUMNS
            .iter()
            .find(|(name, _)| name == text)
            .map(|(_, column)| *column)
    };
    let stacked: Vec<_> = lines[at..].iter().map_while(column).collect();
    if stacked.len() > 2 && stacked[0] == Column::Name {
        return Some((stacked.clone(), at + stacked.len()));
    }
    let mut rest = lines[at];
    let mut glued = Vec::new();
    while let Some((name, column)) = COLUMNS.iter().find(|(name, _)| rest.starts_with(name)) {
        glued.push(*column);
        rest = rest[name.len()..].trim_start();
    }
    let is_header = rest.is_empty() && matches!(glued.first(), Some(Column::Name | Column::Parameter));
    (is_header && glued.len() > 1).then_some((glued, at + 1))
}

fn stacked_row(columns: &[Column], lines: Option<&[&str]>) -> Option<Vec<(Column, String)>> {
    let cells = columns.iter().zip(lines?);
    let fits = |(column, cell): (&Column, &&str)| match column {
        Column::Name => is_name(cell),
        _ => column.values().is_empty() || column.values().contains(cell),
    };
    cells.clone().all(fits).then(|| {
        cells
            .map(|(column, cell)| (*column, (*cell).to_owned()))
            .collect()
    })
}

/// The cells of a row that stand without anything between: the name ends where the other columns' values begin.
fn glued_row(columns: &[Column], line: &str) -> Option<Vec<(Column, String)>> {
    line.char_indices().skip(1).find_map(|(end, _)| {
        let (name, mut rest) = line.split_at(end);
        if !is_name(name) {
            return None;
        }
        let mut cells = vec![(Column::Name, name.to_owned())];
        for column in &columns[1..] {
            let cell = match column.values() {
                [] => rest,
                values => values.iter().find(|value| rest.starts_with(**value))?,
            };
            rest = &rest[cell.len()..];
            cells.push((*column, cell.to_owned()));
        }
        Some(cells)
    })
}

fn is_name(text: &str) -> bool {
    let is_first = |byte: u8| byte.is_ascii_lowercase() || byte == b'_';
    let is_part = |byte: u8| is_first(byte) || byte.is_ascii_digit() || matches!(byte, b'[' | b']' | b'.');
    text.bytes().next().is_some_and(is_first) && text.bytes().all(is_part)
}

/// The heading that stands before a table, with one sentence between at most.
fn heading(lines: &[&str]) -> Option<String> {
    let mut before = lines.iter().rev().filter(|line| !line.is_empty());
    let is_sentence = |line: &str| line.ends_with(['.', ':']) || line.len() > LONGEST_HEADING;
    let nearest = before.next()?;
    let heading = if is_sentence(nearest) {
        before.next()?
    } else {
        nearest
    };
    (!is_sentence(heading)).then(|| (*heading).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_read_in_both_ways_of_saving_it() {
        let glued = "Mood object\n\nNameTypeRead-onlyMandatoryDescription\nis_truestringtruefalseWhether it is true\nidintegertruetrueIts number\n\nExample\n";
        let stacked = "Mood object\nName\nType\nRead-only\nMandatory\nDescription\nis_true\nstring\ntrue\nfalse\nWhether it is true\nid\ninteger\ntrue\ntrue\nIts number\nExample\n";
        for (text, lines) in [(glued, [4, 5]), (stacked, [7, 12])] {
            let page = read(text);
            assert_eq!(page.objects.len(), 1);
            let object = &page.objects[0];
            assert_eq!(object.heading.as_deref(), Some("Mood object"));
            let rows: Vec<_> = object
                .rows
                .iter()
                .map(|row| {
                    (
                        row.name.as_str(),
                        row.cell(Column::Type),
                        row.says(Column::Mandatory),
                    )
                })
                .collect();
            assert_eq!(
                rows,
                [
                    ("is_true", Some("string"), Some(false)),
                    ("id", Some("integer"), Some(true))
                ]
            );
            assert_eq!([object.rows[0].line, object.rows[1].line], lines);
        }
    }

    #[test]
    fn parameters_and_samples_belong_to_the_operation_before_them() {
        let text = "Make a Mood\n  • POST /api/v2/moods\nParameters\nNameTypeInRequiredDescription\nhowstringQueryfalseHow\n\nExample body\n{\"mood\": 1}\n201 Created\n// Status 201 Created\n{\"mood\": {}}\n// Status 404 Not Found{\"errors\": []}\n";
        let page = read(text);
        let operation = &page.operations[0];
        assert_eq!(
            (operation.method.as_str(), operation.path.as_str()),
            ("POST", "/api/v2/moods")
        );
        assert_eq!(operation.parameters[0].cell(Column::In), Some("Query"));
        let statuses: Vec<_> = operation
            .samples
            .iter()
            .map(|sample| sample.status.as_deref())
            .collect();
        assert_eq!(statuses, [None, Some("201"), Some("404")]);
        assert!(page.samples.is_empty() && page.objects.is_empty());
    }

    #[test]
    fn prose_is_no_table() {
        for text in [
            "Name",
            "Name\nType\nof a thing",
            "Nametag and Type",
            "GET a life",
            "{not json}",
            "",
        ] {
            let page = read(text);
            assert!(
                page.operations.is_empty() && page.objects.is_empty() && page.samples.is_empty(),
                "{text}"
            );
        }
    }
}
