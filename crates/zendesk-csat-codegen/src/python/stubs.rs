//! `_core.pyi`: what type checkers know of the extension module.

use super::documentation::{docstring, paragraphs};
use super::extension::attribute;
use super::method::{Method, Parameter, Place};
use super::schema::{Model, Shape};
use std::collections::BTreeSet;

/// The part that is the same whatever the spec says.
const FIXED: &str = include_str!("core.pyi.in");

/// The stub: the fixed part, a class a model, a function an operation.
pub(crate) fn core(models: &[Model<'_>], methods: &[Method<'_>]) -> String {
    let mut names = BTreeSet::new();
    for shape in models
        .iter()
        .flat_map(|model| &model.fields)
        .map(|field| &field.shape)
    {
        names.extend(enumeration(shape));
    }
    names.extend(super::method::named_arguments(methods));
    let names: String = names.iter().map(|name| format!("    {name},\n")).collect();
    let mut source = FIXED.replace("«vocabulary»", &names);
    for model in models {
        source.push_str(&class(model));
    }
    for method in methods {
        source.push_str(&function(method));
    }
    source
}

fn enumeration<'a>(shape: &Shape<'a>) -> Option<&'a str> {
    match shape {
        Shape::Enum(name) => Some(name),
        Shape::List(item) => enumeration(item),
        _ => None,
    }
}

fn class(model: &Model<'_>) -> String {
    let name = model.name;
    let base = if model.secret { "_AnyModel" } else { "_Model" };
    let mut source = format!(
        "\n@final\nclass {name}({base}):\n{}",
        docstring(&paragraphs(model.description, 4), 4)
    );
    for field in &model.fields {
        let annotation = field.shape.annotation();
        let annotation = if field.optional && annotation != "Any" {
            format!("{annotation} | None")
        } else {
            annotation
        };
        source.push_str(&format!(
            "    @property\n    def {}(self) -> {annotation}:\n{}",
            attribute(field.name),
            docstring(&paragraphs(&field.description, 8), 8)
        ));
    }
    source
}

fn function(method: &Method<'_>) -> String {
    let parameters: String = method
        .parameters
        .iter()
        .map(|parameter| format!(", {}: {}", parameter.name, annotation(parameter)))
        .collect();
    let (class, record) = (if method.is_listing { "Listing" } else { "Call" }, method.record);
    format!(
        "def {}(client: Client{parameters}) -> {class}[{record}]: ...\n",
        method.operation
    )
}

fn annotation(parameter: &Parameter<'_>) -> String {
    let annotation = parameter.argument.annotation();
    if parameter.place == Place::Optional {
        format!("{annotation} | None")
    } else {
        annotation
    }
}
