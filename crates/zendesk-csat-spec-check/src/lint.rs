//! The dialect: the OpenAPI that progenitor turns into the client we want, one lint a clause.
//!
//! Each finding names its clause, the place, and what to write instead.
//!
//! ```
//! let spec = serde_json::json!({"openapi": "3.1.0", "info": {"version": "1"}, "paths": {}});
//! let findings = zendesk_csat_spec_check::lint::check(&spec);
//! assert!(findings[0].to_string().starts_with("version-3.0 (P1) at openapi:"));
//! ```

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use zendesk_csat_codegen::spec::{self, Operation, kind, object, referenced_schema, resolve};

/// One place where the spec leaves the dialect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The clause, such as `flat-query`.
    pub clause: &'static str,
    /// The pitfall of the generator that the clause avoids, such as `P6`; empty for our own rules.
    pub pitfall: &'static str,
    /// Where in the spec.
    pub place: String,
    /// What is wrong, and what to write instead.
    pub message: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            clause,
            pitfall,
            place,
            message,
        } = self;
        match *pitfall {
            "" => write!(f, "{clause} at {place}: {message}"),
            pitfall => write!(f, "{clause} ({pitfall}) at {place}: {message}"),
        }
    }
}

struct Lint {
    clause: &'static str,
    pitfall: &'static str,
    check: fn(&Value, &mut dyn FnMut(String, String)),
}

const LINTS: [Lint; 21] = [
    Lint {
        clause: "version-3.0",
        pitfall: "P1",
        check: version,
    },
    Lint {
        clause: "ascii-version",
        pitfall: "P15",
        check: ascii_version,
    },
    Lint {
        clause: "operation-id",
        pitfall: "P25",
        check: operation_id,
    },
    Lint {
        clause: "single-tag",
        pitfall: "P24",
        check: single_tag,
    },
    Lint {
        clause: "one-success",
        pitfall: "P2",
        check: one_success,
    },
    Lint {
        clause: "no-default-response",
        pitfall: "P4",
        check: no_default_response,
    },
    Lint {
        clause: "no-redirect-response",
        pitfall: "P5",
        check: no_redirect_response,
    },
    Lint {
        clause: "one-error",
        pitfall: "P2",
        check: one_error,
    },
    Lint {
        clause: "components-only",
        pitfall: "P3",
        check: components_only,
    },
    Lint {
        clause: "flat-query",
        pitfall: "P6",
        check: flat_query,
    },
    Lint {
        clause: "comma-lists-as-text",
        pitfall: "P7",
        check: comma_lists,
    },
    Lint {
        clause: "distinct-parameters",
        pitfall: "P8",
        check: distinct_parameters,
    },
    Lint {
        clause: "lenient-responses",
        pitfall: "P9",
        check: lenient_responses,
    },
    Lint {
        clause: "whole-answers",
        pitfall: "",
        check: whole_answers,
    },
    Lint {
        clause: "open-enums",
        pitfall: "P10",
        check: open_enums,
    },
    Lint {
        clause: "no-sum-types-in-responses",
        pitfall: "P11",
        check: sum_types,
    },
    Lint {
        clause: "json-bodies",
        pitfall: "P18",
        check: json_bodies,
    },
    Lint {
        clause: "additional-properties",
        pitfall: "P26",
        check: additional_properties,
    },
    Lint {
        clause: "no-null-in-requests",
        pitfall: "P27",
        check: no_null_in_requests,
    },
    Lint {
        clause: "no-enum-in-all-of",
        pitfall: "P29",
        check: no_enum_in_all_of,
    },
    Lint {
        clause: "documented",
        pitfall: "",
        check: documented,
    },
];

/// Every finding, in the order of the clauses.
pub fn check(spec: &Value) -> Vec<Finding> {
    let mut findings = Vec::new();
    for lint in &LINTS {
        let Lint {
            clause,
            pitfall,
            check,
        } = *lint;
        check(spec, &mut |place, message| {
            findings.push(Finding {
                clause,
                pitfall,
                place,
                message,
            })
        });
    }
    findings
}

type Report<'a> = &'a mut dyn FnMut(String, String);

fn version(spec: &Value, report: Report<'_>) {
    let version = spec.get("openapi").and_then(Value::as_str).unwrap_or_default();
    if !version.starts_with("3.0.") {
        report(
            "openapi".into(),
            format!("write 3.0.3, not {version:?}: the generator reads no other"),
        );
    }
}

fn ascii_version(spec: &Value, report: Report<'_>) {
    let version = spec
        .pointer("/info/version")
        .and_then(Value::as_str)
        .unwrap_or_default();
    if version.is_empty() || !version.bytes().all(|byte| byte.is_ascii_graphic()) {
        report(
            "info.version".into(),
            "write visible ASCII: it becomes a header".into(),
        );
    }
}

