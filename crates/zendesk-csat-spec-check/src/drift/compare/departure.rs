//! What an `x-departure` explains: only what its first clause names.
//!
//! `Not on the page; …` explains that the page lacks something. Any other clause explains what the page has, where it
//! names that: a type, a mark (mandatory, promises, read-only, optional, null), or a value or name in backquotes.

use super::super::{Fact, Kind};

pub(super) fn explains(text: &str, kind: Kind, fact: Fact, word: &str) -> bool {
    let clause = about_the_page(text);
    match kind {
        Kind::Unplaced => false,
        Kind::Beyond => is_absent(clause) || quotes(clause, word),
        Kind::Lacks | Kind::Differs if is_absent(clause) => false,
        Kind::Lacks | Kind::Differs => match fact {
            Fact::Mark => names_mark(clause, word),
            Fact::Type => has_word(clause, word),
            _ => quotes(clause, word),
        },
    }
}

/// The type that the page gives, by a departure that speaks of one: the page may have changed since.
pub(super) fn type_of_the_page(text: &str) -> Option<&'static str> {
    const TYPES: [&str; 6] = ["integer", "string", "array", "object", "boolean", "number"];
    let clause = about_the_page(text);
    clause
        .starts_with("The page")
        .then(|| TYPES.into_iter().find(|name| has_word(clause, name)))
        .flatten()
}

/// Whether a departure speaks of a promise of the page: the page may have taken it back since.
pub(super) fn is_of_a_promise(text: &str) -> bool {
    names_mark(about_the_page(text), "x-mandatory")
}

fn about_the_page(text: &str) -> &str {
    text.split([';', '.']).next().unwrap_or_default().trim()
}

fn is_absent(clause: &str) -> bool {
    clause.starts_with("Not on the")
}

fn quotes(clause: &str, word: &str) -> bool {
    !word.is_empty() && clause.contains(&format!("`{word}`"))
}

fn has_word(clause: &str, word: &str) -> bool {
    let mut words = clause.split(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '-' | '[' | ']'));
    !word.is_empty() && words.any(|known| known == word)
}

/// `word` is a mark that the page sets, or one with `not ` before it that the page denies.
fn names_mark(clause: &str, word: &str) -> bool {
    let words: &[&str] = match word {
        "x-mandatory" => &["mandatory", "promises"],
        "not x-mandatory" => &["optional"],
        "readOnly" => &["read-only"],
        "nullable" => &["null", "nullable"],
        "required" => &["required"],
        _ => return false,
    };
    words.iter().any(|word| has_word(clause, word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_departure_explains_what_it_names_and_nothing_else() {
        let says = "The page calls it a string; the service sends null.";
        assert!(!explains(says, Kind::Beyond, Fact::Property, "comment"));
        assert!(!explains(says, Kind::Differs, Fact::Type, "integer"));
        assert!(explains(says, Kind::Differs, Fact::Type, "string"));
        assert_eq!(type_of_the_page(says), Some("string"));
        let absent = "Not on the saved page; the service sends it.";
        assert!(explains(absent, Kind::Beyond, Fact::Property, "sort"));
        assert!(!explains(absent, Kind::Differs, Fact::Mark, "x-mandatory"));
        let promise = "The page promises it of dynamic texts; static ones have none.";
        assert!(explains(promise, Kind::Differs, Fact::Mark, "x-mandatory"));
        assert!(!explains(promise, Kind::Differs, Fact::Mark, "readOnly"));
        assert!(!explains(promise, Kind::Beyond, Fact::Property, "key"));
    }
}
