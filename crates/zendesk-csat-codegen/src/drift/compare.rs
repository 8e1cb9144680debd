//! Page against spec: operations, parameters, properties.

use super::page::{Column, Object, Operation, Page, Row};
use super::{Drift, Finding, Kind, sample};
use crate::spec::{self, object, resolve};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Parameters by which a listing is paged: the pages name them under Pagination and not in their tables.
const PAGING: [&str; 5] = ["page", "per_page", "page[size]", "page[after]", "page[before]"];

pub(super) fn compare(spec: &Value, page: &Page) -> Drift {
    let mut report = Report {
        spec,
        drift: Drift {
            compared: page.operations.len() + page.objects.len(),
            ..Drift::default()
        },
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
            None => {
                let place = format!("{} {}", documented.method, documented.path);
                report.add(Kind::Lacks, place, Some(documented.line), "the operation", &[]);
            }
        }
    }
    if let Some(base) = base {
        for operation in &known {
            let is_found = found
                .iter()
                .flatten()
                .any(|found| found.name() == operation.name());
            if !is_found && page_of(operation.value) == Some(base) {
                let place = operation.name();
                report.add(
                    Kind::Beyond,
                    place,
                    None,
                    "the page has no such operation",
                    &[operation.value],
                );
            }
        }
    }
    let main = page
        .objects
        .first()
        .and_then(|object| report.schema_of(object, base, true));
    for (index, object) in page.objects.iter().enumerate() {
        match report.schema_of(object, base, index == 0) {
            Some((name, schema)) => report.properties(object, name, schema),
            None => {
                let place = object.heading.clone().unwrap_or_else(|| "a table".into());
                let names: Vec<_> = object.rows.iter().map(|row| row.name.as_str()).collect();
                let message = format!("no schema of the spec is this table of {}", names.join(", "));
                report.add(Kind::Unplaced, place, Some(object.line), &message, &[]);
            }
        }
    }
    if let Some((name, schema)) = main {
        for sample in &page.samples {
            report.sample(name, schema, sample.line, &sample.value);
        }
    }
    report.drift
}

struct Report<'a> {
    spec: &'a Value,
    drift: Drift,
}

impl<'a> Report<'a> {
    /// Notes a difference, unless one of the places where it could be explained explains it.
    fn add(
        &mut self,
        kind: Kind,
        place: String,
        line: Option<usize>,
        message: &str,
        explained_at: &[&Value],
    ) {
        let departure = |value: &&Value| value.get("x-departure").is_some();
        if explained_at.iter().any(departure) {
            self.drift.explained += 1;
            return;
        }
        let message = message.to_owned();
        let finding = Finding {
            kind,
            place,
            line,
            message,
        };
        if !self.drift.findings.contains(&finding) {
            self.drift.findings.push(finding);
        }
    }

    fn operation(&mut self, documented: &Operation, operation: &spec::Operation<'a>) {
        let name = operation.name();
        let parameters: BTreeMap<_, _> = operation
            .parameters(self.spec)
            .into_iter()
            .filter_map(|parameter| {
                let name = parameter
                    .get("x-documented-name")
                    .or_else(|| parameter.get("name"));
                Some((name?.as_str()?, parameter))
            })
            .collect();
        let mut told: BTreeSet<&str> = BTreeSet::new();
        for row in &documented.parameters {
            let inner: Vec<_> = parameters
                .keys()
                .filter(|known| in_group(known, &row.name))
                .copied()
                .collect();
            if !inner.is_empty() && row.cell(Column::Type) == Some("object") {
                told.extend(inner);
                for documented in bracketed(row.cell(Column::Description).unwrap_or_default()) {
                    let full = format!("{}[{documented}]", row.name);
                    if !parameters.contains_key(full.as_str()) {
                        let place = format!("{name} {full}");
                        self.add(
                            Kind::Lacks,
                            place,
                            Some(row.line),
                            "the parameter",
                            &[operation.value],
                        );
                    }
                }
                continue;
            }
            let place = format!("{name} {}", row.name);
            match parameters.get(row.name.as_str()) {
                Some(parameter) => {
                    told.insert(row.name.as_str());
                    self.parameter(row, &place, parameter);
                }
                None => self.add(
                    Kind::Lacks,
                    place,
                    Some(row.line),
                    "the parameter",
                    &[operation.value],
                ),
            }
        }
        self.filters(documented, &name, &parameters, &mut told);
        for (parameter, value) in &parameters {
            if !told.contains(parameter) && !PAGING.contains(parameter) {
                let place = format!("{name} {parameter}");
                let explained_at = [*value, operation.value];
                self.add(
                    Kind::Beyond,
                    place,
                    None,
                    "the page has no such parameter",
                    &explained_at,
                );
            }
        }
        for sample in &documented.samples {
            let body = match &sample.status {
                Some(status) => {
                    let responses = operation.responses(self.spec);
                    let exact = responses.iter().find(|(known, _)| known == status);
                    let any = format!("{}XX", &status[..1]);
                    exact
                        .or_else(|| responses.iter().find(|(known, _)| *known == any))
                        .map(|(_, body)| *body)
                }
                None => operation.value.get("requestBody"),
            };
            let schema = body.and_then(|body| body.pointer("/content/application~1json/schema"));
            match schema {
                Some(schema) => {
                    let schema_name = spec::referenced_schema(schema).unwrap_or(&name);
                    self.sample(
                        schema_name,
                        resolve(self.spec, schema),
                        sample.line,
                        &sample.value,
                    );
                }
                None => {
                    let status = sample.status.as_deref().unwrap_or("the request's");
                    let message = format!("a body, {status}");
                    self.add(
                        Kind::Lacks,
                        name.clone(),
                        Some(sample.line),
                        &message,
                        &[operation.value],
                    );
                }
            }
        }
    }

