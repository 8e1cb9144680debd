//! Which pages are refused, and why.

use super::html;
use super::lines::Line;

/// Why a page was not compared.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// Names and values of a translated page are translated too, so it would differ everywhere.
    #[error("the page is not in English ({0}); its tables and samples are translated too, so it would differ everywhere: save the English page")]
    OtherLanguage(String),
    /// Nothing on the page is what pages of the documentation are made of.
    #[error("no operation, no table and no call is on this page: it is none of the reference, or it was not saved whole")]
    NothingToRead,
}

/// Words that English has and the other languages have not, and the other way round.
const ENGLISH: [&str; 12] = ["the", "of", "is", "with", "this", "and", "for", "are", "to", "that", "by", "be"];
const OTHERS: [&str; 30] = [
    "der", "das", "und", "ist", "mit", "für", "nicht", "ein", "eine", "werden", // German
    "les", "des", "est", "une", "pour", "dans", "avec", // French
    "los", "las", "una", "para", "con", "por", "del", // Spanish
    "não", "uma", "os", // Portuguese
    "il", "che", "della", // Italian
];
/// A page says little by fewer words than these.
const ENOUGH: usize = 5;

pub(super) fn check(page: &str, lines: &[Line]) -> Result<(), Refusal> {
    if let Some(language) = html::language(page).filter(|language| !language.to_ascii_lowercase().starts_with("en")) {
        return Err(Refusal::OtherLanguage(format!("it calls itself {language:?}")));
    }
    let letters = || lines.iter().flat_map(|line| line.text.chars()).filter(|c| c.is_alphabetic());
    let (all, other) = (letters().count(), letters().filter(|c| !is_latin(*c)).count());
    if other * 20 > all {
        let percent = 100 * other / all.max(1);
        return Err(Refusal::OtherLanguage(format!("{percent} % of its letters are of another script")));
    }
    let count = |words: &[&str]| {
        let lower = lines.iter().map(|line| line.text.to_lowercase());
        lower.map(|text| words_of(&text).filter(|word| words.contains(word)).count()).sum::<usize>()
    };
    let (english, others) = (count(&ENGLISH), count(&OTHERS));
    if others > english.max(ENOUGH) {
        return Err(Refusal::OtherLanguage(format!("{others} small words of other languages, {english} of English")));
    }
    Ok(())
}

fn words_of(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty())
}

fn is_latin(c: char) -> bool {
    // Latin with its extensions ends here.
    c < '\u{250}'
}
