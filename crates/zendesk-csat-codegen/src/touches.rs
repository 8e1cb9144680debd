//! What progenitor's output needs besides: the documentation of fields.

use crate::spec;
use serde_json::Value;
use syn::visit_mut::VisitMut;
use syn::{Attribute, Field, File, ItemStruct, LitStr, parse_quote};

/// Applies every touch.
pub(crate) fn apply(spec: &Value, file: &mut File) {
    Touches { spec }.visit_file_mut(file);
}

struct Touches<'a> {
    spec: &'a Value,
}

impl VisitMut for Touches<'_> {
    fn visit_item_struct_mut(&mut self, item: &mut ItemStruct) {
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
