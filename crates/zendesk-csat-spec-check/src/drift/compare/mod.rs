//! Page against spec.

mod departure;
mod guide;
mod operation;
mod parameters;
mod properties;
mod remembered;
mod roles;
mod sample;
mod values;

use super::page::Page;
use super::paste::Paste;
use super::{Drift, Fact, Finding, Kind};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use zendesk_csat_codegen::spec::{self, resolve};

/// Parameters by which a listing is paged: the pages name them under Pagination and not in their tables.
const PAGING: [&str; 5] = ["page", "per_page", "page[size]", "page[after]", "page[before]"];

pub(super) fn compare(spec: &Value, documented: &Value, page: &Page) -> Drift {
    let mut report = Report {
        spec,
        drift: Drift::default(),
        seen: Seen::default(),
    };
    let known = spec::operations(spec);
    let found: Vec<_> = page
        .operations
        .iter()
        .map(|documented| {
            let same = |operation: &&spec::Operation<'_>| {
                operation.method.eq_ignore_ascii_case(&documented.method)
                    && shape(operation.path) == shape(&documented.path)
            };
            known.iter().find(same)
        })
        .collect();
    let base = base_of(found.iter().flatten().map(|operation| operation.value));
    for (documented, operation) in page.operations.iter().zip(&found) {
        match operation {
            Some(operation) => report.operation(documented, operation),
            None => report.new_operation(documented),
        }
    }
    let is_found = |name: &str| found.iter().flatten().any(|found| found.name() == name);
    for operation in &known {
        let name = operation.name();
        if base.is_some() && page_of(operation.value) == base && !is_found(&name) {
            report.add(Difference {
                fact: Fact::Operation,
                word: operation.path,
                explained_at: &[operation.value],
                paste: Paste::departure(&operation_pointer(operation), "Not on the page"),
                ..Difference::beyond(name, "the page has no such operation")
            });
        }
    }
    report.tables(page, base);
    if page.operations.is_empty() {
        report.guide(page, &known);
    }
    report.codes(page, base);
    for (line, text) in &page.unread {
        report.add(Difference {
            kind: Kind::Unplaced,
            fact: Fact::Table,
            line: Some(*line),
            ..Difference::beyond(
                "a row of a table".into(),
                &format!("it cannot be read: {}", shortened(text)),
            )
        });
    }
    report.remembered(documented, page, base);
    report.drift.compared = page.operations.len() + page.objects.len() + page.calls_of_a_guide();
    report.drift
}

impl Page {
    fn calls_of_a_guide(&self) -> usize {
        if self.operations.is_empty() {
            self.calls.len()
        } else {
            0
        }
    }
}

/// What of the spec the page has shown, by schema.
#[derive(Default)]
struct Seen {
    properties: BTreeMap<String, BTreeSet<String>>,
    values: BTreeMap<String, BTreeSet<String>>,
}

impl Seen {
    fn property(&mut self, schema: &str, name: &str) {
        self.properties
            .entry(schema.to_owned())
            .or_default()
            .insert(name.to_owned());
    }

    fn value(&mut self, schema: &str, value: &str) {
        self.values
            .entry(schema.to_owned())
            .or_default()
            .insert(value.to_owned());
    }
}

struct Report<'a> {
    spec: &'a Value,
    drift: Drift,
    seen: Seen,
}

/// A difference, before it is asked whether the spec explains it.
struct Difference<'d> {
    kind: Kind,
    fact: Fact,
    place: String,
    line: Option<usize>,
    message: String,
    /// What the page says, or what it says no more: a departure that explains this names it.
    word: &'d str,
    explained_at: &'d [&'d Value],
    paste: Option<Paste>,
}

impl<'d> Difference<'d> {
    fn lacks(fact: Fact, place: String, line: usize, message: &str) -> Self {
        Self {
            kind: Kind::Lacks,
            fact,
            line: Some(line),
            ..Self::beyond(place, message)
        }
    }

    fn differs(fact: Fact, place: String, line: usize, message: &str) -> Self {
        Self {
            kind: Kind::Differs,
            fact,
            line: Some(line),
            ..Self::beyond(place, message)
        }
    }

    fn beyond(place: String, message: &str) -> Self {
        Self {
            kind: Kind::Beyond,
            fact: Fact::Property,
            place,
            line: None,
            message: message.to_owned(),
            word: "",
            explained_at: &[],
            paste: None,
        }
    }
}

impl Report<'_> {
    /// Notes a difference, unless one of the places where it could be explained explains it.
    fn add(&mut self, difference: Difference<'_>) {
        let texts = difference
            .explained_at
            .iter()
            .filter_map(|value| value.get("x-departure")?.as_str());
        if texts
            .clone()
            .any(|text| departure::explains(text, difference.kind, difference.fact, difference.word))
        {
            self.drift.explained += 1;
            return;
        }
        let finding = Finding {
            kind: difference.kind,
            fact: difference.fact,
            place: difference.place,
            line: difference.line,
            message: difference.message,
            paste: difference.paste,
        };
        let is_known = |known: &Finding| {
            (known.kind, &known.place, &known.message) == (finding.kind, &finding.place, &finding.message)
                || (known.kind == Kind::Beyond
                    && finding.kind == Kind::Beyond
                    && known.place == finding.place
                    && known.fact == finding.fact
                    && finding.fact == Fact::Property)
        };
        if !self.drift.findings.iter().any(is_known) {
            self.drift.findings.push(finding);
        }
    }
}

/// The JSON types that a schema allows; none where it allows any.
fn types<'a>(spec: &'a Value, schema: &'a Value) -> BTreeSet<&'a str> {
    let schema = resolve(spec, schema);
    let alternatives = schema.get("oneOf").and_then(Value::as_array);
    let of_alternatives = alternatives
        .into_iter()
        .flatten()
        .flat_map(|one| types(spec, one));
    schema
        .get("type")
        .and_then(Value::as_str)
        .into_iter()
        .chain(of_alternatives)
        .collect()
}

fn documentation(value: &Value) -> Option<&str> {
    value.pointer("/externalDocs/url")?.as_str()
}

/// The page that something comes from, without the place on it.
fn page_of(value: &Value) -> Option<&str> {
    documentation(value)?.split('#').next()
}

/// The page that most of these operations come from.
fn base_of<'v>(operations: impl Iterator<Item = &'v Value>) -> Option<&'v str> {
    let mut pages = BTreeMap::new();
    for page in operations.filter_map(page_of) {
        *pages.entry(page).or_insert(0) += 1;
    }
    pages
        .into_iter()
        .max_by_key(|(_, count)| *count)
        .map(|(page, _)| page)
}

/// A path without the names of its parameters.
fn shape(path: &str) -> String {
    let path = path.strip_suffix(".json").unwrap_or(path).trim_end_matches('/');
    let segments = path
        .split('/')
        .map(|segment| if segment.starts_with('{') { "{}" } else { segment });
    segments
        .collect::<Vec<_>>()
        .join("/")
        .replacen("/api/v2/api/v2/", "/api/v2/", 1)
}

/// Where an operation stands in the spec, as a JSON pointer.
fn operation_pointer(operation: &spec::Operation<'_>) -> String {
    let path = operation.path.replace('~', "~0").replace('/', "~1");
    format!("/paths/{path}/{}", operation.method)
}

fn schema_pointer(name: &str) -> String {
    format!("/components/schemas/{name}")
}

/// Enough of a line to find it again.
fn shortened(text: &str) -> String {
    const LONGEST: usize = 60;
    let start: String = text.chars().take(LONGEST).collect();
    if start.len() < text.len() {
        format!("{start}…")
    } else {
        start
    }
}
