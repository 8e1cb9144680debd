//! Named arguments: progenitor's methods take theirs by position, where two of one type can be swapped and nobody is told.
//! Each method that takes several gets a struct of them.

use quote::{format_ident, quote};
use syn::punctuated::Punctuated;
use syn::{File, FnArg, ImplItem, ImplItemFn, Item, ItemImpl, Pat, PatIdent, PatType, Type, parse_quote};

/// Gives every call of several arguments one struct of them, in the module `parameters`.
pub(crate) fn apply(file: &mut File) {
    let mut structs: Vec<Item> = Vec::new();
    let implementations = file.items.iter_mut().filter_map(|item| match item {
        Item::Impl(ItemImpl {
            items, trait_: None, ..
        }) => Some(items),
        _ => None,
    });
    for item in implementations.flatten() {
        if let ImplItem::Fn(method) = item
            && method.sig.asyncness.is_some()
        {
            structs.extend(named(method));
        }
    }
    file.items.push(parse_quote! {
        /// What each call takes, by name.
        pub mod parameters {
            use super::types;
            #(#structs)*
        }
    });
}

/// Makes the method take a struct, and gives the struct; none where there is nothing to swap.
fn named(method: &mut ImplItemFn) -> Option<Item> {
    let fields: Vec<(&PatIdent, &Type)> = method.sig.inputs.iter().filter_map(field).collect();
    if fields.len() < 2 {
        return None;
    }
    let operation = format_ident!("{}", pascal_case(&method.sig.ident.to_string()));
    let names: Vec<_> = fields.iter().map(|(pattern, _)| &pattern.ident).collect();
    let types: Vec<_> = fields.iter().map(|(_, kind)| *kind).collect();
    let all_optional = types.iter().all(|kind| is_optional(kind));
    let derive = all_optional.then(|| quote!(#[derive(Default)]));
    let lifetime = types.iter().any(|kind| borrows(kind)).then(|| quote!(<'a>));
    let structure: Item = parse_quote! {
        #derive
        pub struct #operation #lifetime {
            #(pub #names: #types,)*
        }
    };
    let unpack = parse_quote!(let parameters::#operation { #(#names,)* } = parameters;);
    let argument: FnArg = parse_quote!(parameters: parameters::#operation #lifetime);
    method.block.stmts.insert(0, unpack);
    let receiver = method.sig.inputs.first().cloned();
    method.sig.inputs = Punctuated::from_iter(receiver.into_iter().chain([argument]));
    Some(structure)
}

fn field(argument: &FnArg) -> Option<(&PatIdent, &Type)> {
    match argument {
        FnArg::Typed(PatType { pat, ty, .. }) => match &**pat {
            Pat::Ident(pattern) => Some((pattern, ty)),
            _ => None,
        },
        FnArg::Receiver(_) => None,
    }
}

fn is_optional(kind: &Type) -> bool {
    matches!(kind, Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "Option"))
}

fn borrows(kind: &Type) -> bool {
    quote!(#kind).to_string().contains("'a")
}

fn pascal_case(name: &str) -> String {
    let word = |word: &str| -> String {
        let (first, rest) = word.split_at(word.len().min(1));
        first.to_uppercase() + rest
    };
    name.split('_').map(word).collect()
}