    fn parameter(&mut self, row: &Row, place: &str, parameter: &Value) {
        let line = Some(row.line);
        let text = |key| parameter.get(key).and_then(Value::as_str).unwrap_or_default();
        if let Some(says) = row.cell(Column::In).map(str::to_lowercase)
            && says != text("in")
        {
            let message = format!("in {says}, not in {}", text("in"));
            self.add(Kind::Differs, place.into(), line, &message, &[parameter]);
        }
        let required = parameter.get("required") == Some(&Value::Bool(true));
        if let Some(says) = row.says(Column::Required).filter(|says| *says != required) {
            let message = format!("required is {says}, not {required}");
            self.add(Kind::Differs, place.into(), line, &message, &[parameter]);
        }
        self.type_of(
            row,
            place,
            parameter.get("schema").unwrap_or(&Value::Null),
            &[parameter],
        );
    }

    /// Names and values that stand in one cell.
    fn filters<'p>(
        &mut self,
        documented: &'p Operation,
        name: &str,
        parameters: &BTreeMap<&'p str, &Value>,
        told: &mut BTreeSet<&'p str>,
    ) where
        'a: 'p,
    {
        let mut current: Option<&str> = None;
        let mut goes_on = false;
        for (line, text) in &documented.filters {
            let mut values = text.as_str();
            if !goes_on {
                let named = parameters
                    .keys()
                    .filter(|known| text.starts_with(**known))
                    .max_by_key(|known| known.len());
                let Some(parameter) = named else {
                    let place = format!("{name} {text}");
                    self.add(Kind::Lacks, place, Some(*line), "the parameter", &[]);
                    current = None;
                    continue;
                };
                told.insert(parameter);
                current = Some(parameter);
                values = &text[parameter.len()..];
            }
            goes_on = values.ends_with(',');
            let schema = current.and_then(|parameter| parameters.get(parameter)?.get("schema"));
            let Some(schema) = schema.map(|schema| resolve(self.spec, schema)) else {
                continue;
            };
            let known = schema.get("enum").and_then(Value::as_array);
            for value in values.split(',').map(str::trim).filter(|value| !value.is_empty()) {
                if known.is_some_and(|known| !known.iter().any(|known| known == value)) {
                    let place = format!("{name} {}", current.unwrap_or_default());
                    let message = format!("the value {value:?}");
                    self.add(Kind::Lacks, place, Some(*line), &message, &[schema]);
                }
            }
        }
    }

    /// The schema that a table of properties describes, by its heading.
    fn schema_of(&self, table: &Object, base: Option<&str>, is_main: bool) -> Option<(&'a str, &'a Value)> {
        let heading = table.heading.as_deref();
        let anchor = heading.map(slug);
        let by_anchor = |(_, schema): &(&String, &Value)| {
            let Some((page, own)) = documentation(schema).and_then(|url| url.split_once('#')) else {
                return false;
            };
            let is_object = schema.get("properties").is_some();
            is_object && Some(page) == base && Some(own) == anchor.as_deref()
        };
        let found = spec::schemas(self.spec).find(by_anchor);
        let found = found.or_else(|| is_main.then(|| self.most_alike(table, base)).flatten());
        found.map(|(name, schema)| (name.as_str(), schema))
    }

    /// The main object of a page stands under different headings: it is the one with most of the properties.
    fn most_alike(&self, table: &Object, base: Option<&str>) -> Option<(&'a String, &'a Value)> {
        let common = |schema: &Value| {
            let names = table
                .rows
                .iter()
                .filter(|row| schema.pointer(&format!("/properties/{}", row.name)).is_some());
            names.count()
        };
        spec::schemas(self.spec)
            .filter(|(_, schema)| page_of(schema) == base && 2 * common(schema) > table.rows.len())
            .max_by_key(|(_, schema)| common(schema))
    }

    fn properties(&mut self, table: &Object, name: &str, schema: &Value) {
        let inputs = self.input_of(name);
        for row in &table.rows {
            let place = format!("{name}.{}", row.name);
            let line = Some(row.line);
            let path = format!("/properties/{}", row.name);
            let Some(property) = schema.pointer(&path).or_else(|| inputs?.pointer(&path)) else {
                self.add(
                    Kind::Lacks,
                    place,
                    line,
                    row.cell(Column::Type).unwrap_or("the property"),
                    &[schema],
                );
                continue;
            };
            let component = resolve(self.spec, property);
            self.type_of(row, &place, property, &[property, component, schema]);
            let truth = |key| property.get(key) == Some(&Value::Bool(true));
            let mandatory = row
                .says(Column::Mandatory)
                .or_else(|| row.says(Column::Optional).map(|says| !says));
            let marks = [
                ("readOnly", row.says(Column::ReadOnly)),
                ("x-mandatory", mandatory),
                // What the page calls never null is taken as null all the same.
                ("nullable", row.says(Column::Nullable).filter(|says| *says)),
            ];
            for (mark, says) in marks {
                if let Some(says) = says.filter(|says| *says != truth(mark)) {
                    let message = format!("{mark} is {says}, not {}", truth(mark));
                    self.add(
                        Kind::Differs,
                        place.clone(),
                        line,
                        &message,
                        &[property, component, schema],
                    );
                }
            }
        }
        for (property, value) in object(schema.get("properties")) {
            if !table.rows.iter().any(|row| row.name == *property) {
                let place = format!("{name}.{property}");
                let message = "the page has no such property";
                self.add(Kind::Beyond, place, None, message, &[value, schema]);
            }
        }
    }

    /// What is sent in place of a record has properties that do not come back.
    fn input_of(&self, name: &str) -> Option<&'a Value> {
        let input = format!("{name}Input");
        spec::schemas(self.spec)
            .find(|(name, _)| **name == input)
            .map(|(_, schema)| schema)
    }

    fn type_of(&mut self, row: &Row, place: &str, schema: &Value, explained_at: &[&Value]) {
        let Some(says) = row.cell(Column::Type) else {
            return;
        };
        let says = if says == "date" { "string" } else { says };
        let known = types(self.spec, schema);
        if !known.is_empty() && !known.contains(says) {
            let known: Vec<_> = known.into_iter().collect();
            let message = format!("{says}, not {}", known.join(" or "));
            self.add(
                Kind::Differs,
                place.into(),
                Some(row.line),
                &message,
                explained_at,
            );
        }
    }

    fn sample(&mut self, name: &str, schema: &'a Value, line: usize, value: &Value) {
        let mut misfits = Vec::new();
        sample::misfits(self.spec, name, schema, value, &mut misfits);
        for misfit in misfits {
            let message = format!("{} in a sample", misfit.message);
            self.add(
                misfit.kind,
                misfit.place,
                Some(line),
                &message,
                &misfit.explained_at,
            );
        }
    }
}

/// The JSON types that a schema allows; none where it allows any.
pub(super) fn types<'a>(spec: &'a Value, schema: &'a Value) -> BTreeSet<&'a str> {
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

/// `Subject object` as it stands in an address.
fn slug(heading: &str) -> String {
    heading
        .to_lowercase()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join("-")
}

/// Whether a parameter is `group[…]`.
fn in_group(parameter: &str, group: &str) -> bool {
    parameter
        .strip_prefix(group)
        .is_some_and(|rest| rest.starts_with('['))
}

/// The names in brackets of a description: `[responder_ids] - A comma-separated list`.
fn bracketed(description: &str) -> impl Iterator<Item = &str> {
    description
        .split('[')
        .skip(1)
        .filter_map(|part| Some(part.split_once(']')?.0))
}
