//! `_core.pyi`: what type checkers know of the extension module.

use super::documentation::{docstring, indented, paragraphs};
use super::extension::attribute;
use super::kinds::{self, Kind};
use super::method::{Method, Parameter, Place};
use super::record_docs;
use super::rust_docs::RustDocs;
use super::schema::{Model, Shape};
use serde_json::Value;
use std::collections::BTreeSet;
use zendesk_csat_codegen::Error;

/// The part that is the same whatever the spec says.
pub(crate) const FIXED: &str = include_str!("core.pyi.in");

/// The stub: the fixed part with the docs of its Rust, a class a model, a function an operation.
pub(crate) fn core(
    spec: &Value,
    models: &[Model<'_>],
    methods: &[Method<'_>],
    docs: &RustDocs,
) -> Result<String, Error> {
    let arguments = super::method::named_annotations(methods);
    let mut names = BTreeSet::new();
    for shape in models
        .iter()
        .flat_map(|model| &model.fields)
        .map(|field| &field.shape)
    {
        names.extend(enumeration(shape));
    }
    names.extend(arguments.iter().map(String::as_str));
    let names: String = names.iter().map(|name| format!("    {name},\n")).collect();
    let mut source = documented(FIXED, docs).replace("«vocabulary»", &names);
    for model in models {
        source.push_str(&class(spec, models, model)?);
    }
    for method in methods {
        source.push_str(&function(method));
    }
    let mut names = vec!["__version__"];
    names.extend(source.lines().filter_map(defined));
    names.sort_unstable();
    let names: String = names.iter().map(|name| format!("    \"{name}\",\n")).collect();
    Ok(source.replace("«names»", &names))
}

/// Puts a docstring under every class and method that has one in Rust.
fn documented(stub: &str, docs: &RustDocs) -> String {
    let mut source = String::with_capacity(stub.len() * 2);
    let mut class = "";
    let mut method = None;
    for line in stub.lines() {
        if let Some(name) = line.strip_prefix("class ").and_then(identifier) {
            class = name;
        }
        if let Some(name) = line.strip_prefix("    def ").and_then(identifier) {
            method = Some(name);
        }
        let is_class = line.starts_with("class ") && line.ends_with(':');
        let ends = line.strip_suffix(" ...").filter(|head| head.ends_with(':'));
        let method_docs = || docs.member(class, method?);
        match (ends, ends.and_then(|_| method_docs()), docs.class(class)) {
            (Some(head), Some(text), _) => {
                source.push_str(&format!("{head}\n{}", docstring(&indented(text, 8), 8)));
            }
            (None, _, Some(text)) if is_class => {
                source.push_str(&format!("{line}\n{}", docstring(&indented(text, 4), 4)));
            }
            _ => {
                source.push_str(line);
                source.push('\n');
            }
        }
        if ends.is_some() {
            method = None;
        }
    }
    source
}

/// The public name that a line of the module defines.
fn defined(line: &str) -> Option<&str> {
    let rest = line
        .strip_prefix("class ")
        .or_else(|| line.strip_prefix("def "))?;
    identifier(rest).filter(|name| !name.starts_with('_'))
}

/// The name that a text begins with.
fn identifier(text: &str) -> Option<&str> {
    let end = text.find(|letter: char| !letter.is_alphanumeric() && letter != '_')?;
    Some(&text[..end])
}

fn enumeration<'a>(shape: &Shape<'a>) -> Option<&'a str> {
    match shape {
        Shape::Enum(name) => Some(name),
        Shape::List(item) => enumeration(item),
        _ => None,
    }
}

fn class(spec: &Value, models: &[Model<'_>], model: &Model<'_>) -> Result<String, Error> {
    let name = model.name;
    let base = if model.secret { "_Record" } else { "_Model" };
    let kinds = kinds::of(name).map(|kinds| kinds.kinds).unwrap_or_default();
    let last = if kinds.is_empty() {
        "@final\n"
    } else {
        "@disjoint_base\n"
    };
    let mut source = format!(
        "\n{last}class {name}({base}):\n{}",
        docstring(&indented(&record_docs::of_model(spec, models, model)?, 4), 4)
    );
    for field in &model.fields {
        let annotation = record_docs::annotation(field);
        source.push_str(&format!(
            "    @property\n    def {}(self) -> {annotation}:\n{}",
            attribute(field.name),
            docstring(&paragraphs(&field.description, 8), 8)
        ));
    }
    for kind in kinds {
        source.push_str(&self::kind(model, kind)?);
    }
    Ok(source)
}

fn kind(model: &Model<'_>, kind: &Kind) -> Result<String, Error> {
    Ok(format!(
        "\n@final\nclass {}({}):\n{}{}",
        kind.name,
        model.name,
        docstring(&indented(&record_docs::of_kind(model, kind)?, 4), 4),
        match_args(kind.says)
    ))
}

/// The attributes that patterns by position are about; of other classes it is `_Record` that says there are none.
fn match_args(names: &[&str]) -> String {
    let names: String = names.iter().map(|name| format!("\"{name}\", ")).collect();
    format!("    __match_args__ = ({})\n", names.trim_end())
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
