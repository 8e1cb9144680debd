//! Which pages are refused, and why.

use super::html;
use super::lines::Line;

/// Why a page was not compared.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// Names and values of a translated page are translated too, so it would differ everywhere.
    #[error(
        "the page is not in English ({0}); its tables and samples are translated too, so it would differ everywhere: save the English page"
    )]
    OtherLanguage(String),
    /// Nothing on the page is what pages of the documentation are made of.
    #[error(
        "no operation, no table and no call is on this page: it is none of the reference, or it was not saved whole"
    )]
    NothingToRead,
}

/// Words that English has and the other languages have not, and the other way round.
const ENGLISH: [&str; 12] = [
    "the", "of", "is", "with", "this", "and", "for", "are", "to", "that", "by", "be",
];
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
    if let Some(language) =
        html::language(page).filter(|language| !language.to_ascii_lowercase().starts_with("en"))
    {
        return Err(Refusal::OtherLanguage(format!("it calls itself {language:?}")));
    }
    let letters = lines
        .iter()
        .flat_map(|line| line.text.chars())
        .filter(|c| c.is_alphabetic());
    let (all, other) = letters.fold((0, 0), |(all, other), c| {
        (all + 1, other + usize::from(!is_latin(c)))
    });
    if other * 20 > all {
        let percent = 100 * other / all.max(1);
        return Err(Refusal::OtherLanguage(format!(
            "{percent} % of its letters are of another script"
        )));
    }
    let count = |words: &[&str]| {
        let lower = lines.iter().map(|line| line.text.to_lowercase());
        lower
            .map(|text| words_of(&text).filter(|word| words.contains(word)).count())
            .sum::<usize>()
    };
    let (english, others) = (count(&ENGLISH), count(&OTHERS));
    if others > english.max(ENOUGH) {
        return Err(Refusal::OtherLanguage(format!(
            "{others} small words of other languages, {english} of English"
        )));
    }
    Ok(())
}

fn words_of(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphabetic())
        .filter(|word| !word.is_empty())
}

fn is_latin(c: char) -> bool {
    // Latin with its extensions ends here.
    c < '\u{250}'
}

#[cfg(test)]
mod tests {
    use super::super::lines;
    use super::*;

    fn refused(page: &str) -> Option<String> {
        check(page, &lines::read(page))
            .err()
            .map(|refusal| refusal.to_string())
    }

    #[test]
    fn pages_of_other_languages_are_refused_with_a_reason() {
        assert!(
            refused("心情表示客户的感受。\nassignee_id 整数 真正的 代理的编号\n")
                .unwrap()
                .contains("of another script")
        );
        assert!(
            refused("<html lang=\"de-DE\"><body>id</body></html>")
                .unwrap()
                .contains("\"de-DE\"")
        );
        let german = "Eine Laune ist, was der Kunde und das Team mit der Zeit werden.\n";
        assert!(refused(german).unwrap().contains("small words"));
        for english in [
            "The mood of a customer is what it is.\n",
            "<html lang=en><body>id 😞</body></html>",
            "GET /api/v2/moods\n",
            "",
        ] {
            assert_eq!(refused(english), None, "{english}");
        }
    }
}
