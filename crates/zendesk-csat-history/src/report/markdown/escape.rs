//! Texts from outside in Markdown: words, and nothing else.

use zendesk_csat::visible;

/// What Markdown, or what shows it, makes something of inside a line.
const MARKS: &str = "\\`*_[]<>#!|~&$@^{}";

/// Ends a word without being seen: behind these, what would be a mention, a reference or an address is none.
const BREAK: char = '\u{200b}';

/// A text from outside on one line, of which no markup, mention, reference or link comes. What shows it may look for mentions
/// and addresses after it has taken the marks away, so a backslash is not enough.
pub(super) fn escape(text: &str) -> String {
    let text = visible(text.trim(), usize::MAX);
    let mut escaped = String::with_capacity(text.len());
    let mut before = [' '; 3];
    let mut is_white = false;
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        // White space is one blank: two at an end are a break.
        if c.is_whitespace() {
            if !is_white {
                escaped.push(' ');
            }
            is_white = true;
            before = [' '; 3];
            continue;
        }
        is_white = false;
        let begins_address = c == '.' && before.iter().all(|c| c.eq_ignore_ascii_case(&'w'));
        if begins_address {
            escaped.push(BREAK);
        }
        // One that ends a word is what it looks like.
        let is_colon = c == ':' && characters.peek().is_some_and(|next| !next.is_whitespace());
        if is_colon || MARKS.contains(c) {
            escaped.push('\\');
        }
        escaped.push(c);
        let begins_reference =
            c == '-' && before[1].eq_ignore_ascii_case(&'g') && before[2].eq_ignore_ascii_case(&'h');
        if is_colon || matches!(c, '@' | '#') || begins_reference {
            escaped.push(BREAK);
        }
        before = [before[1], before[2], c];
    }
    escaped
}

#[cfg(test)]
mod tests {
    use markdown::{CompileOptions, Options, ParseOptions, to_html_with_options};
    use proptest::prelude::*;

    use super::*;

    /// What a reader of GitHub's Markdown makes of it as a cell of a table and as a title.
    fn shown(escaped: &str) -> String {
        let options = Options {
            parse: ParseOptions::gfm(),
            compile: CompileOptions {
                allow_dangerous_html: true,
                allow_dangerous_protocol: true,
                ..CompileOptions::gfm()
            },
        };
        let source = format!("## {escaped}.\n\n| a | b |\n| --- | --- |\n| {escaped} | c |\n");
        to_html_with_options(&source, &options).unwrap()
    }

    fn expected(text: &str) -> String {
        let text = text
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
            .replace('"', "&quot;");
        format!(
            "<h2>{text}.</h2>\n<table>\n<thead>\n<tr>\n<th>a</th>\n<th>b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n\
             <td>{text}</td>\n<td>c</td>\n</tr>\n</tbody>\n</table>\n"
        )
    }

    #[test]
    fn words_stay_words() {
        let hostile = [
            "@everyone <@U12345> <!channel>",
            "see #12, GH-12, owner/name#34, me@example.com",
            "https://evil.example/?a=b www.evil.example http://x.y mailto:a@b.cc xmpp:a@b.cc",
            "[click](https://evil.example) ![x](y) <script>alert(1)</script> <img src=x>",
            "**bold** _it_ `code` ~~gone~~ $x$ :smile: a | b \\| c & &amp; &#64; {{x}} [^1]",
            "end\\",
        ];
        for text in hostile {
            let html = shown(&escape(text));
            assert_eq!(html.replace(BREAK, ""), expected(text), "{text}");
            // Nor for those that look for mentions and addresses in what is shown.
            for start in ["@e", "@U", "@b", "#1", "#3", "GH-1", "www.", ":/", ":s"] {
                assert!(!html.contains(start), "{start} in {html}");
            }
        }
        assert_eq!(escape("a\u{202e}b\u{1b}[2J\n\n c"), "ab \\[2J c");
    }

    proptest! {
        #[test]
        fn whatever_is_written_is_shown_as_words(text in "[!-~é好]{1,12}( [!-~]{1,8}){0,3}") {
            prop_assert_eq!(shown(&escape(&text)).replace(BREAK, ""), expected(&text));
        }
    }
}
