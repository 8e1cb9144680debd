//! Texts from outside, on their way to a person.

use std::borrow::Cow;

/// A text from outside, fit for a terminal, a log or an error: on one line, of at most `limit` characters, and unable
/// to steer what shows it.
///
/// Control characters (ESC and the C1 ones among them) and line ends become spaces; marks that change the direction of
/// writing are left out, which moves no letter. A text that is cut ends in `…`; `usize::MAX` cuts none.
///
/// ```
/// use zendesk_csat::visible;
///
/// assert_eq!(visible("\u{1b}[2Jgood\nas \u{202e}gold", usize::MAX), " [2Jgood as gold");
/// assert_eq!(visible("as good as gold", 8), "as good…");
/// ```
pub fn visible(text: &str, limit: usize) -> Cow<'_, str> {
    // No text has more characters than bytes.
    let fits = text.len() <= limit || text.chars().nth(limit).is_none();
    if fits && !text.contains(|c| steers(c) || is_bidi_control(c)) {
        return Cow::Borrowed(text);
    }
    let mut characters = text.chars().filter(|c| !is_bidi_control(*c));
    let shown = characters.by_ref().take(limit);
    let mut line: String = shown.map(|c| if steers(c) { ' ' } else { c }).collect();
    if characters.next().is_some() && line.pop().is_some() {
        line.push('…');
    }
    Cow::Owned(line)
}

/// Whether a character could move a cursor or end a line.
fn steers(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

/// Whether a character changes the direction in which its neighbours are shown: Unicode's property `Bidi_Control`.
///
/// ```
/// assert!(zendesk_csat::is_bidi_control('\u{202e}') && !zendesk_csat::is_bidi_control('é'));
/// ```
pub fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn nothing_steers_the_terminal() {
        let evil = "\u{1b}]0;pwned\u{7}\u{9b}31m\u{202e}gnp.exe\u{202c}\r\n\u{2028}\u{2066}x\u{2069}\0\u{7f}";
        assert_eq!(visible(evil, usize::MAX), " ]0;pwned  31mgnp.exe   x  ");
    }

    #[test]
    fn a_text_that_is_plain_stays_as_it_is() {
        for text in ["", "plain", "é 好 🙂 עברית", "tab-free"] {
            assert!(matches!(visible(text, text.chars().count()), Cow::Borrowed(same) if same == text));
        }
    }

    #[test]
    fn a_long_text_is_cut_at_a_character() {
        assert_eq!(visible("ééééé", 3), "éé…");
        assert_eq!(visible("a\n\u{202e}b", 2), "a…");
        assert_eq!(visible("a\u{202e}b", 2), "ab");
        assert_eq!(visible("anything", 0), "");
    }

    proptest! {
        #[test]
        fn any_text_is_one_bounded_line(text in any::<String>(), limit in 0..40_usize) {
            let shown = visible(&text, limit);
            prop_assert!(shown.chars().count() <= limit);
            prop_assert!(!shown.contains(|c| steers(c) || is_bidi_control(c)));
            prop_assert_eq!(visible(&shown, limit), shown.clone());
        }
    }
}
