//! What progenitor's output needs besides: the documentation of fields, and JSON Schemas for those who want them.

use crate::spec;
use quote::quote;
use serde_json::Value;
use syn::visit_mut::VisitMut;
use syn::{Attribute, Field, File, ItemEnum, ItemStruct, LitStr, parse_quote};

/// Applies every touch.
pub(crate) fn apply(spec: &Value, file: &mut File) {
    Touches { spec }.visit_file_mut(file);
}

struct Touches<'a> {
    spec: &'a Value,
}

impl VisitMut for Touches<'_> {
    fn visit_item_enum_mut(&mut self, item: &mut ItemEnum) {
        give_schema(&mut item.attrs);
    }

    fn visit_item_struct_mut(&mut self, item: &mut ItemStruct) {
        give_schema(&mut item.attrs);
        let name = item.ident.to_string();
        if let Some((_, schema)) = spec::schemas(self.spec).find(|(schema, _)| **schema == name) {
            if let Some(page) = schema.pointer("/externalDocs/url").and_then(Value::as_str) {
                let link = format!(" [Documentation]({page})");
                item.attrs.push(parse_quote!(#[doc = ""]));
                item.attrs.push(parse_quote!(#[doc = #link]));
            }
            for field in &mut item.fields {
                document(field, schema);
            }
        }
    }
}

/// A model has a JSON Schema where the feature is on: the derives cost every build otherwise.
fn give_schema(attributes: &mut Vec<Attribute>) {
    let is_of_model = |attribute: &Attribute| {
        attribute.path().is_ident("derive") && quote!(#attribute).to_string().contains("Serialize")
    };
    if let Some(place) = attributes.iter().position(is_of_model) {
        let derive = parse_quote!(#[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]);
        attributes.insert(place + 1, derive);
    }
}

/// progenitor drops what stands beside a `$ref`, descriptions among it.
fn document(field: &mut Field, schema: &Value) {
    if field
        .attrs
        .iter()
        .any(|attribute| attribute.path().is_ident("doc"))
    {
        return;
    }
    let Some(name) = wire_name(field) else { return };
    let description = schema.pointer(&format!("/properties/{name}/description"));
    let text = description
        .and_then(Value::as_str)
        .unwrap_or("What the service sends besides.");
    let text = format!(" {}", text.trim());
    field.attrs.push(parse_quote!(#[doc = #text]));
}

fn wire_name(field: &Field) -> Option<String> {
    let renamed = field.attrs.iter().find_map(renamed);
    renamed.or_else(|| field.ident.as_ref().map(ToString::to_string))
}

fn renamed(attribute: &Attribute) -> Option<String> {
    let mut name = None;
    if attribute.path().is_ident("serde") {
        // Other serde arguments are none of ours.
        let _ = attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("rename") {
                name = Some(meta.value()?.parse::<LitStr>()?.value());
            }
            Ok(())
        });
    }
    name
}
