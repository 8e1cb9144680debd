//! The page without what no page may have: characters that people cannot see, and that steer whoever shows it.

use zendesk_csat::is_bidi_control;

/// The page with a mark in the place of each control character, and without those that turn the direction of text around.
pub(super) fn printable(page: String) -> String {
    if !page.contains(|c| is_forbidden(c) || is_bidi_control(c)) {
        return page;
    }
    page.chars()
        .filter(|c| !is_bidi_control(*c))
        .map(|c| {
            if is_forbidden(c) {
                char::REPLACEMENT_CHARACTER
            } else {
                c
            }
        })
        .collect()
}

/// Control characters but for white space, and the code points that are no characters.
fn is_forbidden(c: char) -> bool {
    c.is_control() && !matches!(c, '\t' | '\n' | '\r')
        || matches!(u32::from(c), 0xfdd0..=0xfdef)
        || u32::from(c) & 0xfffe == 0xfffe
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_cannot_be_seen_is_marked_or_gone() {
        let page = "a\0b\u{1b}[31m\u{85}\u{7f}c\u{202e}d\u{2066}e\u{fffe}\u{1ffff} é 好\n\tf";
        assert_eq!(printable(page.to_owned()), "a�b�[31m��cde�� é 好\n\tf");
        assert_eq!(printable("whole\n".to_owned()), "whole\n");
    }

    proptest! {
        #[test]
        fn nothing_else_is_touched(text in "[ -~\n\u{a0}-\u{2000}]*") {
            let kept: String = text.chars().filter(|c| !is_bidi_control(*c)).collect();
            prop_assert_eq!(printable(text), kept);
        }
    }
}
