//! The classes of the extension module on the page of the Python API: the history, what it gives, and pages.

use super::clients::first_sentence;
use super::rust_docs::RustDocs;
use super::stubs::FIXED;

/// The classes that people meet, in the order in which they do.
const CLASSES: [&str; 19] = [
    "History",
    "CsatTable",
    "CsatRow",
    "CsatReason",
    "Report",
    "Export",
    "AccountInfo",
    "Gap",
    "Explained",
    "SyncSummary",
    "SyncRows",
    "Reconciliation",
    "Unavailable",
    "Plan",
    "Limits",
    "CallCounts",
    "Page",
    "CallMeta",
    "Malformed",
];

/// A section a class.
pub(crate) fn sections(docs: &RustDocs) -> String {
    CLASSES.iter().map(|class| section(class, docs)).collect()
}

fn section(class: &str, docs: &RustDocs) -> String {
    let (first, _) = first_sentence(docs.class(class).unwrap_or_default());
    let members: String = members(class)
        .into_iter()
        .map(|(name, signature)| {
            let text = docs.member(class, &name).unwrap_or_default();
            let (first, _) = first_sentence(text);
            format!("- **{name}**{signature}  \n  {first}\n")
        })
        .collect();
    format!("\n### {class}\n\n{first}\n\n{members}")
}

/// The names of a class in the stub that people use, each with what it takes and gives.
fn members(class: &str) -> Vec<(String, String)> {
    let heads = [format!("class {class}("), format!("class {class}:")];
    let block = FIXED
        .split("\n\n")
        .find_map(|block| heads.iter().find_map(|head| block.split_once(head.as_str())));
    let Some((_, body)) = block else {
        return Vec::new();
    };
    let body = body.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut members = Vec::new();
    let mut is_property = false;
    for part in body.split(": ...") {
        is_property |= part.contains("@property");
        if let Some((_, definition)) = part.split_once("def ")
            && let Some((name, rest)) = definition.split_once('(')
            && let Some((parameters, result)) = rest.rsplit_once(") -> ")
            && !name.starts_with('_')
        {
            let parameters = parameters.trim().trim_start_matches("self");
            let parameters = parameters.trim_matches([' ', ',']);
            let signature = if is_property {
                format!(": `{result}`")
            } else {
                format!("`({parameters})` → `{result}`")
            };
            members.push((name.to_owned(), signature));
        }
        is_property = false;
    }
    members
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_has_its_members() {
        for class in CLASSES {
            assert!(!members(class).is_empty(), "{class}");
        }
        let of_history = members("History");
        assert_eq!(of_history[0], ("path".to_owned(), ": `str`".to_owned()));
        let (_, signature) = of_history.iter().find(|(name, _)| name == "explain").unwrap();
        assert_eq!(signature, "`(subdomain: str)` → `list[Explained]`");
    }
}
