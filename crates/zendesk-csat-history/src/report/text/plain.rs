//! The text with marks that every console has. What people wrote stays as it is.

/// The marks of the text, and what stands for each where a console may lack it.
const MARKS: [(char, char); 17] = [
    ('\u{a0}', ' '),
    ('±', '~'),
    ('−', '-'),
    ('–', '-'),
    ('…', '~'),
    ('─', '-'),
    ('●', 'o'),
    ('◆', '^'),
    ('█', '#'),
    ('▉', '#'),
    ('▊', '#'),
    ('▋', '#'),
    ('▌', '#'),
    ('▍', '.'),
    ('▎', '.'),
    ('▏', '.'),
    (char::REPLACEMENT_CHARACTER, '?'),
];

/// Where a mark that people wrote is kept while the text is drawn: in private use, as wide as the mark.
const WRITTEN: u32 = 0xf_0000;

/// A character of people's words, told from the same one as a mark.
pub(super) fn in_words(c: char) -> char {
    if MARKS.iter().any(|(mark, _)| *mark == c) {
        char::from_u32(WRITTEN + u32::from(c)).unwrap_or(c)
    } else {
        c
    }
}

/// The drawn text as it is shown.
pub(super) fn words_as_written(drawn: &str) -> String {
    drawn.chars().map(|c| written(c).unwrap_or(c)).collect()
}

/// The drawn text with ASCII for its marks.
pub(super) fn plain(drawn: &str) -> String {
    let plain = |c| MARKS.iter().find(|(mark, _)| *mark == c).map(|(_, plain)| *plain);
    drawn
        .chars()
        .map(|c| written(c).or_else(|| plain(c)).unwrap_or(c))
        .collect()
}

/// The mark that [`in_words`] has kept.
fn written(c: char) -> Option<char> {
    let mark = char::from_u32(u32::from(c).checked_sub(WRITTEN)?)?;
    MARKS.iter().any(|(known, _)| *known == mark).then_some(mark)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_plain_and_words_stay() {
        let words: String = "zu − teuer … é 好".chars().map(in_words).collect();
        let drawn = format!("{words} −2.0 ─●─ ▉▏ ◆");
        assert_eq!(words_as_written(&drawn), "zu − teuer … é 好 −2.0 ─●─ ▉▏ ◆");
        assert_eq!(plain(&drawn), "zu − teuer … é 好 -2.0 -o- #. ^");
    }
}
