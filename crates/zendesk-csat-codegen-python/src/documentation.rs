//! Texts of the spec as docstrings.

const WIDTH: usize = 100;

/// A text with its paragraphs filled to the width, every line after `indent` spaces.
pub(crate) fn paragraphs(text: &str, indent: usize) -> String {
    let filled: Vec<_> = text
        .split("\n\n")
        .map(|paragraph| fill(paragraph, indent, indent))
        .collect();
    filled.join("\n\n")
}

/// One entry of a list such as `Args:`, its later lines indented further.
pub(crate) fn entry(name: &str, text: &str, indent: usize) -> String {
    fill(&format!("{name}: {text}"), indent, indent + 4)
}

fn fill(text: &str, first: usize, later: usize) -> String {
    let mut lines = Vec::new();
    let mut line = " ".repeat(first);
    let mut empty = true;
    for word in text.split_whitespace() {
        if !empty && line.len() + 1 + word.len() > WIDTH {
            lines.push(std::mem::replace(&mut line, " ".repeat(later)));
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(word);
        empty = false;
    }
    lines.push(line);
    lines.join("\n")
}

/// A docstring: its first line after the quotes, the rest indented.
pub(crate) fn docstring(text: &str, indent: usize) -> String {
    let text = text.replace('\\', "\\\\").replace("\"\"\"", "'''");
    let pad = " ".repeat(indent);
    let body = text.trim();
    if body.contains('\n') {
        format!("{pad}\"\"\"{body}\n{pad}\"\"\"\n")
    } else {
        format!("{pad}\"\"\"{body}\"\"\"\n")
    }
}

/// The text with every line but the first and the empty ones indented.
pub(crate) fn indented(text: &str, spaces: usize) -> String {
    let pad = format!("\n{}", " ".repeat(spaces));
    text.lines()
        .map(str::to_owned)
        .reduce(|text, line| {
            if line.is_empty() {
                text + "\n"
            } else {
                text + &pad + &line
            }
        })
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_filled_and_entries_hang() {
        let text = "word ".repeat(30);
        let filled = paragraphs(&text, 8);
        assert!(
            filled
                .lines()
                .all(|line| line.starts_with("        word") && line.len() <= WIDTH)
        );
        let entry = entry("score", &text, 8);
        assert!(entry.starts_with("        score: word"));
        assert!(
            entry
                .lines()
                .skip(1)
                .all(|line| line.starts_with("            word"))
        );
    }

    #[test]
    fn a_docstring_cannot_end_early() {
        assert_eq!(docstring(r#"a """ b"#, 0), "\"\"\"a ''' b\"\"\"\n");
    }
}
