//! What the classes of records and enumerations say of themselves: a description, an example, the attributes, the page.

use super::class_examples;
use super::documentation::{entry, paragraphs};
use super::extension::attribute;
use super::kinds::Kind;
use super::sample::{self, literal, quoted};
use super::schema::{Field, Model, description};
use super::vocabulary::{constant_of, values};
use serde_json::Value;
use zendesk_csat_codegen::Error;

/// The longest line of an example.
pub(crate) const WIDTH: usize = 92;

/// The docstring of a model's class.
pub(crate) fn of_model(spec: &Value, models: &[Model<'_>], model: &Model<'_>) -> Result<String, Error> {
    let example = match class_examples::of(model.name) {
        Some(example) => example.to_owned(),
        None => sample::session(spec, models, model)?,
    };
    let attributes: Vec<_> = model
        .fields
        .iter()
        .map(|field| {
            let name = format!("{} ({})", attribute(field.name), annotation(field));
            entry(&name, &first_paragraph(&field.description), 4)
        })
        .collect();
    let attributes = format!("Attributes:\n{}", attributes.join("\n"));
    Ok(docs(
        model.description,
        Some(&attributes),
        Some(&example),
        model.page,
    ))
}

/// The docstring of one kind of a model.
pub(crate) fn of_kind(model: &Model<'_>, kind: &Kind) -> Result<String, Error> {
    let example = class_examples::of(kind.name)
        .ok_or_else(|| Error::Incomplete(format!("{} has no example in class_examples.rs", kind.name)))?;
    Ok(docs(kind.description, None, Some(example), model.page))
}

/// The docstring of an enumeration's class.
pub(crate) fn of_enumeration(name: &str, schema: &Value) -> String {
    let known = schema
        .get("example")
        .and_then(Value::as_str)
        .or_else(|| values(schema).next())
        .unwrap_or_default();
    let constant = constant_of(schema, known);
    let example = format!(
        ">>> from zendesk_csat.types import {name}
>>> {name}({}) is {name}.{constant}
True
>>> {name}(\"newer than this\").is_known
False",
        quoted(known)
    );
    docs(description(schema), None, Some(&example), page_of(schema))
}

/// The docstring of an object that an argument takes.
pub(crate) fn of_input(name: &str, schema: &Value) -> String {
    let example = schema.get("example").map(|example| {
        let fields = example.as_object().into_iter().flatten();
        let fields: Vec<_> = fields
            .map(|(key, value)| format!("{key}={}", literal(value)))
            .collect();
        call(name, "given", &fields)
    });
    docs(description(schema), None, example.as_deref(), page_of(schema))
}

/// The type of an attribute, None where it may be missing.
pub(crate) fn annotation(field: &Field<'_>) -> String {
    let annotation = field.shape.annotation();
    if field.optional && annotation != "Any" {
        format!("{annotation} | None")
    } else {
        annotation
    }
}

fn docs(text: &str, attributes: Option<&str>, example: Option<&str>, page: Option<&str>) -> String {
    let example = example.map(|example| {
        let lines: Vec<_> = example.lines().map(|line| format!("    {line}")).collect();
        format!("Example:\n{}", lines.join("\n"))
    });
    let page = page.map(|page| format!("Documentation: {page}"));
    let text = paragraphs(text, 0);
    let parts = [
        Some(text.trim().to_owned()),
        example,
        attributes.map(str::to_owned),
        page,
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join("\n\n")
}

/// A call of the class with these arguments, over several lines where it is long.
fn call(name: &str, variable: &str, arguments: &[String]) -> String {
    let import = format!(">>> from zendesk_csat.types import {name}");
    let one_line = format!(">>> {variable} = {name}({})", arguments.join(", "));
    if one_line.len() <= WIDTH {
        return format!("{import}\n{one_line}");
    }
    let lines: String = arguments
        .iter()
        .map(|argument| format!("...     {argument},\n"))
        .collect();
    format!("{import}\n>>> {variable} = {name}(\n{lines}... )")
}

fn page_of(schema: &Value) -> Option<&str> {
    schema.pointer("/externalDocs/url").and_then(Value::as_str)
}

fn first_paragraph(text: &str) -> String {
    text.split("\n\n").next().unwrap_or_default().to_owned()
}
