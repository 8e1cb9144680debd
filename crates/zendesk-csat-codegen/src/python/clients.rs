//! The sync and the async client, from one template.

use super::documentation::{docstring, entry, paragraphs};
use super::examples;
use super::method::{Method, resource_description};
use serde_json::Value;

const CLIENT: &str = include_str!("client.py.in");
const LISTING: &str = include_str!("listing.py.in");

/// Which of the two.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flavour {
    Sync,
    Async,
}

/// `_client.py` and `_async_client.py`.
pub(crate) fn clients(spec: &Value, methods: &[Method<'_>]) -> [String; 2] {
    [Flavour::Sync, Flavour::Async].map(|flavour| {
        let mut resources: Vec<&str> = methods.iter().map(|method| method.resource).collect();
        resources.dedup();
        let classes: Vec<_> = resources
            .iter()
            .map(|resource| class(spec, methods, resource))
            .collect();
        let attributes: String = resources
            .iter()
            .map(|resource| {
                format!(
                    "        self.{resource} = «Async»{}(self._core)\n{}",
                    class_name(resource),
                    docstring(&first_sentence(resource_description(spec, resource)).0, 8)
                )
            })
            .collect();
        let mut records: Vec<&str> = methods.iter().map(|method| method.record).collect();
        records.extend(["CallCounts", "History", "Secret", "SyncSummary"]);
        records.sort_unstable();
        records.dedup();
        let vocabulary = super::method::named_arguments(methods);
        let list = |names: &[&str]| -> String { names.iter().map(|name| format!("    {name},\n")).collect() };
        let template = CLIENT
            .replace("«records»", &list(&records))
            .replace("«vocabulary»", &list(&vocabulary))
            .replace("«attributes»", &attributes)
            .replace("«classes»", &classes.join("\n\n"));
        flavoured(&template, flavour)
    })
}

/// `_listing.py` and `_async_listing.py`.
pub(crate) fn listings() -> [String; 2] {
    [Flavour::Sync, Flavour::Async].map(|flavour| flavoured(LISTING, flavour))
}

/// Fills in what differs: words in guillemets, and whole lines that begin with `«sync»|` or `«async»|`.
fn flavoured(template: &str, flavour: Flavour) -> String {
    let mut source = String::with_capacity(template.len());
    for line in template.lines() {
        let line = match (
            line.strip_prefix("«sync»|"),
            line.strip_prefix("«async»|"),
            flavour,
        ) {
            (Some(line), _, Flavour::Sync) | (_, Some(line), Flavour::Async) => line,
            (None, None, _) => line,
            _ => continue,
        };
        source.push_str(line);
        source.push('\n');
    }
    let words = match flavour {
        Flavour::Sync => ["", "", "", "", "wait", "", ""],
        Flavour::Async => [
            "async ",
            "await ",
            "Async",
            "a",
            "start",
            "async_",
            "asynchronous ",
        ],
    };
    source
        .replace("«async »", words[0])
        .replace("«await »", words[1])
        .replace("«Async»", words[2])
        .replace("«a»", words[3])
        .replace("«wait»", words[4])
        .replace("«async_»", words[5])
        .replace("«asynchronous »", words[6])
}

fn class(spec: &Value, methods: &[Method<'_>], resource: &str) -> String {
    let name = class_name(resource);
    let (first, rest) = first_sentence(resource_description(spec, resource));
    let doc = if rest.is_empty() {
        first
    } else {
        format!("{first}\n\n{}", paragraphs(&rest, 4))
    };
    let mut source = format!(
        "class «Async»{name}:\n{}
    __slots__ = (\"_core\",)

    def __init__(self, core: _core.Client) -> None:
        self._core = core
",
        docstring(&doc, 4)
    );
    for method in methods.iter().filter(|method| method.resource == resource) {
        source.push_str(&def(method));
    }
    source
}

fn def(method: &Method<'_>) -> String {
    let record = method.record;
    let (prefix, result) = if method.is_listing {
        ("", format!("«Async»Listing[{record}]"))
    } else {
        ("«async »", record.to_owned())
    };
    let declarations = method.declarations();
    let one_line = format!(
        "    {prefix}def {}({}) -> {result}:\n",
        method.verb,
        declarations.join(", ")
    );
    let head = if one_line.len() <= 100 {
        one_line
    } else {
        let lines: String = declarations
            .iter()
            .map(|declaration| format!("        {declaration},\n"))
            .collect();
        format!("    {prefix}def {}(\n{lines}    ) -> {result}:\n", method.verb)
    };
    let arguments: String = method
        .parameters
        .iter()
        .map(|parameter| format!(", {}", parameter.name))
        .collect();
    let call = format!("_core.{}(self._core{arguments})", method.operation);
    let body = if method.is_listing {
        format!("        return «Async»Listing({call}, on_malformed)\n")
    } else {
        format!("        return «await »{call}.«wait»()\n")
    };
    format!("\n{head}{}{body}", docstring(&documentation(method), 8))
}

fn documentation(method: &Method<'_>) -> String {
    let (first, rest) = first_sentence(method.description);
    let mut doc = vec![first];
    if !rest.is_empty() {
        doc.push(paragraphs(&rest, 8));
    }
    let mut entries: Vec<_> = method
        .parameters
        .iter()
        .map(|parameter| entry(&parameter.name, &parameter.description, 12))
        .collect();
    if method.is_listing {
        entries.push(entry(
            "on_malformed",
            "What to do with a record that cannot be read: `raise` a DecodeError in its place, or `skip` it and keep it \
             in the listing's `malformed`.",
            12,
        ));
    }
    if !entries.is_empty() {
        doc.push(format!("        Args:\n{}", entries.join("\n")));
    }
    if let Some(example) = examples::of(method.operation) {
        let lines: Vec<_> = example
            .lines()
            .map(|line| format!("            {line}"))
            .collect();
        doc.push(format!("        Example:\n{}", lines.join("\n")));
    }
    if let Some(page) = method.page {
        doc.push(format!("        Documentation: {page}"));
    }
    doc.join("\n\n")
}

/// The first sentence, and the rest.
fn first_sentence(text: &str) -> (String, String) {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.split_once(". ") {
        Some((first, rest)) => (format!("{first}."), rest.to_owned()),
        None => (text, String::new()),
    }
}

fn class_name(resource: &str) -> String {
    resource
        .split('_')
        .map(|word| word[..1].to_uppercase() + &word[1..])
        .collect()
}
