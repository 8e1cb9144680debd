//! A guide: it has no tables, but calls operations and shows parts of what they answer.

use super::super::Fact;
use super::super::page::{Call, Page, Sample};
use super::operation::{called, parameters};
use super::{Difference, PAGING, Report, sample};
use serde_json::Value;
use std::collections::BTreeSet;
use zendesk_csat_codegen::spec::{self, object, resolve};

impl<'a> Report<'a> {
    pub(super) fn guide(&mut self, page: &Page, known: &[spec::Operation<'a>]) {
        for call in &page.calls {
            match called(known, &call.method, &call.path) {
                Some(operation) => self.call(call, operation),
                None => {
                    let place = format!("{} {}", call.method, call.path);
                    self.add(Difference {
                        word: &call.path,
                        ..Difference::lacks(
                            Fact::Operation,
                            place,
                            call.line,
                            "the operation that the guide calls",
                        )
                    });
                }
            }
        }
    }

    fn call(&mut self, call: &Call, operation: &spec::Operation<'a>) {
        let parameters = parameters(self.spec, operation);
        for name in &call.query {
            if !parameters.contains_key(name.as_str()) && !PAGING.contains(&name.as_str()) {
                self.add(Difference {
                    word: name,
                    explained_at: &[operation.value],
                    ..Difference::lacks(
                        Fact::Parameter,
                        format!("{} {name}", operation.name()),
                        call.line,
                        "the parameter",
                    )
                });
            }
        }
        let responses = operation.responses(self.spec);
        let success = responses.iter().find(|(status, _)| status.starts_with('2'));
        let schema = success.and_then(|(_, body)| body.pointer("/content/application~1json/schema"));
        if let Some(schema) = schema {
            for sample in &call.samples {
                self.parts(sample, schema);
            }
        }
    }

    /// Each part of a sample against the schema that has most of its members.
    fn parts(&mut self, sample: &Sample, schema: &'a Value) {
        let mut reached = BTreeSet::new();
        self.reach(schema, &mut reached);
        for part in sample.loose.iter().chain([&sample.value]) {
            let Some(members) = part.as_object().filter(|members| !members.is_empty()) else {
                continue;
            };
            let spec = self.spec;
            let best = spec::schemas(spec)
                .filter(|(name, schema)| {
                    reached.contains(name.as_str()) && schema.get("properties").is_some()
                })
                .min_by_key(|(_, schema)| {
                    let has = |name: &&String| {
                        schema
                            .get("properties")
                            .and_then(|own| own.get(name.as_str()))
                            .is_some()
                    };
                    let foreign = members.keys().filter(|name| !has(name)).count();
                    (foreign, sample::misfits(spec, schema, part))
                });
            if let Some((name, schema)) = best {
                self.sample(name, schema, sample.line, part);
            }
        }
    }

    /// The names of the schemas that an answer holds.
    fn reach(&self, schema: &'a Value, names: &mut BTreeSet<&'a str>) {
        if let Some(name) = spec::referenced_schema(schema)
            && !names.insert(name)
        {
            return;
        }
        let own = resolve(self.spec, schema);
        let alternatives = own.get("oneOf").and_then(Value::as_array).into_iter().flatten();
        let properties = object(own.get("properties")).map(|(_, property)| property);
        for inner in alternatives.chain(properties).chain(own.get("items")) {
            self.reach(inner, names);
        }
    }
}
