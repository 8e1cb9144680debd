//! Doc comments of Rust sources: what the SDK and the extension say of themselves, Python says too.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use std::collections::BTreeMap;
use syn::parse::Parser;
use syn::{Attribute, Expr, ExprLit, ImplItem, Item, Lit, Meta};
use zendesk_csat_codegen::Error;

/// Doc comments by class, and by class and member; a function stands under its own name.
#[derive(Default)]
pub(crate) struct RustDocs(BTreeMap<(String, Option<String>), String>);

impl RustDocs {
    /// Of the classes and functions that the extension module's sources show to Python.
    pub(crate) fn of_extension(sources: &[String]) -> Result<Self, Error> {
        let mut docs = Self::default();
        for source in sources {
            for item in syn::parse_file(source)?.items {
                docs.item(&item)?;
            }
        }
        Ok(docs)
    }

    /// Of the methods in the SDK's sources, without their examples and links, which are Rust's.
    pub(crate) fn of_sdk(sources: &[String]) -> Result<Self, Error> {
        let mut docs = Self::default();
        for source in sources {
            for item in syn::parse_file(source)?.items {
                if let Item::Impl(block) = item
                    && block.trait_.is_none()
                {
                    docs.methods_of(&block);
                }
            }
        }
        for text in docs.0.values_mut() {
            *text = for_python(text);
        }
        Ok(docs)
    }

    pub(crate) fn class(&self, name: &str) -> Option<&str> {
        self.0.get(&(name.to_owned(), None)).map(String::as_str)
    }

    pub(crate) fn member(&self, class: &str, name: &str) -> Option<&str> {
        self.0
            .get(&(class.to_owned(), Some(name.to_owned())))
            .map(String::as_str)
    }

    fn item(&mut self, item: &Item) -> Result<(), Error> {
        match item {
            Item::Struct(class) if has(&class.attrs, "pyclass") => {
                let name = class.ident.to_string();
                for field in class.fields.iter().filter(|field| has(&field.attrs, "pyo3")) {
                    if let Some(field_name) = &field.ident {
                        self.add(&name, Some(field_name.to_string()), &field.attrs);
                    }
                }
                self.add(&name, None, &class.attrs);
            }
            Item::Impl(block) if has(&block.attrs, "pymethods") => self.methods_of(block),
            Item::Fn(function) if has(&function.attrs, "pyfunction") => {
                self.add(&function.sig.ident.to_string(), None, &function.attrs);
            }
            Item::Macro(call) if call.mac.path.is_ident("model") => self.model(call.mac.tokens.clone())?,
            Item::Macro(rules) if rules.ident.as_ref().is_some_and(|name| name == "model") => {
                self.shared(&rules.mac.tokens);
            }
            _ => {}
        }
        Ok(())
    }

    fn methods_of(&mut self, block: &syn::ItemImpl) {
        if let syn::Type::Path(class) = &*block.self_ty
            && let Some(class) = class.path.get_ident()
        {
            self.methods(&class.to_string(), &block.items);
        }
    }

    fn methods(&mut self, class: &str, items: &[ImplItem]) {
        for item in items {
            if let ImplItem::Fn(method) = item {
                self.add(class, Some(method.sig.ident.to_string()), &method.attrs);
            }
        }
    }

    /// A call of the extension's `model!`: the class, its properties, its methods.
    fn model(&mut self, tokens: TokenStream) -> Result<(), Error> {
        let (class_docs, rest) = leading_docs(tokens)?;
        let mut rest = rest.into_iter();
        let Some(TokenTree::Ident(class)) = rest.nth(1) else {
            return Err(Error::Incomplete("model! without a class".to_owned()));
        };
        let class = class.to_string();
        let mut groups = rest.filter_map(|token| match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => Some(group.stream()),
            _ => None,
        });
        for property in statements(groups.next().unwrap_or_default()) {
            let (docs, rest) = leading_docs(property)?;
            let attribute = rest.into_iter().find_map(|token| match token {
                TokenTree::Literal(name) => Some(name.to_string().trim_matches('"').to_owned()),
                _ => None,
            });
            self.add(&class, attribute, &docs);
        }
        if let Some(methods) = groups.next() {
            let block: syn::ItemImpl = syn::parse2(quote::quote!(impl Class { #methods }))?;
            self.methods(&class, &block.items);
        }
        self.add(&class, None, &class_docs);
        Ok(())
    }

    /// What the definition of `model!` gives to every class: `core.pyi.in` has it in `_Record` and `_Model`.
    fn shared(&mut self, tokens: &TokenStream) {
        let (mut docs, mut tokens) = (Vec::new(), tokens.clone().into_iter().peekable());
        while let Some(token) = tokens.next() {
            match token {
                TokenTree::Punct(mark) if mark.as_char() == '#' => {
                    if let Some(TokenTree::Group(group)) = tokens.peek() {
                        let attribute = group.stream();
                        let attribute: Result<Meta, _> = syn::parse2(attribute);
                        docs.extend(attribute.ok().as_ref().and_then(doc_of));
                        tokens.next();
                    }
                }
                TokenTree::Ident(word) if word == "fn" => {
                    if let (Some(TokenTree::Ident(name)), false) = (tokens.next(), docs.is_empty()) {
                        let text = docs.join("\n").trim().to_owned();
                        for class in ["_Record", "_Model"] {
                            self.0
                                .insert((class.to_owned(), Some(name.to_string())), text.clone());
                        }
                    }
                    docs.clear();
                }
                TokenTree::Group(group) => {
                    docs.clear();
                    self.shared(&group.stream());
                }
                _ => docs.clear(),
            }
        }
    }

    fn add(&mut self, class: &str, member: Option<String>, attributes: &[Attribute]) {
        let lines: Vec<_> = attributes.iter().filter_map(doc_line).collect();
        if !lines.is_empty() {
            self.0
                .insert((class.to_owned(), member), lines.join("\n").trim().to_owned());
        }
    }
}

fn has(attributes: &[Attribute], name: &str) -> bool {
    attributes.iter().any(|attribute| attribute.path().is_ident(name))
}

fn doc_line(attribute: &Attribute) -> Option<String> {
    doc_of(&attribute.meta)
}

fn doc_of(meta: &Meta) -> Option<String> {
    match meta {
        Meta::NameValue(meta) if meta.path.is_ident("doc") => match &meta.value {
            Expr::Lit(ExprLit {
                lit: Lit::Str(text), ..
            }) => {
                let text = text.value();
                Some(text.strip_prefix(' ').unwrap_or(&text).to_owned())
            }
            _ => None,
        },
        _ => None,
    }
}

/// The paragraphs before the first example or address, with links as plain names.
fn for_python(text: &str) -> String {
    let paragraphs = text
        .split("\n\n")
        .take_while(|paragraph| !paragraph.starts_with("```") && !paragraph.starts_with("[Documentation]"));
    paragraphs.map(without_links).collect::<Vec<_>>().join("\n\n")
}

/// `[text](target)` as `text`.
fn without_links(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, link)) = rest.split_once('[') {
        plain.push_str(before);
        rest = match link
            .split_once("](")
            .and_then(|(name, after)| Some((name, after.split_once(')')?.1)))
        {
            Some((name, after)) => {
                plain.push_str(name);
                after
            }
            None => {
                plain.push('[');
                link
            }
        };
    }
    plain + rest
}