fn operation_id(spec: &Value, report: Report<'_>) {
    let mut seen = BTreeSet::new();
    for operation in spec::operations(spec) {
        match operation.text("operationId") {
            None => report(operation.name(), "write an operationId".into()),
            Some(id) if !is_snake_case(id) => {
                report(operation.name(), "write the operationId in snake_case".into())
            }
            Some(id) if !seen.insert(id) => report(operation.name(), "this operationId stands twice".into()),
            Some(_) => {}
        }
    }
    for (path, item) in object(spec.get("paths")) {
        if item.get("$ref").is_some() {
            report(
                path.clone(),
                "write the path's operations here: a $ref is not followed".into(),
            );
        }
    }
}

fn single_tag(spec: &Value, report: Report<'_>) {
    for operation in spec::operations(spec) {
        let tags = operation
            .value
            .get("tags")
            .and_then(Value::as_array)
            .map_or(0, Vec::len);
        if tags != 1 {
            report(operation.name(), format!("write one tag, not {tags}"));
        }
    }
}

fn one_success(spec: &Value, report: Report<'_>) {
    for operation in spec::operations(spec) {
        let successes = statuses(&operation, spec, '2').count();
        if successes != 1 {
            report(
                operation.name(),
                format!("write one success status, not {successes}"),
            );
        }
    }
}

fn no_default_response(spec: &Value, report: Report<'_>) {
    for operation in spec::operations(spec) {
        if operation
            .responses(spec)
            .iter()
            .any(|(status, _)| *status == "default")
        {
            report(operation.name(), "write 4XX and 5XX for `default`".into());
        }
    }
}

fn no_redirect_response(spec: &Value, report: Report<'_>) {
    for operation in spec::operations(spec) {
        for (status, _) in statuses(&operation, spec, '3') {
            report(
                operation.name(),
                format!("leave {status} out: redirects are the transport's"),
            );
        }
    }
}

fn one_error(spec: &Value, report: Report<'_>) {
    for operation in spec::operations(spec) {
        let failures = statuses(&operation, spec, '4').chain(statuses(&operation, spec, '5'));
        for (status, response) in failures {
            let schema = response
                .pointer("/content/application~1json/schema")
                .and_then(referenced_schema);
            if schema != Some("Error") {
                report(
                    operation.name(),
                    format!("give {status} the schema Error, as every failure has"),
                );
            }
        }
    }
}

fn components_only(spec: &Value, report: Report<'_>) {
    for operation in spec::operations(spec) {
        for (place, content) in bodies(&operation, spec) {
            if content
                .get("schema")
                .is_some_and(|schema| referenced_schema(schema).is_none())
            {
                report(place, "move the schema to components and write a $ref".into());
            }
        }
    }
    for (name, schema) in spec::schemas(spec) {
        for (property, value) in object(schema.get("properties")) {
            let items = value.get("items").unwrap_or(value);
            if items.get("properties").is_some() {
                report(
                    format!("{name}.{property}"),
                    "move the object to components and write a $ref".into(),
                );
            }
        }
    }
}

fn flat_query(spec: &Value, report: Report<'_>) {
    for_parameters(spec, |operation, parameter, name| {
        let style = parameter.get("style").and_then(Value::as_str).unwrap_or("form");
        let is_query = location(parameter) == "query";
        if (is_query && style != "form")
            || parameter.get("content").is_some()
            || location(parameter) == "cookie"
        {
            report(
                format!("{operation} {name}"),
                "write flat names such as `filter[x]`, each a plain query parameter".into(),
            );
        }
    });
}

fn comma_lists(spec: &Value, report: Report<'_>) {
    for_parameters(spec, |operation, parameter, name| {
        let schema = parameter.get("schema").map(|schema| resolve(spec, schema));
        let kind = schema
            .and_then(|schema| schema.get("type"))
            .and_then(Value::as_str);
        if location(parameter) == "query" && matches!(kind, Some("array" | "object")) && !name.ends_with("[]")
        {
            report(
                format!("{operation} {name}"),
                "write a comma list as `string`: lists repeat the name".into(),
            );
        }
    });
}

fn distinct_parameters(spec: &Value, report: Report<'_>) {
    let mut names: BTreeMap<(String, String), String> = BTreeMap::new();
    for_parameters(spec, |operation, _, name| {
        let key = (operation.to_owned(), snake_case(name));
        if let Some(other) = names.insert(key, name.to_owned()) {
            report(
                format!("{operation} {name}"),
                format!("rename: {other} has the same name in Rust"),
            );
        }
    });
}

