//! Records keep what the spec does not know of them: their `extra`.
//!
//! serde's `flatten` would read every field through a buffer. Here each model of what the service sends gets
//! its own reader, which costs nothing more than serde's where nothing is unknown, and its own writer.

use crate::{Error, spec};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;
use syn::punctuated::Punctuated;
use syn::{Attribute, Field, Fields, File, Item, ItemStruct, LitStr, Path, Token, Type, parse_quote};

/// Gives every model but those of requests its `extra`.
pub(crate) fn apply(spec: &Value, file: &mut File) -> Result<(), Error> {
    for item in &mut file.items {
        if let Item::Mod(module) = item
            && module.ident == "types"
            && let Some((_, items)) = &mut module.content
        {
            let mut done = Vec::with_capacity(items.len());
            for mut item in items.drain(..) {
                let code = match &mut item {
                    Item::Struct(model) if is_open(spec, model) => keep_unknown(model)?,
                    Item::Struct(model) => tolerant_number(model),
                    _ => TokenStream::new(),
                };
                done.push(item);
                done.extend(syn::parse2::<File>(code)?.items);
            }
            *items = done;
        }
    }
    Ok(())
}

/// The reader of a number with a type of its own, where the model is one.
fn tolerant_number(model: &ItemStruct) -> TokenStream {
    let (name, Fields::Unnamed(fields)) = (&model.ident, &model.fields) else {
        return TokenStream::new();
    };
    let Some(Field { ty, .. }) = fields.unnamed.first() else {
        return TokenStream::new();
    };
    if !matches!(quote!(#ty).to_string().as_str(), "i64" | "i32" | "f64") {
        return TokenStream::new();
    }
    quote! {
        impl<'de> crate::decode::tolerant::Tolerant<'de> for #name {
            fn read<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                <#ty as crate::decode::tolerant::Tolerant>::read(deserializer).map(Self)
            }

            fn read_optional<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<::std::option::Option<Self>, D::Error> {
                let number = <#ty as crate::decode::tolerant::Tolerant>::read_optional(deserializer)?;
                ::std::result::Result::Ok(number.map(Self))
            }
        }
    }
}

/// An object of the spec that may come with more than the spec knows.
fn is_open(spec: &Value, model: &ItemStruct) -> bool {
    let schema = spec::schemas(spec).find(|(name, _)| model.ident == **name);
    schema.is_some_and(|(_, schema)| spec::keeps_unknown(schema))
}

/// One field with all that reading and writing needs of it.
struct Known {
    field: syn::Ident,
    /// Its name on the wire.
    name: String,
    ty: Type,
    optional: bool,
}

