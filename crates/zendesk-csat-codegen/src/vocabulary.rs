//! Ids and open enums: the values are the spec's, the behaviour the SDK's macros.

use crate::spec::{self, kind};
use crate::{Error, format};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

pub(crate) fn generate(spec: &Value) -> Result<String, Error> {
    let mut items = Vec::new();
    for (name, schema) in spec::schemas(spec) {
        match kind(schema) {
            Some("id") if schema.get("x-rust-type").is_none() => items.push(id(name, schema)),
            Some("open-enum") => items.push(open_enum(name, schema)?),
            _ => {}
        }
    }
    format(quote!(#(#items)*))
}

fn id(name: &str, schema: &Value) -> TokenStream {
    let name = format_ident!("{name}");
    let doc = documentation(schema);
    match schema.get("type").and_then(Value::as_str) {
        Some("integer") => quote!(crate::vocabulary::integer_id! { #[doc = #doc] #name }),
        _ => quote!(crate::vocabulary::text_id! { #[doc = #doc] #name }),
    }
}

fn open_enum(name: &str, schema: &Value) -> Result<TokenStream, Error> {
    let values = texts(schema, "enum");
    let names = texts(schema, "x-enum-varnames");
    if values.is_empty() {
        return Err(Error::Incomplete(format!(
            "schema {name} is an open enum without values"
        )));
    }
    let variants = values.iter().enumerate().map(|(index, value)| {
        let variant = match names.get(index) {
            Some(variant) => format_ident!("{variant}"),
            None => format_ident!("{}", pascal_case(value)),
        };
        let doc = format!("`{value}`");
        quote!(#[doc = #doc] #variant = #value)
    });
    let name = format_ident!("{name}");
    let doc = documentation(schema);
    Ok(quote!(
        crate::vocabulary::open_enum! { #[doc = #doc] #name { #(#variants),* } }
    ))
}

fn texts<'a>(schema: &'a Value, key: &str) -> Vec<&'a str> {
    let items = schema.get(key).and_then(Value::as_array);
    items.into_iter().flatten().filter_map(Value::as_str).collect()
}

/// The description and the page it comes from, as a doc comment.
fn documentation(schema: &Value) -> String {
    let description = schema
        .get("description")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let page = schema.pointer("/externalDocs/url").and_then(Value::as_str);
    match page {
        Some(page) => format!(" {}\n\n [Documentation]({page})", description.trim()),
        None => format!(" {}", description.trim()),
    }
}

fn pascal_case(value: &str) -> String {
    let words = value.split(|c: char| !c.is_ascii_alphanumeric());
    let name: String = words
        .filter_map(|word| {
            let first = word.chars().next()?;
            Some(
                first
                    .to_uppercase()
                    .chain(word.chars().skip(1))
                    .collect::<String>(),
            )
        })
        .collect();
    if name.starts_with(|c: char| c.is_ascii_digit()) {
        format!("N{name}")
    } else {
        name
    }
}
