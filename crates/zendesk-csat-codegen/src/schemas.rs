//! The JSON Schema of every model, by its name in the spec.

use crate::spec::{self, kind};
use crate::{Error, format};
use quote::{format_ident, quote};
use serde_json::Value;

pub(crate) fn generate(spec: &Value) -> Result<String, Error> {
    let models = spec::schemas(spec)
        .filter(|(_, schema)| kind(schema) != Some("one-or-many") && schema.get("x-rust-type").is_none());
    let models = models.map(|(name, _)| format_ident!("{name}"));
    format(quote! {
        /// The JSON Schema of every model, under `$defs` by its name.
        ///
        /// ```
        /// let schemas = zendesk_csat::types::json_schemas();
        /// assert!(schemas.pointer("/$defs/SatisfactionRating/properties/score").is_some());
        /// ```
        #[cfg(feature = "schemars")]
        pub fn json_schemas() -> ::schemars::Schema {
            let mut generator = ::schemars::SchemaGenerator::default();
            #(generator.subschema_for::<#models>();)*
            let models = generator.take_definitions(true);
            ::schemars::json_schema!({
                "$schema": "https://json-schema.org/draft/2020-12/schema",
                "$defs": models,
            })
        }
    })
}