fn keep_unknown(model: &mut ItemStruct) -> Result<TokenStream, Error> {
    take_off_serde(&mut model.attrs)?;
    let Fields::Named(fields) = &mut model.fields else {
        return Err(Error::Incomplete(format!("{} has no named fields", model.ident)));
    };
    let known = fields.named.iter().map(known).collect::<Result<Vec<_>, _>>()?;
    fields.named.iter_mut().for_each(leave_serde_to_schemars);
    fields.named.push(parse_quote! {
        /// What came and has no field of its own, by its name on the wire.
        #[cfg_attr(feature = "schemars", schemars(flatten))]
        pub extra: crate::Extra
    });
    let names = names(model, &known);
    let reader = reader(model, &known);
    let writer = writer(model, &known);
    Ok(quote!(#names #reader #writer))
}

/// The names on the wire, and the place of each: by length first, since a match compares one by one.
fn names(model: &ItemStruct, known: &[Known]) -> TokenStream {
    let model = &model.ident;
    let names: Vec<_> = known.iter().map(|known| known.name.as_str()).collect();
    let mut lengths: Vec<_> = names.iter().map(|name| name.len()).collect();
    lengths.sort_unstable();
    lengths.dedup();
    let arms = lengths.iter().map(|length| {
        let places = names.iter().enumerate().filter(|(_, name)| name.len() == *length);
        let places = places.map(|(place, name)| quote!(#name => #place,));
        quote!(#length => match name { #(#places)* _ => Self::NAMES.len() },)
    });
    quote! {
        impl crate::extra::Record for #model {
            const NAMES: &'static [&'static str] = &[#(#names),*];

            fn place(name: &str) -> usize {
                match name.len() {
                    #(#arms)*
                    _ => Self::NAMES.len(),
                }
            }
        }
    }
}

fn reader(model: &ItemStruct, known: &[Known]) -> TokenStream {
    let model = &model.ident;
    let expected = format!("struct {model}");
    let name = model.to_string();
    let slots = known.iter().map(|Known { field, ty, .. }| {
        let slot = slot(field);
        quote!(let mut #slot: ::std::option::Option<#ty> = ::std::option::Option::None;)
    });
    let arms = known
        .iter()
        .enumerate()
        .map(|(place, Known { field, name, .. })| {
            let slot = slot(field);
            quote!(#place => crate::extra::read(&mut #slot, #name, &mut map)?,)
        });
    let values = known.iter().map(|known| {
        let Known { field, name, .. } = known;
        let slot = slot(field);
        let value = match known {
            Known { optional: true, .. } => quote!(#slot.unwrap_or_default()),
            _ => quote!(crate::extra::required(#slot, #name)?),
        };
        quote!(#field: #value)
    });
    quote! {
        impl<'de> ::serde::Deserialize<'de> for #model {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                struct Reader;
                impl<'de> ::serde::de::Visitor<'de> for Reader {
                    type Value = #model;

                    fn expecting(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                        f.write_str(#expected)
                    }

                    fn visit_map<A: ::serde::de::MapAccess<'de>>(
                        self,
                        mut map: A,
                    ) -> ::std::result::Result<#model, A::Error> {
                        let mut names = crate::extra::Names::<#model>::default();
                        #(#slots)*
                        while let ::std::option::Option::Some(place) = names.next(&mut map)? {
                            match place {
                                #(#arms)*
                                _ => names.keep(&mut map)?,
                            }
                        }
                        ::std::result::Result::Ok(#model {
                            #(#values,)*
                            extra: names.into_extra(),
                        })
                    }
                }
                let names = <Self as crate::extra::Record>::NAMES;
                deserializer.deserialize_struct(#name, names, Reader)
            }
        }

        impl<'de> crate::decode::tolerant::Tolerant<'de> for #model {}
    }
}

fn writer(model: &ItemStruct, known: &[Known]) -> TokenStream {
    let model = &model.ident;
    let entries = known.iter().map(
        |Known {
             field,
             name,
             optional,
             ..
         }| match optional {
            true => quote! {
                if let ::std::option::Option::Some(value) = &self.#field {
                    map.serialize_entry(#name, value)?;
                }
            },
            false => quote!(map.serialize_entry(#name, &self.#field)?;),
        },
    );
    quote! {
        impl ::serde::Serialize for #model {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error> {
                use ::serde::ser::SerializeMap;
                let mut map = serializer.serialize_map(::std::option::Option::None)?;
                #(#entries)*
                self.extra.write::<Self, S::SerializeMap>(&mut map)?;
                map.end()
            }
        }
    }
}

fn slot(field: &syn::Ident) -> syn::Ident {
    format_ident!("read_{field}")
}

fn known(field: &Field) -> Result<Known, Error> {
    let ident = field
        .ident
        .clone()
        .ok_or_else(|| Error::Incomplete("a field without a name".into()))?;
    let mut name = ident.to_string();
    for attribute in &field.attrs {
        if attribute.path().is_ident("serde") {
            attribute.parse_nested_meta(|meta| {
                if meta.path.is_ident("rename") {
                    name = meta.value()?.parse::<LitStr>()?.value();
                } else if meta.path.is_ident("skip_serializing_if") {
                    meta.value()?.parse::<LitStr>()?;
                } else {
                    return Err(meta.error("the readers of records do not know this argument of serde"));
                }
                Ok(())
            })?;
        }
    }
    Ok(Known {
        field: ident,
        name,
        optional: is_optional(&field.ty),
        ty: field.ty.clone(),
    })
}

fn is_optional(ty: &Type) -> bool {
    let Type::Path(path) = ty else { return false };
    path.path
        .segments
        .last()
        .is_some_and(|last| last.ident == "Option")
}

/// Without serde's derives only those of schemars read its arguments.
fn leave_serde_to_schemars(field: &mut Field) {
    for attribute in field
        .attrs
        .iter_mut()
        .filter(|attribute| attribute.path().is_ident("serde"))
    {
        let arguments = &attribute.meta;
        *attribute = parse_quote!(#[cfg_attr(feature = "schemars", #arguments)]);
    }
}

/// The derives of what is written out here.
fn take_off_serde(attributes: &mut [Attribute]) -> Result<(), Error> {
    for attribute in attributes {
        if attribute.path().is_ident("derive") {
            let derives = attribute.parse_args_with(Punctuated::<Path, Token![,]>::parse_terminated)?;
            let others = derives.iter().filter(|path| {
                let last = path.segments.last().map(|last| last.ident.to_string());
                !matches!(last.as_deref(), Some("Serialize" | "Deserialize"))
            });
            *attribute = parse_quote!(#[derive(#(#others),*)]);
        }
    }
    Ok(())
}