/// The doc comments at the start, and what follows them.
fn leading_docs(tokens: TokenStream) -> Result<(Vec<Attribute>, TokenStream), Error> {
    let parser =
        |input: syn::parse::ParseStream<'_>| Ok((input.call(Attribute::parse_outer)?, input.parse()?));
    Ok(parser.parse2(tokens)?)
}

/// The tokens up to each semicolon.
fn statements(tokens: TokenStream) -> Vec<TokenStream> {
    let mut statements = vec![Vec::new()];
    for token in tokens {
        match (&token, statements.last_mut()) {
            (TokenTree::Punct(mark), _) if mark.as_char() == ';' => statements.push(Vec::new()),
            (_, Some(statement)) => statement.push(token),
            (_, None) => {}
        }
    }
    let statements = statements.into_iter().map(TokenStream::from_iter);
    statements.filter(|statement| !statement.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_members_and_models_are_found() {
        let source = r#"
            /// A page.
            #[pyclass(frozen)]
            struct Page {
                /// Where.
                #[pyo3(get)]
                cursor: Option<String>,
                inner: u8,
            }
            #[pymethods]
            impl Page {
                /// The records.
                ///
                /// Example:
                ///     >>> page.items
                #[getter]
                fn items(&self) {}
            }
            impl Page {
                /// Not Python's.
                fn hidden(&self) {}
            }
            /// Goes.
            #[pyfunction]
            fn go() {}
            model! {
                /// Sums.
                plain Sums: crate::Sums, {
                    /// How many.
                    value count "count" "count";
                    value other "other" "other";
                } {
                    /// As text.
                    fn __str__(&self) -> String { String::new() }
                }
            }
        "#;
        let docs = RustDocs::of_extension(&[source.to_owned()]).unwrap();
        assert_eq!(docs.class("Page"), Some("A page."));
        assert_eq!(docs.member("Page", "cursor"), Some("Where."));
        assert_eq!(
            docs.member("Page", "items"),
            Some("The records.\n\nExample:\n    >>> page.items")
        );
        assert_eq!(docs.member("Page", "hidden"), None);
        assert_eq!(docs.class("go"), Some("Goes."));
        assert_eq!(docs.class("Sums"), Some("Sums."));
        assert_eq!(docs.member("Sums", "count"), Some("How many."));
        assert_eq!(docs.member("Sums", "other"), None);
        assert_eq!(docs.member("Sums", "__str__"), Some("As text."));
    }

    #[test]
    fn what_every_model_has_is_in_the_macro() {
        let source = r#"
            macro_rules! model {
                ($(#[doc = $doc:literal])* $name:ident) => {
                    $(#[doc = $doc])*
                    struct $name;
                    #[pymethods]
                    impl $name {
                        /// As a dict.
                        ///
                        /// Example:
                        ///     >>> record.to_dict()
                        #[pyo3(name = "to_dict")]
                        fn to_dict(&self) {}
                        fn quiet(&self) {}
                    }
                };
            }
        "#;
        let docs = RustDocs::of_extension(&[source.to_owned()]).unwrap();
        assert_eq!(
            docs.member("_Record", "to_dict"),
            Some("As a dict.\n\nExample:\n    >>> record.to_dict()")
        );
        assert_eq!(docs.member("_Record", "quiet"), None);
    }

    #[test]
    fn the_sdk_says_what_people_do_and_keeps_its_rust() {
        let source = r#"
            impl Tickets {
                /// Every ticket. Start with [`start_time`](ExportTickets::start_time).
                ///
                /// [Documentation](https://developer.zendesk.com/)
                ///
                /// ```
                /// let page = 1;
                /// ```
                pub fn export(&self) {}
            }
            impl Display for Tickets {
                /// Nothing.
                fn fmt(&self) {}
            }
        "#;
        let docs = RustDocs::of_sdk(&[source.to_owned()]).unwrap();
        assert_eq!(
            docs.member("Tickets", "export"),
            Some("Every ticket. Start with `start_time`.")
        );
        assert_eq!(docs.member("Tickets", "fmt"), None);
    }
}