fn lenient_responses(spec: &Value, report: Report<'_>) {
    const CONSTRAINTS: [&str; 9] = [
        "minimum",
        "maximum",
        "minLength",
        "maxLength",
        "pattern",
        "minItems",
        "maxItems",
        "multipleOf",
        "uniqueItems",
    ];
    for (name, schema) in only(spec, &spec::response_schemas(spec)) {
        let required = schema.get("required").and_then(Value::as_array);
        let required: BTreeSet<_> = required.into_iter().flatten().filter_map(Value::as_str).collect();
        for (property, value) in object(schema.get("properties")) {
            let place = format!("{name}.{property}");
            for constraint in CONSTRAINTS {
                if value.get(constraint).is_some() || value.pointer(&format!("/items/{constraint}")).is_some()
                {
                    report(
                        place.clone(),
                        format!("leave {constraint} out: a response is read as it comes"),
                    );
                }
            }
            let nullable = value.get("nullable") == Some(&Value::Bool(true));
            if nullable && required.contains(property.as_str()) {
                report(
                    place,
                    "take it off `required`: what may be null may be absent".into(),
                );
            }
        }
    }
}

fn whole_answers(spec: &Value, report: Report<'_>) {
    for operation in spec::operations(spec) {
        let Some(envelope) = operation.envelope(spec) else {
            continue;
        };
        let Some(holder) = operation.holder(spec) else {
            report(
                operation.name(),
                "require in its envelope what the answer is for".into(),
            );
            continue;
        };
        let mut missing = |what: String| report(operation.name(), what);
        if !is_sure(envelope, holder) {
            missing(format!("require {holder} in its envelope, and not as null"));
        }
        if operation.text("x-items").is_none() {
            continue;
        }
        let property = envelope.get("properties").and_then(|all| all.get(holder));
        if property.and_then(|property| property.get("type")?.as_str()) != Some("array") {
            missing(format!("make {holder} an array: it is x-items"));
        }
        let meta = envelope
            .pointer("/properties/meta")
            .map(|meta| resolve(spec, meta));
        let has_more = meta.is_some_and(|meta| is_sure(meta, "has_more"));
        let is_said = match operation.text("x-pagination") {
            Some("cursor") => is_sure(envelope, "meta") && has_more,
            Some("cursor_and_offset") => has_more && envelope.pointer("/properties/next_page").is_some(),
            Some("incremental_cursor" | "incremental_time") => is_sure(envelope, "end_of_stream"),
            Some("next_page" | "none") => true,
            _ => {
                missing("write x-pagination: it tells how the end is said".into());
                continue;
            }
        };
        if !is_said {
            missing("require the sign of the end that its x-pagination has".into());
        }
    }
}

/// Whether a property is always there, and never null.
fn is_sure(schema: &Value, property: &str) -> bool {
    let required = schema.get("required").and_then(Value::as_array);
    let nullable = schema
        .get("properties")
        .and_then(|properties| properties.get(property)?.get("nullable"));
    required.is_some_and(|names| names.iter().any(|name| name == property))
        && nullable != Some(&Value::Bool(true))
}

fn open_enums(spec: &Value, report: Report<'_>) {
    for (name, schema) in only(spec, &spec::response_schemas(spec)) {
        if schema.get("enum").is_some() && kind(schema) != Some("open-enum") {
            report(
                name.into(),
                "mark it `x-kind: open-enum`: an unknown value must not cost the page".into(),
            );
        }
        for (property, value) in object(schema.get("properties")) {
            if value.get("enum").is_some() || value.pointer("/items/enum").is_some() {
                report(
                    format!("{name}.{property}"),
                    "move the enum to components, `x-kind: open-enum`".into(),
                );
            }
        }
    }
}

fn sum_types(spec: &Value, report: Report<'_>) {
    for (name, schema) in only(spec, &spec::response_schemas(spec)) {
        let has_sum = |value: &Value| ["oneOf", "anyOf"].iter().any(|key| value.get(key).is_some());
        if schema.get("discriminator").is_some() || (has_sum(schema) && kind(schema).is_none()) {
            report(
                name.into(),
                "write one flat object with a `type`, or an x-kind that the lowering knows".into(),
            );
        }
        for (property, value) in object(schema.get("properties")) {
            if has_sum(value) || value.get("items").is_some_and(has_sum) {
                report(
                    format!("{name}.{property}"),
                    "move the alternatives to components, with an x-kind".into(),
                );
            }
        }
    }
}

fn json_bodies(spec: &Value, report: Report<'_>) {
    for operation in spec::operations(spec) {
        if let Some(body) = operation.value.get("requestBody") {
            let types: Vec<_> = object(body.get("content"))
                .map(|(media_type, _)| media_type.as_str())
                .collect();
            if types != ["application/json"] {
                report(
                    operation.name(),
                    format!("write one body, application/json, not {types:?}"),
                );
            }
        }
        for (place, content) in bodies(&operation, spec) {
            if content.get("schema").is_none() {
                report(place, "give the JSON body a schema".into());
            }
        }
    }
}

