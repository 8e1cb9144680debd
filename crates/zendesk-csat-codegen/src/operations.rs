//! What the spec knows of each operation and the SDK needs at run time.

use crate::spec::{self, Operation};
use crate::{Error, format};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

pub(crate) fn generate(spec: &Value) -> Result<String, Error> {
    let operations = spec::operations(spec);
    let constants = operations.iter().map(|operation| constant(spec, operation));
    let constants = constants.collect::<Result<Vec<_>, _>>()?;
    format(quote!(#(#constants)*))
}

fn constant(spec: &Value, operation: &Operation<'_>) -> Result<TokenStream, Error> {
    let id = required(operation, "operationId")?;
    let bucket = match required(operation, "x-bucket")? {
        "support" => quote!(Support),
        "help_center" => quote!(HelpCenter),
        "incremental" => quote!(Incremental),
        "oauth" => quote!(OAuth),
        other => {
            return Err(Error::Incomplete(format!(
                "operation {id}: unknown x-bucket {other}"
            )));
        }
    };
    let page_size = match operation
        .value
        .pointer("/x-page-size/max")
        .and_then(Value::as_i64)
        .and_then(|max| i32::try_from(max).ok())
    {
        Some(max) => quote!(Some(#max)),
        None => quote!(None),
    };
    let idempotent = is_idempotent(operation);
    let holder = operation
        .holder(spec)
        .ok_or_else(|| Error::Incomplete(format!("operation {id}: its envelope requires nothing")))?;
    let holds = holds(spec, operation, holder)?;
    let action = required(operation, "x-action")?;
    let roles = texts(operation, "x-roles").unwrap_or_default();
    let scopes = scopes(operation);
    let constant = format_ident!("{}", id.to_uppercase());
    Ok(quote! {
        pub(crate) const #constant: Operation = Operation {
            id: #id,
            action: #action,
            roles: &[#(#roles),*],
            scopes: &[#(#scopes),*],
            bucket: Bucket::#bucket,
            max_page_size: #page_size,
            idempotent: #idempotent,
            holder: #holder,
            holds: Holds::#holds,
        };
    })
}

/// Whether asking twice does no more than asking once.
fn is_idempotent(operation: &Operation<'_>) -> bool {
    matches!(operation.method, "get" | "head")
        || operation.value.get("x-idempotent") == Some(&Value::Bool(true))
}

/// The OAuth scopes that a call needs. The page on tokens gives those of most operations by their method.
fn scopes<'a>(operation: &Operation<'a>) -> Vec<&'a str> {
    let is_unsigned = operation.value.get("security").and_then(Value::as_array);
    match texts(operation, "x-scopes") {
        Some(scopes) => scopes,
        None if is_unsigned.is_some_and(Vec::is_empty) => Vec::new(),
        None if matches!(operation.method, "get" | "head") => vec!["read"],
        None => vec!["write"],
    }
}

fn texts<'a>(operation: &Operation<'a>, key: &str) -> Option<Vec<&'a str>> {
    let values = operation.value.get(key)?.as_array()?;
    Some(values.iter().filter_map(Value::as_str).collect())
}

/// What stands in the property that an answer is for; of a list, by what its end is said.
fn holds(spec: &Value, operation: &Operation<'_>, holder: &str) -> Result<TokenStream, Error> {
    if operation.text("x-items").is_none() {
        let property = operation
            .envelope(spec)
            .and_then(|envelope| envelope.get("properties")?.get(holder));
        let is_text = property.and_then(|property| property.get("type")?.as_str()) == Some("string");
        return Ok(if is_text { quote!(Text) } else { quote!(Record) });
    }
    Ok(match required(operation, "x-pagination")? {
        "cursor" => quote!(List(End::Meta)),
        "cursor_and_offset" => quote!(List(End::MetaOrNextPage)),
        "incremental_cursor" | "incremental_time" => quote!(List(End::Stream)),
        "next_page" | "none" => quote!(List(End::Whole)),
        other => {
            return Err(Error::Incomplete(format!(
                "operation {}: unknown x-pagination {other}",
                operation.name()
            )));
        }
    })
}

fn required<'a>(operation: &Operation<'a>, key: &str) -> Result<&'a str, Error> {
    operation
        .text(key)
        .ok_or_else(|| Error::Incomplete(format!("operation {} has no {key}", operation.name())))
}
