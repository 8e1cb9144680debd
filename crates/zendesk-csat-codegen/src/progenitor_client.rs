//! Settings of progenitor, and the few touches that its output needs.

use crate::{Error, format, lower};
use proc_macro2::TokenStream;
use progenitor::{GenerationSettings, Generator, HooksMode, InterfaceStyle, TagStyle};
use quote::quote;
use serde_json::Value;
use syn::visit_mut::VisitMut;

pub(crate) fn generate(spec: &Value) -> Result<String, Error> {
    let lowered = serde_json::from_value(lower::lower(spec))?;
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Positional)
        .with_tag(TagStyle::Merged)
        .with_hooks(HooksMode::Expected)
        .with_inner_type(quote!(crate::transport::CallContext))
        .with_derive("::schemars::JsonSchema")
        .with_derive("PartialEq")
        .with_map_type("::std::collections::BTreeMap");
    for replacement in lower::replacements(spec) {
        settings.with_replacement(replacement.schema, replacement.rust_type, std::iter::empty());
    }
    let tokens: TokenStream = Generator::new(&settings).generate_tokens(&lowered)?;
    let mut file: syn::File = syn::parse2(tokens)?;
    TolerantTimes.visit_file_mut(&mut file);
    format(quote!(#file))
}

/// Times are read by the SDK's own parser: faster than chrono's, and tolerant where the service is loose.
struct TolerantTimes;

impl VisitMut for TolerantTimes {
    fn visit_field_mut(&mut self, field: &mut syn::Field) {
        let time = quote!(::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>).to_string();
        let ty = &field.ty;
        if quote!(#ty).to_string() == time {
            field.attrs.push(
                syn::parse_quote!(#[serde(default, deserialize_with = "crate::decode::time::optional")]),
            );
        }
    }
}
