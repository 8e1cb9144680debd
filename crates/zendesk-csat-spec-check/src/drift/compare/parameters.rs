//! Parameters and filters of the page against those of the operation.

use super::super::Fact;
use super::super::page::{Column, Filter, Operation, Row};
use super::super::paste::Paste;
use super::operation::Parameters;
use super::{Difference, PAGING, Report, operation_pointer};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use zendesk_csat_codegen::spec::{self, resolve};

impl<'a> Report<'a> {
    pub(super) fn parameters(
        &mut self,
        documented: &Operation,
        operation: &spec::Operation<'a>,
        parameters: &Parameters<'a>,
    ) {
        let mut told: BTreeSet<&str> = BTreeSet::new();
        for row in &documented.parameters {
            let place = format!("{} {}", operation.name(), row.name);
            let inner: Vec<_> = parameters
                .keys()
                .filter(|known| in_group(known, &row.name))
                .copied()
                .collect();
            if !inner.is_empty() && row.cell(Column::Type) == Some("object") {
                self.group(row, operation, parameters, &inner, &mut told);
                continue;
            }
            match parameters.get_key_value(row.name.as_str()) {
                Some((name, parameter)) => {
                    told.insert(name);
                    self.parameter(row, &place, parameter);
                }
                None => self.new_parameter(row, &row.name, operation, row.cell(Column::Type)),
            }
        }
        for filter in &documented.filters {
            self.filter(filter, operation, parameters, &mut told);
        }
        for (parameter, value) in parameters {
            if !told.contains(parameter) && !PAGING.contains(parameter) {
                self.add(Difference {
                    fact: Fact::Parameter,
                    word: parameter,
                    explained_at: &[value],
                    ..Difference::beyond(
                        format!("{} {parameter}", operation.name()),
                        "the page has no such parameter",
                    )
                });
            }
        }
    }

