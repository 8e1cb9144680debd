//! The sync and the async client, from one template.

use super::documentation::{docstring, entry, paragraphs};
use super::examples;
use super::method::{Method, resource_description};
use super::rust_docs::RustDocs;
use super::template::{Flavour, flavoured};
use serde_json::Value;
use zendesk_csat_codegen::Error;

const CLIENT: &str = include_str!("client.py.in");
const LISTING: &str = include_str!("listing.py.in");

/// `_client.py` and `_async_client.py`.
pub(crate) fn clients(spec: &Value, methods: &[Method<'_>], docs: &RustDocs) -> Result<[String; 2], Error> {
    let mut resources: Vec<&str> = methods.iter().map(|method| method.resource).collect();
    resources.dedup();
    let classes = resources
        .iter()
        .map(|resource| class(spec, methods, docs, resource))
        .collect::<Result<Vec<_>, _>>()?;
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
    records.extend(["CallCounts", "History", "Page", "Plan", "Secret", "SyncSummary"]);
    records.sort_unstable();
    records.dedup();
    let vocabulary = super::method::named_annotations(methods);
    let vocabulary: Vec<_> = vocabulary.iter().map(String::as_str).collect();
    let list = |names: &[&str]| -> String { names.iter().map(|name| format!("    {name},\n")).collect() };
    let template = CLIENT
        .replace("«records»", &list(&records))
        .replace("«vocabulary»", &list(&vocabulary))
        .replace("«attributes»", &attributes)
        .replace("«classes»", &classes.join("\n\n"));
    Ok([Flavour::Sync, Flavour::Async].map(|flavour| flavoured(&template, flavour)))
}

/// `_listing.py` and `_async_listing.py`.
pub(crate) fn listings() -> [String; 2] {
    [Flavour::Sync, Flavour::Async].map(|flavour| flavoured(LISTING, flavour))
}

fn class(spec: &Value, methods: &[Method<'_>], docs: &RustDocs, resource: &str) -> Result<String, Error> {
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
    let mut raw = String::new();
    for method in methods.iter().filter(|method| method.resource == resource) {
        let text = docs.member(&name, method.verb).ok_or_else(|| {
            Error::Incomplete(format!("the SDK's {name}::{} has no doc comment", method.verb))
        })?;
        source.push_str(&def(method, text, Answer::Parsed));
        raw.push_str(&def(method, text, Answer::Raw));
    }
    source.push_str(&with_raw_response(&name, resource));
    source.push_str(&raw_class(&name, resource, &raw));
    Ok(source)
}

/// The property that leads to the calls whose answers come with their status and headers.
fn with_raw_response(name: &str, resource: &str) -> String {
    let example = examples::of_raw_responses(resource).map_or_else(String::new, |example| {
        let lines: Vec<_> = example
            .lines()
            .map(|line| format!("            {line}"))
            .collect();
        format!("\n\n        Example:\n{}", lines.join("\n"))
    });
    format!(
        "
    @property
    def with_raw_response(self) -> «Async»{name}WithRawResponse:
{}        return «Async»{name}WithRawResponse(self._core)
",
        docstring(
            &format!(
                "The same calls, answered with status, headers and request id as well; a listing with one page.{example}"
            ),
            8
        )
    )
}

fn raw_class(name: &str, resource: &str, methods: &str) -> String {
    format!(
        "

class «Async»{name}WithRawResponse:
    \"\"\"The calls of `{resource}`, each answered with a `RawResponse`: of its record, or of one page.\"\"\"

    __slots__ = (\"_core\",)

    def __init__(self, core: _core.Client) -> None:
        self._core = core
{methods}"
    )
}

/// What a method answers with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Answer {
    /// The record.
    Parsed,
    /// The record, or one page of a listing, and what came around it.
    Raw,
}

fn def(method: &Method<'_>, text: &str, answer: Answer) -> String {
    let record = method.record;
    let (prefix, result) = match answer {
        Answer::Parsed if method.is_listing => ("", format!("«Async»Listing[{record}]")),
        Answer::Parsed => ("«async »", record.to_owned()),
        Answer::Raw if method.is_listing => ("«async »", format!("RawResponse[Page[{record}]]")),
        Answer::Raw => ("«async »", format!("RawResponse[{record}]")),
    };
    let declarations = match answer {
        Answer::Parsed => method.declarations(),
        Answer::Raw => method.call_declarations(),
    };
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
    let function = format!("_core.{}", method.operation);
    let arguments = ["self._core".to_owned()]
        .into_iter()
        .chain(method.parameters.iter().map(|parameter| parameter.name.clone()));
    let call = call(&function, &arguments.collect::<Vec<_>>(), 8);
    let body = if answer == Answer::Raw && method.is_listing {
        format!(
            "        return raw_page(«await »{}.pages().next().«wait»())\n",
            call.trim_start()
        )
    } else if method.is_listing {
        let listing = self::call(
            "«Async»Listing",
            &[call.trim_start().to_owned(), "on_malformed".to_owned()],
            8,
        );
        format!("        return {}\n", listing.trim_start())
    } else if answer == Answer::Raw {
        format!(
            "        return RawResponse(*(«await »{}.with_meta().«wait»()))\n",
            call.trim_start()
        )
    } else {
        format!("        return «await »{}.«wait»()\n", call.trim_start())
    };
    let example = match answer {
        Answer::Parsed => examples::of(method.operation),
        Answer::Raw => None,
    };
    format!(
        "\n{head}{}{body}",
        docstring(&documentation(method, text, answer, example), 8)
    )
}

/// A call, over several lines where it is long.
fn call(function: &str, arguments: &[String], indent: usize) -> String {
    let pad = " ".repeat(indent);
    let one_line = format!("{pad}{function}({})", arguments.join(", "));
    if one_line.len() <= 92 && !one_line.contains('\n') {
        return one_line;
    }
    let lines: String = arguments
        .iter()
        .map(|argument| format!("{pad}    {},\n", argument.replace('\n', "\n    ")))
        .collect();
    format!("{pad}{function}(\n{lines}{pad})")
}

fn documentation(method: &Method<'_>, text: &str, answer: Answer, example: Option<&str>) -> String {
    let (first, rest) = if answer == Answer::Raw && method.is_listing {
        let first = format!(
            "One page of `{}`: the first, or the one at a cursor.",
            method.verb
        );
        (
            first,
            "Records that could not be read are in the page's `malformed`.".to_owned(),
        )
    } else {
        first_sentence(text)
    };
    let mut doc = vec![first];
    if !rest.is_empty() {
        doc.push(paragraphs(&rest, 8));
    }
    let mut entries: Vec<_> = method
        .parameters
        .iter()
        .map(|parameter| entry(&parameter.name, &parameter.description, 12))
        .collect();
    if answer == Answer::Parsed && method.is_listing {
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
    if let Some(example) = example {
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

/// The first sentence, and the rest in its paragraphs.
pub(crate) fn first_sentence(text: &str) -> (String, String) {
    let (paragraph, others) = text.split_once("\n\n").unwrap_or((text, ""));
    let paragraph = paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
    let (first, rest) = match paragraph.split_once(". ") {
        _ if paragraph.len() <= 84 => (paragraph, String::new()),
        Some((first, rest)) => (format!("{first}."), rest.to_owned()),
        None => (paragraph, String::new()),
    };
    let rest = [rest, others.to_owned()]
        .into_iter()
        .filter(|part| !part.is_empty());
    (first, rest.collect::<Vec<_>>().join("\n\n"))
}

pub(crate) fn class_name(resource: &str) -> String {
    resource
        .split('_')
        .map(|word| word[..1].to_uppercase() + &word[1..])
        .collect()
}
