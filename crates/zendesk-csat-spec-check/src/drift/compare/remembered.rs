//! What `documented.json` remembers of a page and the page has no more.
//!
//! Samples say what there is, and never that there is nothing else: only by what they said before can one tell that
//! something is gone.

use super::super::Fact;
use super::super::page::{Operation, Page};
use super::operation::called;
use super::{Difference, Report, shape};
use serde_json::Value;
use zendesk_csat_codegen::spec;

const GONE: &str = "documented.json has it of this page, and the page has it no more";

impl Report<'_> {
    pub(super) fn remembered(&mut self, documented: &Value, page: &Page, base: Option<&str>) {
        let Some(key) = self.page_key(documented, page, base) else {
            return;
        };
        let entries = |kind: &str| {
            let all = documented
                .get(kind)
                .and_then(Value::as_array)
                .into_iter()
                .flatten();
            all.filter(|entry| text(entry, "page") == key).collect::<Vec<_>>()
        };
        for entry in entries("operations") {
            self.remembered_operation(entry, page);
        }
        for entry in entries("schemas") {
            let schema = text(entry, "schema");
            let names = entry
                .get("properties")
                .and_then(Value::as_array)
                .into_iter()
                .flatten();
            for name in names.map(|property| text(property, "name")) {
                let is_seen = self
                    .seen
                    .properties
                    .get(schema)
                    .is_some_and(|seen| seen.contains(name));
                if !is_seen && !in_a_script(&page.text, name) {
                    self.add(Difference {
                        word: name,
                        ..Difference::beyond(format!("{schema}.{name}"), GONE)
                    });
                }
            }
        }
        for entry in entries("enums") {
            let schema = text(entry, "schema");
            let values = entry
                .get("values")
                .and_then(Value::as_array)
                .into_iter()
                .flatten();
            for value in values.filter_map(Value::as_str) {
                let is_seen = self
                    .seen
                    .values
                    .get(schema)
                    .is_some_and(|seen| seen.contains(value));
                if !is_seen && !has_word(&page.text, value) {
                    self.add(Difference {
                        fact: Fact::Value,
                        word: value,
                        ..Difference::beyond(format!("{schema} {value:?}"), GONE)
                    });
                }
            }
        }
    }

    fn remembered_operation(&mut self, entry: &Value, page: &Page) {
        let (method, path) = (text(entry, "method"), text(entry, "path"));
        let place = spec::operations(self.spec)
            .iter()
            .find(|known| known.method == method && shape(known.path) == shape(path))
            .map_or_else(
                || format!("{} {path}", method.to_uppercase()),
                spec::Operation::name,
            );
        if page.operations.is_empty() {
            let known = spec::operations(self.spec);
            let is_it = |operation: &spec::Operation<'_>| {
                operation.method == method && shape(operation.path) == shape(path)
            };
            let mut calls = page
                .calls
                .iter()
                .filter_map(|call| called(&known, &call.method, &call.path));
            if !calls.any(is_it) {
                self.gone(Fact::Operation, place, GONE);
            }
            return;
        }
        let same = |operation: &&Operation| {
            operation.method.eq_ignore_ascii_case(method) && shape(&operation.path) == shape(path)
        };
        let Some(operation) = page.operations.iter().find(same) else {
            return;
        };
        if entry.get("roles").is_some() && operation.roles.is_none() {
            self.gone(Fact::Roles, place.clone(), &format!("who may call: {GONE}"));
        }
        let statuses = entry
            .get("statuses")
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        for status in statuses.filter_map(Value::as_str) {
            let answers = || {
                operation
                    .samples
                    .iter()
                    .filter(|sample| sample.status.as_deref() == Some(status))
            };
            let is_named = operation.statuses.iter().any(|(_, known)| known == status);
            if !is_named && answers().next().is_none() {
                self.gone(Fact::Body, place.clone(), &format!("the status {status}: {GONE}"));
            }
            if status.starts_with('2') {
                self.member(
                    place.clone(),
                    text(entry, "answer"),
                    answers().map(|sample| &sample.value),
                );
            }
        }
        let sent = operation.samples.iter().filter(|sample| sample.status.is_none());
        self.member(place, text(entry, "body"), sent.map(|sample| &sample.value));
    }

    /// What holds the records of an answer, or of a body.
    fn member<'v>(&mut self, place: String, name: &str, mut bodies: impl Iterator<Item = &'v Value>) {
        if !name.is_empty() && !bodies.any(|body| body.get(name).is_some()) {
            self.gone(Fact::Body, place, &format!("a sample with {name}: {GONE}"));
        }
    }

    fn gone(&mut self, fact: Fact, place: String, message: &str) {
        self.add(Difference {
            fact,
            ..Difference::beyond(place, message)
        });
    }

    /// The page, as `documented.json` calls it: by its address, or a guide by what it calls.
    fn page_key<'d>(&self, documented: &'d Value, page: &Page, base: Option<&str>) -> Option<&'d str> {
        if let Some(base) = base {
            let mut pages = spec::object(documented.get("pages"));
            return pages
                .find(|(_, url)| url.as_str() == Some(base))
                .map(|(key, _)| key.as_str());
        }
        let operations = documented.get("operations").and_then(Value::as_array)?;
        let known = spec::operations(self.spec);
        let called: Vec<_> = page
            .calls
            .iter()
            .filter_map(|call| called(&known, &call.method, &call.path))
            .map(|operation| (operation.method, shape(operation.path)))
            .collect();
        let is_called = |entry: &&Value| {
            called
                .iter()
                .any(|(method, path)| *method == text(entry, "method") && *path == shape(text(entry, "path")))
        };
        let pages = spec::object(documented.get("pages"))
            .filter(|(_, url)| url.as_str().is_some_and(|url| url.starts_with("http")));
        let counted = pages.map(|(key, _)| {
            let of_page = operations
                .iter()
                .filter(|entry| text(entry, "page") == key.as_str());
            (of_page.clone().filter(is_called).count(), of_page.count(), key)
        });
        counted
            .filter(|(common, all, _)| *common > 0 && 2 * common > *all)
            .max_by_key(|(common, ..)| *common)
            .map(|(.., key)| key.as_str())
    }
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// Whether a script takes a member by this name: `ticket["subject"]`.
fn in_a_script(text: &str, name: &str) -> bool {
    [format!("[\"{name}\"]"), format!("['{name}']")]
        .iter()
        .any(|taken| text.contains(taken))
}

fn has_word(text: &str, word: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        !word.is_empty() && !before.is_some_and(is_part) && !after.is_some_and(is_part)
    })
}
