//! An operation of the page against that of the spec: parameters, filters and bodies.

use super::super::page::{Column, Operation, Row, Sample};
use super::super::paste::Paste;
use super::super::{Fact, Kind};
use super::{Difference, Report, operation_pointer, shape, types};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use zendesk_csat_codegen::spec::{self, resolve};

pub(super) type Parameters<'a> = BTreeMap<&'a str, &'a Value>;

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
        self.parameters(documented, operation, &parameters);
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
    fn address(
        &mut self,
        documented: &Operation,
        operation: &spec::Operation<'a>,
        parameters: &Parameters<'a>,
    ) {
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
            self.sample(
                schema_name,
                resolve(self.spec, schema),
                sample.line,
                &sample.value,
            );
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
        let find = |wanted: &str| {
            responses
                .iter()
                .find(|(known, _)| *known == wanted)
                .map(|(_, body)| *body)
        };
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
            ..Difference::lacks(
                Fact::Body,
                operation.name(),
                line,
                &format!("the status {status}"),
            )
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
        let told = departures
            .iter()
            .find_map(|value| super::departure::type_of_the_page(value.get("x-departure")?.as_str()?));
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
            if let Some(mut own) = schema
                .as_object()
                .filter(|own| !own.contains_key("$ref"))
                .cloned()
            {
                own.remove("format");
                own.insert("type".into(), json!(json_type));
                return Paste::member(pointer, name, Value::Object(own));
            }
            Paste::member(
                pointer,
                name,
                json!({"type": json_type, "nullable": true, "description": "TODO"}),
            )
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
        let name = parameter
            .get("x-documented-name")
            .or_else(|| parameter.get("name"));
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
            && own
                .iter()
                .zip(&asked)
                .all(|(own, asked)| *own == "{}" || own == asked)
    };
    let words = |operation: &&spec::Operation<'_>| {
        shape(operation.path)
            .split('/')
            .filter(|part| *part != "{}")
            .count()
    };
    known.iter().filter(fits).max_by_key(words)
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