    /// A row that stands for several parameters, `filter` for `filter[…]`, which its description names.
    fn group(
        &mut self,
        row: &Row,
        operation: &spec::Operation<'a>,
        parameters: &Parameters<'a>,
        inner: &[&'a str],
        told: &mut BTreeSet<&'a str>,
    ) {
        let description = row.cell(Column::Description).unwrap_or_default();
        let named: Vec<_> = bracketed(description).collect();
        for name in inner {
            let is_named = |named: &&(String, &str)| {
                in_group(name, &row.name) && name.ends_with(&format!("[{}]", named.0))
            };
            if named.iter().any(|named| is_named(&named)) {
                told.insert(name);
            }
            if let Some(parameter) = parameters.get(name) {
                self.place_and_duty(row, &format!("{} {name}", operation.name()), parameter);
            }
        }
        for (name, text) in &named {
            let full = format!("{}[{name}]", row.name);
            match parameters.get(full.as_str()) {
                Some(parameter) => {
                    let schema = parameter.get("schema").unwrap_or(&Value::Null);
                    self.values(
                        &format!("{} {full}", operation.name()),
                        row.line,
                        schema,
                        text,
                        &[],
                    );
                }
                None => self.new_parameter(row, &full, operation, None),
            }
        }
    }

    fn new_parameter(&mut self, row: &Row, name: &str, operation: &spec::Operation<'a>, kind: Option<&str>) {
        let place = format!("{} {name}", operation.name());
        let required = row.says(Column::Required) == Some(true);
        let location = row.cell(Column::In).unwrap_or("Query").to_lowercase();
        let parameter = json!({"name": name, "in": location, "required": required, "description": "TODO",
            "schema": {"type": kind.unwrap_or("string")}});
        self.add(Difference {
            word: name,
            explained_at: &[operation.value],
            paste: Some(paste(operation, parameter)),
            ..Difference::lacks(Fact::Parameter, place, row.line, "the parameter")
        });
    }

    fn parameter(&mut self, row: &Row, place: &str, parameter: &'a Value) {
        self.place_and_duty(row, place, parameter);
        let schema = parameter.get("schema").unwrap_or(&Value::Null);
        self.type_of(row, place, schema, &[parameter], None);
        self.values(
            place,
            row.line,
            schema,
            row.cell(Column::Description).unwrap_or_default(),
            &[],
        );
    }

    fn place_and_duty(&mut self, row: &Row, place: &str, parameter: &Value) {
        let location = parameter.get("in").and_then(Value::as_str).unwrap_or_default();
        if let Some(says) = row.cell(Column::In).map(str::to_lowercase)
            && says != location
        {
            self.add(Difference {
                word: &says,
                explained_at: &[parameter],
                ..Difference::differs(
                    Fact::Mark,
                    place.into(),
                    row.line,
                    &format!("in {says}, not in {location}"),
                )
            });
        }
        let required = parameter.get("required") == Some(&Value::Bool(true));
        if let Some(says) = row.says(Column::Required).filter(|says| *says != required) {
            self.add(Difference {
                word: if says { "required" } else { "not required" },
                explained_at: &[parameter],
                ..Difference::differs(
                    Fact::Mark,
                    place.into(),
                    row.line,
                    &format!("required is {says}, not {required}"),
                )
            });
        }
    }

    fn filter(
        &mut self,
        filter: &Filter,
        operation: &spec::Operation<'a>,
        parameters: &Parameters<'a>,
        told: &mut BTreeSet<&'a str>,
    ) {
        let (name, text) = match &filter.name {
            Some(name) => (name.as_str(), filter.text.as_str()),
            None => split(&filter.text, parameters),
        };
        let place = format!("{} {name}", operation.name());
        let Some((name, parameter)) = parameters.get_key_value(name) else {
            let parameter =
                json!({"name": name, "in": "query", "description": "TODO", "schema": {"type": "string"}});
            self.add(Difference {
                word: name,
                explained_at: &[operation.value],
                paste: Some(paste(operation, parameter)),
                ..Difference::lacks(Fact::Parameter, place, filter.line, "the parameter")
            });
            return;
        };
        told.insert(name);
        let schema = parameter.get("schema").unwrap_or(&Value::Null);
        let text = if resolve(self.spec, schema).get("enum").is_some() {
            // Nothing but values stands here, so each is one.
            format!("Possible values: {text}")
        } else {
            text.to_owned()
        };
        self.values(&place, filter.line, schema, &text, &[]);
    }
}

/// One more parameter, or the first.
fn paste(operation: &spec::Operation<'_>, parameter: Value) -> Paste {
    let at = operation_pointer(operation);
    if operation.value.get("parameters").is_some() {
        Paste::append(&format!("{at}/parameters"), parameter)
    } else {
        Paste::member(&at, "parameters", json!([parameter]))
    }
}

/// Name and description of a filter whose cells stand without anything between: the name ends where a capital begins
/// the description, or where the values begin.
fn split<'t>(text: &'t str, parameters: &Parameters<'_>) -> (&'t str, &'t str) {
    let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '[' | ']');
    let end = text.find(|c| !is_name(c)).unwrap_or(text.len());
    if text[end..].starts_with(|c: char| c.is_ascii_uppercase()) && end > 0 {
        return text.split_at(end);
    }
    let known = parameters.keys().filter(|known| text.starts_with(**known));
    match known.max_by_key(|known| known.len()) {
        Some(known) => text.split_at(known.len()),
        None => (text, ""),
    }
}

/// Whether a parameter is `group[…]`.
fn in_group(parameter: &str, group: &str) -> bool {
    parameter
        .strip_prefix(group)
        .is_some_and(|rest| rest.starts_with('['))
}

/// The names in brackets of a description, each with what is said of it: `[responder_ids] - A comma-separated list`.
fn bracketed(description: &str) -> impl Iterator<Item = (String, &str)> {
    description
        .split('[')
        .skip(1)
        .filter_map(|part| part.split_once(']'))
        .map(|(name, text)| (name.to_owned(), text))
}
