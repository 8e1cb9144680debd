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
    let mut names = vec!["__version__"];
    names.extend(source.lines().filter_map(defined));
    names.sort_unstable();
    let names: String = names.iter().map(|name| format!("    \"{name}\",\n")).collect();
    source.replace("«names»", &names)
}

/// The public name that a line of the module defines.
fn defined(line: &str) -> Option<&str> {
    let name = line
        .strip_prefix("class ")
        .or_else(|| line.strip_prefix("def "))?;
    let end = name.find(|letter: char| !letter.is_alphanumeric() && letter != '_')?;
    Some(&name[..end]).filter(|name| !name.starts_with('_'))
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
    let base = if model.secret { "_Record" } else { "_Model" };
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
