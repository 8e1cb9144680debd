//! What the spec knows of each operation and the SDK needs at run time.

use crate::spec::{self, Operation};
use crate::{Error, format};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

pub(crate) fn generate(spec: &Value) -> Result<String, Error> {
    let operations = spec::operations(spec);
    let constants = operations.iter().map(constant).collect::<Result<Vec<_>, _>>()?;
    format(quote!(#(#constants)*))
}

fn constant(operation: &Operation<'_>) -> Result<TokenStream, Error> {
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
    let constant = format_ident!("{}", id.to_uppercase());
    Ok(quote! {
        pub(crate) const #constant: Operation = Operation {
            id: #id,
            bucket: Bucket::#bucket,
            max_page_size: #page_size,
        };
    })
}

fn required<'a>(operation: &Operation<'a>, key: &str) -> Result<&'a str, Error> {
    operation
        .text(key)
        .ok_or_else(|| Error::Incomplete(format!("operation {} has no {key}", operation.name())))
}
