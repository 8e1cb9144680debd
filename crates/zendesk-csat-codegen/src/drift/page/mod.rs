//! A saved page as operations, tables, calls and samples.

mod call;
mod list;
mod sample;
mod table;

pub(super) use call::Call;
pub(super) use list::List;
pub(super) use sample::Sample;
pub(super) use table::{Column, Row};

use super::lines::Line;
use sample::Samples;
use table::Kind;

/// What a page documents.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) operations: Vec<Operation>,
    /// Tables of properties, with the headings that they may stand under, the nearest first.
    pub(super) objects: Vec<Object>,
    /// Calls that a guide or a sample shows; for a reference they repeat its operations.
    pub(super) calls: Vec<Call>,
    /// Samples that stand under no operation and no call.
    pub(super) samples: Vec<Sample>,
    /// Codes of reasons, by their lines.
    pub(super) codes: Vec<(usize, String)>,
    /// Rows and heads of tables that nobody can read.
    pub(super) unread: Vec<(usize, String)>,
    /// Everything, to look words up in.
    pub(super) text: String,
}

#[derive(Debug)]
pub(super) struct Operation {
    pub(super) line: usize,
    /// The line before, which is its title as a rule.
    pub(super) heading: String,
    pub(super) method: String,
    pub(super) path: String,
    pub(super) parameters: Vec<Row>,
    /// Rows of a table that gives names and values.
    pub(super) filters: Vec<Filter>,
    pub(super) roles: Option<List>,
    pub(super) pagination: Option<List>,
    pub(super) samples: Vec<Sample>,
    /// The statuses that are named, by their lines.
    pub(super) statuses: Vec<(usize, String)>,
}

/// A filter: its name, where a cell of its own has it, and the rest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Filter {
    pub(super) line: usize,
    pub(super) name: Option<String>,
    pub(super) text: String,
}

#[derive(Debug)]
pub(super) struct Object {
    pub(super) line: usize,
    pub(super) heading: Option<String>,
    pub(super) rows: Vec<Row>,
}

const METHODS: [&str; 6] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"];
/// A line longer than this is no heading.
const LONGEST_HEADING: usize = 60;

pub(super) fn read(lines: &[Line]) -> Page {
    let texts: Vec<_> = lines.iter().map(|line| line.text.as_str()).collect();
    let samples = Samples::of(&texts);
    let mut page = Page {
        text: texts.join("\n"),
        ..Page::default()
    };
    let mut calls = call::Reader::of(&texts);
    let mut status = None;
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let text = line.text.as_str();
        if let Some((method, path)) = address(text) {
            status = None;
            page.operations.push(operation(line.number, method, path, &texts[..at]));
        } else if let Some(head) = table::head(&texts, at) {
            at = page.table(lines, &texts, at, &head);
            continue;
        } else if table::is_broken_head(text) {
            page.unread.push((line.number, text.to_owned()));
        } else if let Some((kind, list, next)) = list::read(lines, at) {
            if let Some(operation) = page.operations.last_mut() {
                match kind {
                    list::Kind::Roles => operation.roles = Some(list),
                    list::Kind::Pagination => operation.pagination = Some(list),
                }
            }
            at = next;
            continue;
        } else if text == "Example body" {
            status = None;
        } else {
            let named = sample::status(text);
            if let (Some(named), Some(operation)) = (&named, page.operations.last_mut()) {
                operation.statuses.push((line.number, named.clone()));
            }
            status = named.or(status);
            if let Some((value, next)) = samples.answer(at) {
                page.sample(line.number, status.clone(), value);
                at = next;
                continue;
            }
            if let Some(body) = samples.sent(at) {
                page.sample(line.number, None, sample::Body::whole(body));
            }
            if let Some(call) = calls.call(line.number, at) {
                page.calls.push(call);
            }
        }
        at += 1;
    }
    page
}

impl Page {
    /// A sample belongs to the operation or, in a guide, to the call before it.
    fn sample(&mut self, line: usize, status: Option<String>, body: sample::Body) {
        let sample = Sample {
            line,
            status,
            value: body.value,
            loose: body.loose,
        };
        if let Some(operation) = self.operations.last_mut() {
            operation.samples.push(sample);
        } else if let Some(call) = self.calls.last_mut() {
            call.samples.push(sample);
        } else {
            self.samples.push(sample);
        }
    }

    /// Takes a table in; gives the line after it.
    fn table(&mut self, lines: &[Line], texts: &[&str], at: usize, head: &table::Head) -> usize {
        let number = |line: usize| lines.get(line).map_or(line + 1, |line| line.number);
        if matches!(head.kind, Kind::Filters | Kind::Codes) {
            let (pairs, next) = table::pairs(texts, head);
            for (line, name, text) in pairs {
                let line = number(line);
                match (head.kind, self.operations.last_mut()) {
                    (Kind::Filters, Some(operation)) => operation.filters.push(Filter { line, name, text }),
                    (Kind::Codes, _) => self.codes.push((line, name.unwrap_or(text))),
                    _ => {}
                }
            }
            return next;
        }
        let mut table = table::rows(texts, head);
        for row in &mut table.rows {
            row.line = number(row.line);
        }
        let unread = table.unread.into_iter().map(|line| (number(line), texts[line].to_owned()));
        self.unread.extend(unread);
        if head.kind == Kind::Parameters {
            if let Some(operation) = self.operations.last_mut() {
                operation.parameters.extend(table.rows);
            }
        } else {
            self.objects.push(Object {
                line: number(at),
                heading: heading(&texts[..at]),
                rows: table.rows,
            });
        }
        table.next
    }
}

fn operation(line: usize, method: &str, path: &str, before: &[&str]) -> Operation {
    let heading = before.iter().rev().find(|line| !line.is_empty());
    Operation {
        line,
        heading: heading.map_or_else(String::new, |heading| (*heading).to_owned()),
        method: method.to_owned(),
        path: path.to_owned(),
        parameters: Vec::new(),
        filters: Vec::new(),
        roles: None,
        pagination: None,
        samples: Vec::new(),
        statuses: Vec::new(),
    }
}

/// `GET /api/v2/moods`
fn address(line: &str) -> Option<(&str, &str)> {
    let (method, path) = line.split_once(' ')?;
    let is_address = METHODS.contains(&method) && path.starts_with('/') && !path.contains(' ');
    is_address.then_some((method, path))
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
