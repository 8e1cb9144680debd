//! The Rust of the extension module: a class a model, a function an operation.
//!
//! What a class does and how arguments are read is the extension's; this only says which there are.

use super::kinds;
use super::method::{Argument, Method, Parameter, Place, named_arguments};
use super::record_docs;
use super::schema::{Field, Model, Shape, Source, component};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;
use zendesk_csat_codegen::spec::{self, kind};
use zendesk_csat_codegen::{Error, format};

/// Words that cannot name a field in Rust; progenitor puts an underscore after them.
const RUST_KEYWORDS: [&str; 8] = ["type", "ref", "match", "use", "in", "for", "move", "where"];

/// Words that cannot name an attribute in Python.
const PYTHON_KEYWORDS: [&str; 8] = ["from", "in", "is", "class", "global", "pass", "import", "lambda"];

/// The records that the SDK reads as columns as well.
const COLUMNAR_RECORDS: [&str; 3] = ["SatisfactionRating", "SurveyResponse", "Ticket"];

/// The parameters of a listing that leave no record out.
const ORDER_AND_SIZE: [&str; 2] = ["page_size", "sort"];

/// The attribute of a property: its name, with an underscore where Python reserves it.
pub(crate) fn attribute(name: &str) -> String {
    if PYTHON_KEYWORDS.contains(&name) {
        format!("{name}_")
    } else {
        name.to_owned()
    }
}

