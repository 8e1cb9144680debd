//! Settings of progenitor.

use crate::{Error, format, lower, parameters, records, touches};
use proc_macro2::TokenStream;
use progenitor::{GenerationSettings, Generator, HooksMode, InterfaceStyle, TagStyle};
use quote::quote;
use serde_json::Value;

pub(crate) fn generate(spec: &Value) -> Result<String, Error> {
    let lowered = serde_json::from_value(lower::lower(spec))?;
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Positional)
        .with_tag(TagStyle::Merged)
        .with_hooks(HooksMode::Expected)
        .with_inner_type(quote!(crate::call::CallContext))
        .with_derive("PartialEq")
        .with_map_type("::std::collections::BTreeMap");
    for replacement in lower::replacements(spec) {
        settings.with_replacement(replacement.schema, replacement.rust_type, std::iter::empty());
    }
    let tokens: TokenStream = Generator::new(&settings).generate_tokens(&lowered)?;
    let mut file: syn::File = syn::parse2(tokens)?;
    parameters::apply(&mut file);
    touches::apply(spec, &mut file);
    records::apply(spec, &mut file)?;
    format(quote!(#file))
}
