//! An operation of the page against that of the spec: parameters, filters and bodies.

use super::super::page::{Column, Filter, Operation, Row, Sample};
use super::super::paste::Paste;
use super::super::{Fact, Kind};
use super::{Difference, PAGING, Report, operation_pointer, shape, types};
use crate::spec::{self, resolve};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

type Parameters<'a> = BTreeMap<&'a str, &'a Value>;

impl<'a> Report<'a> {
    pub(super) fn new_operation(&mut self, documented: &Operation) {
        let place = format!("{} {}", documented.method, documented.path);
        self.add(Difference {
            word: &documented.path,
            paste: Some(Paste::operation(documented)),
            ..Difference::lacks(Fact::Operation, place, documented.line, "the operation")
        });
    }

    pub(super) fn operation(&mut self, documented: &Operation, operation: &spec::Operation<'a>) {
        let parameters = parameters(self.spec, operation);
        self.address(documented, operation, &parameters);
        let mut told: BTreeSet<&str> = BTreeSet::new();
        for row in &documented.parameters {
            let place = format!("{} {}", operation.name(), row.name);
            let inner: Vec<_> = parameters.keys().filter(|known| in_group(known, &row.name)).copied().collect();
            if !inner.is_empty() && row.cell(Column::Type) == Some("object") {
                self.group(row, operation, &parameters, &inner, &mut told);
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
            self.filter(filter, operation, &parameters, &mut told);
        }
        for (parameter, value) in &parameters {
            if !told.contains(parameter) && !PAGING.contains(parameter) {
                self.add(Difference {
                    fact: Fact::Parameter,
                    word: parameter,
                    explained_at: &[value],
                    ..Difference::beyond(format!("{} {parameter}", operation.name()), "the page has no such parameter")
                });
            }
        }
        self.roles(documented, operation);
        self.pagination(documented, operation);
        for sample in &documented.samples {
            self.body(sample, operation);
        }
        for (line, status) in &documented.statuses {
            self.status(*line, status, operation);
        }
    }

    /// The names in the address are those of the path's parameters.
    fn address(&mut self, documented: &Operation, operation: &spec::Operation<'a>, parameters: &Parameters<'a>) {
        for segment in documented.path.split('/') {
            let name = segment.trim_end_matches(".json");
            let Some(name) = name.strip_prefix('{').and_then(|name| name.strip_suffix('}')) else {
                continue;
            };
            if !parameters.contains_key(name) {
                let message = format!("the page's address names {name:?}, the spec does not");
                self.add(Difference {
                    word: name,
                    explained_at: &[operation.value],
                    ..Difference::differs(Fact::Operation, operation.name(), documented.line, &message)
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
            // A description without any names stands for all of them.
            let is_named = |named: &&(String, &str)| in_group(name, &row.name) && name.ends_with(&format!("[{}]", named.0));
            if named.is_empty() || named.iter().any(|named| is_named(&named)) {
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
                    self.values(&format!("{} {full}", operation.name()), row.line, schema, text, &[]);
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
            paste: Some(Paste::append(&format!("{}/parameters", operation_pointer(operation)), parameter)),
            ..Difference::lacks(Fact::Parameter, place, row.line, "the parameter")
        });
    }

    fn parameter(&mut self, row: &Row, place: &str, parameter: &'a Value) {
        self.place_and_duty(row, place, parameter);
        let schema = parameter.get("schema").unwrap_or(&Value::Null);
        self.type_of(row, place, schema, &[parameter], None);
        self.values(place, row.line, schema, row.cell(Column::Description).unwrap_or_default(), &[]);
    }

    fn place_and_duty(&mut self, row: &Row, place: &str, parameter: &Value) {
        let location = parameter.get("in").and_then(Value::as_str).unwrap_or_default();
        if let Some(says) = row.cell(Column::In).map(str::to_lowercase)
            && says != location
        {
            self.add(Difference {
                word: &says,
                explained_at: &[parameter],
                ..Difference::differs(Fact::Mark, place.into(), row.line, &format!("in {says}, not in {location}"))
            });
        }
        let required = parameter.get("required") == Some(&Value::Bool(true));
        if let Some(says) = row.says(Column::Required).filter(|says| *says != required) {
            self.add(Difference {
                word: if says { "required" } else { "not required" },
                explained_at: &[parameter],
                ..Difference::differs(Fact::Mark, place.into(), row.line, &format!("required is {says}, not {required}"))
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
            let message = if text.is_empty() { "the parameter".to_owned() } else { "the parameter, a filter".to_owned() };
            let parameter = json!({"name": name, "in": "query", "description": "TODO", "schema": {"type": "string"}});
            self.add(Difference {
                word: name,
                explained_at: &[operation.value],
                paste: Some(Paste::append(&format!("{}/parameters", operation_pointer(operation)), parameter)),
                ..Difference::lacks(Fact::Parameter, place, filter.line, &message)
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

    /// A sample against the schema of its status, or of what is sent.
    fn body(&mut self, sample: &Sample, operation: &spec::Operation<'a>) {
        let name = operation.name();
        let body = match &sample.status {
            Some(status) => self.answer(status, operation),
            None => operation.value.get("requestBody"),
        };
        let schema = body.and_then(|body| body.pointer("/content/application~1json/schema"));
        if let Some(schema) = schema {
            let schema_name = spec::referenced_schema(schema).unwrap_or(&name);
            self.sample(schema_name, resolve(self.spec, schema), sample.line, &sample.value);
        } else if sample.status.is_none() {
            let message = "a body to send";
            self.add(Difference {
                word: "body",
                explained_at: &[operation.value],
                ..Difference::lacks(Fact::Body, name, sample.line, message)
            });
        }
    }

    fn answer(&self, status: &str, operation: &spec::Operation<'a>) -> Option<&'a Value> {
        let responses = operation.responses(self.spec);
        let find = |wanted: &str| responses.iter().find(|(known, _)| *known == wanted).map(|(_, body)| *body);
        find(status).or_else(|| find(&format!("{}XX", status.get(..1)?)))
    }

    fn status(&mut self, line: usize, status: &str, operation: &spec::Operation<'a>) {
        let responses = operation.responses(self.spec);
        if responses.iter().any(|(known, _)| *known == status) {
            return;
        }
        let response = json!({"$ref": "#/components/responses/ClientError"});
        let at = format!("{}/responses", operation_pointer(operation));
        self.add(Difference {
            word: status,
            explained_at: &[operation.value],
            paste: Some(Paste::member(&at, status, response)),
            ..Difference::lacks(Fact::Body, operation.name(), line, &format!("the status {status}"))
        });
    }

    /// The type that a row gives. `at` is where the schema stands, as a pointer and a name.
    pub(super) fn type_of(
        &mut self,
        row: &Row,
        place: &str,
        schema: &'a Value,
        explained_at: &[&Value],
        at: Option<(&str, &str)>,
    ) {
        let Some(says) = row.cell(Column::Type) else {
            return;
        };
        let json_type = match says {
            "date" | "datetime" | "timestamp" => "string",
            "float" => "number",
            other => other,
        };
        let known = types(self.spec, schema);
        if known.is_empty() {
            return;
        }
        let departures = [schema, resolve(self.spec, schema)];
        let told = departures.iter().find_map(|value| super::departure::type_of_the_page(value.get("x-departure")?.as_str()?));
        let message = match told {
            // The spec allows more than the page, and says what the page allowed.
            Some(told) if told != json_type && known.contains(json_type) && known.len() > 1 => {
                format!("{says}, where x-departure speaks of the page's {told}")
            }
            _ if !known.contains(json_type) => {
                let known: Vec<_> = known.into_iter().collect();
                format!("{says}, not {}", known.join(" or "))
            }
            _ => return,
        };
        let paste = at.map(|(pointer, name)| {
            Paste::member(pointer, name, json!({"type": json_type, "nullable": true, "description": "TODO"}))
        });
        self.add(Difference {
            word: json_type,
            explained_at,
            paste,
            ..Difference::differs(Fact::Type, place.into(), row.line, &message)
        });
    }
}

/// The operation's parameters, by the names that the page has for them.
pub(super) fn parameters<'a>(spec: &'a Value, operation: &spec::Operation<'a>) -> Parameters<'a> {
    let named = operation.parameters(spec).into_iter().filter_map(|parameter| {
        let name = parameter.get("x-documented-name").or_else(|| parameter.get("name"));
        Some((name?.as_str()?, parameter))
    });
    named.collect()
}

/// Which of the spec's operations a call of a guide is: that with most of its segments in words.
pub(super) fn called<'o, 'a>(
    known: &'o [spec::Operation<'a>],
    method: &str,
    path: &str,
) -> Option<&'o spec::Operation<'a>> {
    let asked = shape(path);
    let asked: Vec<_> = asked.split('/').collect();
    let fits = |operation: &&spec::Operation<'_>| {
        let own = shape(operation.path);
        let own: Vec<_> = own.split('/').collect();
        operation.method.eq_ignore_ascii_case(method)
            && own.len() == asked.len()
            && own.iter().zip(&asked).all(|(own, asked)| *own == "{}" || own == asked)
    };
    let words = |operation: &&spec::Operation<'_>| shape(operation.path).split('/').filter(|part| *part != "{}").count();
    known.iter().filter(fits).max_by_key(words)
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

impl<'d> Difference<'d> {
    pub(super) fn of(kind: Kind, fact: Fact, place: String, line: Option<usize>, message: &str) -> Self {
        Self {
            kind,
            fact,
            line,
            ..Self::beyond(place, message)
        }
    }
}