pub(crate) fn models(spec: &Value, models: &[Model<'_>]) -> Result<String, Error> {
    let classes = models
        .iter()
        .map(|model| class(spec, models, model))
        .collect::<Result<Vec<_>, _>>()?;
    let kinds = models
        .iter()
        .filter_map(|model| Some(kinds::of(model.name)?.rust(model)))
        .collect::<Result<Vec<_>, _>>()?;
    let names = kinds::classes(models)
        .into_iter()
        .map(|name| format_ident!("{name}"));
    let mut integers = Vec::new();
    let mut texts = Vec::new();
    let mut enums = Vec::new();
    let mut newtypes = Vec::new();
    for (name, schema) in spec::schemas(spec) {
        let ident = format_ident!("{name}");
        match kind(schema) {
            Some("id") if schema.get("x-rust-type").is_some() => {}
            Some("id") if schema.get("type").is_some_and(|kind| kind == "integer") => integers.push(ident),
            Some("id") => texts.push(ident),
            Some("open-enum") => enums.push(ident),
            None if schema.get("type").is_some_and(|kind| kind == "integer") => newtypes.push(ident),
            _ => {}
        }
    }
    format(quote! {
        crate::values::integer_values!(#(#integers),*);
        crate::values::newtype_values!(#(#newtypes),*);
        crate::values::text_values!(#(#texts),*);
        crate::open_enum::open_enum_values!(#(#enums),*);
        #(#classes)*
        #(#kinds)*

        /// Adds every model's class to the module.
        pub(crate) fn register(module: &::pyo3::Bound<'_, ::pyo3::types::PyModule>) -> ::pyo3::PyResult<()> {
            use ::pyo3::types::PyModuleMethods;
            #(module.add_class::<#names>()?;)*
            Ok(())
        }
    })
}

fn class(spec: &Value, models: &[Model<'_>], model: &Model<'_>) -> Result<TokenStream, Error> {
    let name = format_ident!("{}", model.name);
    let doc = record_docs::of_model(spec, models, model)?;
    let secrecy = if model.secret {
        quote!(secret)
    } else {
        quote!(open)
    };
    let classes = match kinds::of(model.name) {
        Some(_) => quote!(many),
        None => quote!(one),
    };
    let fields = model.fields.iter().map(|field| {
        let Field {
            name, description, ..
        } = field;
        let attribute = attribute(name);
        let ident = if RUST_KEYWORDS.contains(name) {
            format_ident!("{name}_")
        } else {
            format_ident!("{name}")
        };
        let access = match (field.shape.model(), field.source) {
            _ if field.shape == Shape::Extra => quote!(unknown),
            (Some(_), Source::Aside) => quote!(nested_aside),
            (None, Source::Aside) => quote!(aside),
            (Some(_), _) => quote!(nested),
            (None, Source::Method) => quote!(value_view),
            (None, Source::Field) => quote!(value),
        };
        quote!(#[doc = #description] #access #ident #attribute #name;)
    });
    Ok(quote! {
        crate::model::model! {
            #[doc = #doc]
            #secrecy #classes #name: ::zendesk_csat::types::#name, { #(#fields)* }
        }
    })
}

pub(crate) fn operations(spec: &Value, methods: &[Method<'_>]) -> Result<String, Error> {
    let functions = methods.iter().map(|method| function(method, methods));
    let names = methods.iter().map(|method| format_ident!("{}", method.operation));
    let mut open = Vec::new();
    let mut closed = Vec::new();
    let mut inputs = Vec::new();
    for name in named_arguments(methods) {
        let (_, schema) = component(spec, name)?;
        let ident = format_ident!("{name}");
        match (kind(schema), schema.get("enum").and_then(Value::as_array)) {
            (Some("open-enum"), _) => open.push(ident),
            (_, Some(values)) => {
                let values = values.iter().filter_map(Value::as_str);
                let expected: Vec<_> = values.map(|value| format!("'{value}'")).collect();
                let expected = expected.join(" or ");
                closed.push(quote!(#ident #expected));
            }
            _ => inputs.push(ident),
        }
    }
    format(quote! {
        use ::pyo3::prelude::*;

        crate::arguments::open_enum_arguments!(#(#open),*);
        crate::arguments::closed_enum_arguments!(#(#closed),*);
        crate::arguments::input_arguments!(#(#inputs),*);
        #(#functions)*

        /// Adds every operation's function to the module.
        pub(crate) fn register(module: &Bound<'_, ::pyo3::types::PyModule>) -> PyResult<()> {
            #(module.add_function(wrap_pyfunction!(#names, module)?)?;)*
            Ok(())
        }
    })
}

fn function(method: &Method<'_>, methods: &[Method<'_>]) -> TokenStream {
    let operation = method.operation;
    let name = format_ident!("{operation}");
    let resource = format_ident!("{}", method.resource);
    let verb = format_ident!("{}", method.verb);
    let parameters: Vec<_> = method
        .parameters
        .iter()
        .map(|parameter| format_ident!("{}", parameter.name))
        .collect();
    let readings = method.parameters.iter().map(reading);
    let arguments = method
        .parameters
        .iter()
        .filter(|parameter| matches!(parameter.place, Place::Position | Place::RequiredArgument))
        .map(|parameter| {
            let name = format_ident!("{}", parameter.name);
            quote!(#name.clone())
        });
    let setters: Vec<_> = method.parameters.iter().filter_map(setter).collect();
    let binding = if setters.is_empty() {
        quote!(let request)
    } else {
        quote!(let mut request)
    };
    let request = quote! {
        #binding = client.#resource().#verb(#(#arguments),*);
        #(#setters)*
    };
    let (class, body) = if method.is_listing {
        let with_columns = COLUMNAR_RECORDS
            .contains(&method.record)
            .then(|| quote!(.with_columns(move |client| columns(client).columns())));
        let for_columns = with_columns
            .is_some()
            .then(|| quote!(let columns = request.clone();));
        let filters = method
            .parameters
            .iter()
            .filter(|parameter| !ORDER_AND_SIZE.contains(&parameter.name.as_str()))
            .map(|parameter| format_ident!("{}", parameter.name));
        let is_counted = methods
            .iter()
            .any(|other| other.resource == method.resource && other.verb == "count");
        let lists_all = is_counted.then(|| quote!(let lists_all = true #(&& #filters.is_none())*;));
        let with_count = is_counted.then(|| {
            quote!(.with_count(lists_all, |client| async move { client.#resource().count().send().await }))
        });
        let body = quote!({
            #lists_all
            let request = move |client: ::zendesk_csat::Client| { #request request };
            #for_columns
            crate::listing::Listing::new(client, #operation, move |client| request(client).pages())
                #with_columns #with_count
        });
        (quote!(crate::listing::Listing), body)
    } else {
        (
            quote!(crate::call::Call),
            quote!({
                let (client, recorder) = client.get().sdk(client.py())?.recorded();
                #request
                crate::call::Call::of_record(recorder, async move { request.send().await })
            }),
        )
    };
    quote! {
        #[pyfunction]
        #[pyo3(signature = (client, #(#parameters),*))]
        #[allow(clippy::too_many_arguments)]
        fn #name(
            client: &Bound<'_, crate::client::Client>,
            #(#parameters: &Bound<'_, PyAny>),*
        ) -> PyResult<#class> {
            #(#readings)*
            Ok(#body)
        }
    }
}

/// Reads an argument into a value of its own.
fn reading(parameter: &Parameter<'_>) -> TokenStream {
    let name = format_ident!("{}", parameter.name);
    let label = &parameter.name;
    let kind = rust_type(&parameter.argument);
    match parameter.place {
        Place::Optional => quote!(let #name: Option<#kind> = crate::arguments::optional(#label, #name)?;),
        _ => quote!(let #name: #kind = crate::arguments::required(#label, #name)?;),
    }
}

fn setter(parameter: &Parameter<'_>) -> Option<TokenStream> {
    let name = format_ident!("{}", parameter.name);
    match parameter.place {
        Place::Position | Place::RequiredArgument => None,
        Place::RequiredSetter => Some(quote!(request = request.#name(#name.clone());)),
        Place::Optional => Some(quote! {
            if let Some(#name) = &#name {
                request = request.#name(#name.clone());
            }
        }),
    }
}

fn rust_type(argument: &Argument<'_>) -> TokenStream {
    match argument {
        Argument::Integer => quote!(i64),
        Argument::Size => quote!(u32),
        Argument::Boolean => quote!(bool),
        Argument::Text | Argument::Locale => quote!(String),
        Argument::Secret => quote!(::zendesk_csat::SecretText),
        Argument::Time => quote!(::chrono::DateTime<::chrono::Utc>),
        Argument::OpenEnum(name) | Argument::ClosedEnum(name) | Argument::Input(name) => {
            let name = format_ident!("{name}");
            quote!(::zendesk_csat::types::#name)
        }
        Argument::List(item) => {
            let item = rust_type(item);
            quote!(Vec<#item>)
        }
    }
}