fn additional_properties(spec: &Value, report: Report<'_>) {
    let responses = spec::response_schemas(spec);
    for (name, schema) in spec::schemas(spec) {
        if schema.pointer("/properties/extra").is_some() {
            report(
                format!("{name}.extra"),
                "the name is taken by what is kept of unknown fields".into(),
            );
        }
        match schema.get("additionalProperties") {
            Some(Value::Bool(true) | Value::Object(_)) if schema.get("properties").is_some() => report(
                name.clone(),
                "leave it out: unknown fields are kept all the same".into(),
            ),
            Some(Value::Bool(false)) if responses.contains(name.as_str()) => {
                report(
                    name.clone(),
                    "leave `false` out: a response may have fields that we do not know".into(),
                );
            }
            _ => {}
        }
    }
}

fn no_null_in_requests(spec: &Value, report: Report<'_>) {
    let responses = spec::response_schemas(spec);
    for (name, schema) in only(spec, &spec::request_schemas(spec)) {
        if responses.contains(name) {
            continue;
        }
        for (property, value) in object(schema.get("properties")) {
            if value.get("nullable") == Some(&Value::Bool(true)) {
                report(
                    format!("{name}.{property}"),
                    "leave `nullable` out: absent is the only way to send nothing".into(),
                );
            }
        }
    }
}

fn no_enum_in_all_of(spec: &Value, report: Report<'_>) {
    for (name, schema) in spec::schemas(spec) {
        let parts = schema.get("allOf").and_then(Value::as_array);
        if parts
            .into_iter()
            .flatten()
            .any(|part| resolve(spec, part).get("enum").is_some())
        {
            report(name.clone(), "write the enum's schema itself, not allOf".into());
        }
    }
}

fn documented(spec: &Value, report: Report<'_>) {
    let operations = spec::operations(spec);
    for operation in &operations {
        for key in ["x-resource", "x-verb", "x-action", "x-bucket"] {
            if operation.text(key).is_none() {
                report(operation.name(), format!("write {key}"));
            }
        }
    }
    let operations = operations
        .iter()
        .map(|operation| (operation.name(), operation.value));
    let schemas = spec::schemas(spec).map(|(name, schema)| (name.clone(), schema));
    for (place, value) in operations.chain(schemas) {
        if value
            .get("description")
            .and_then(Value::as_str)
            .is_none_or(|text| text.trim().is_empty())
        {
            report(place.clone(), "write a description, in our own words".into());
        }
        if value.pointer("/externalDocs/url").is_none() {
            report(place, "write externalDocs: the page it comes from".into());
        }
    }
}

fn statuses<'a>(
    operation: &Operation<'a>,
    spec: &'a Value,
    first: char,
) -> impl Iterator<Item = (&'a str, &'a Value)> {
    operation
        .responses(spec)
        .into_iter()
        .filter(move |(status, _)| status.starts_with(first))
}

/// Every JSON body of an operation: the request's and each response's.
fn bodies<'a>(operation: &Operation<'a>, spec: &'a Value) -> Vec<(String, &'a Value)> {
    let request = operation
        .value
        .get("requestBody")
        .map(|body| ("request".to_owned(), body));
    let responses = operation
        .responses(spec)
        .into_iter()
        .map(|(status, response)| (status.to_owned(), response));
    let name = operation.name();
    request
        .into_iter()
        .chain(responses)
        .flat_map(|(part, body)| object(body.get("content")).map(move |(_, content)| (part.clone(), content)))
        .map(|(part, content)| (format!("{name} {part}"), content))
        .collect()
}

fn for_parameters<'a>(spec: &'a Value, mut visit: impl FnMut(&str, &'a Value, &'a str)) {
    for operation in spec::operations(spec) {
        for parameter in operation.parameters(spec) {
            let name = parameter.get("name").and_then(Value::as_str).unwrap_or_default();
            visit(&operation.name(), parameter, name);
        }
    }
}

fn location(parameter: &Value) -> &str {
    parameter.get("in").and_then(Value::as_str).unwrap_or_default()
}

fn only<'a>(spec: &'a Value, names: &BTreeSet<&'a str>) -> Vec<(&'a str, &'a Value)> {
    spec::schemas(spec)
        .filter(|(name, _)| names.contains(name.as_str()))
        .map(|(name, schema)| (name.as_str(), schema))
        .collect()
}

fn is_snake_case(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

fn snake_case(name: &str) -> String {
    let words = name
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join("_")
}
