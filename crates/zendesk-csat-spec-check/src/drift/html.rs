//! HTML as the lines that a browser would save: a row of a table a line, its cells apart by tabs.
//!
//! It reads what pages of documentation hold and takes everything else for text; nothing is refused.

/// What no reader sees, and what stands around a page.
const HIDDEN: [&str; 10] = [
    "script", "style", "noscript", "template", "svg", "head", "button", "nav", "aside", "footer",
];
/// What stands in a line and does not end it.
const INLINE: [&str; 21] = [
    "a", "abbr", "b", "bdi", "cite", "code", "em", "font", "i", "img", "kbd", "label", "mark", "q", "s",
    "samp", "small", "span", "strong", "sub", "sup",
];
const BULLET: &str = "• ";
const ENTITIES: [(&str, &str); 14] = [
    ("amp", "&"),
    ("lt", "<"),
    ("gt", ">"),
    ("quot", "\""),
    ("apos", "'"),
    ("nbsp", " "),
    ("lbrace", "{"),
    ("rbrace", "}"),
    ("lcub", "{"),
    ("rcub", "}"),
    ("lsqb", "["),
    ("rsqb", "]"),
    ("bull", "•"),
    ("hellip", "..."),
];
/// Longer names of entities are none of the above.
const LONGEST_ENTITY: usize = 8;

/// Whether a page is HTML and not text: it begins with a tag.
pub(super) fn is_html(page: &str) -> bool {
    let inner = page.trim_start().strip_prefix('<');
    inner.is_some_and(|inner| inner.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '!' | '?')))
}

/// The language that the page says it is in: `<html lang="de">`.
pub(super) fn language(page: &str) -> Option<&str> {
    let start = page.find("<html").or_else(|| page.find("<HTML"))?;
    let tag = &page[start..];
    let tag = &tag[..tag.find('>')?];
    let value = &tag[tag.find("lang=")? + "lang=".len()..];
    let end = |c: char| matches!(c, '"' | '\'' | ' ' | '>');
    value.trim_start_matches(['"', '\'']).split(end).next()
}

/// The lines, each with the line of the file that it begins on.
pub(super) fn lines(page: &str) -> Vec<(usize, String)> {
    let mut writer = Writer::default();
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        let (text, tag) = rest.split_at(at);
        writer.text(text);
        rest = match tag_end(tag) {
            Some(end) => {
                let (tag, after) = tag.split_at(end);
                writer.tag(tag);
                let newlines = newlines(tag);
                writer.line += newlines;
                let hidden = hidden_by(tag);
                let skipped = hidden.map_or(0, |name| closing(after, name));
                writer.line += self::newlines(&after[..skipped]);
                &after[skipped..]
            }
            // A `<` that begins no tag is one.
            None => {
                writer.text("<");
                &tag[1..]
            }
        };
    }
    writer.text(rest);
    writer.end_line();
    writer.lines
}

#[derive(Default)]
struct Writer {
    lines: Vec<(usize, String)>,
    /// Where in the file the reader is, from 0.
    line: usize,
    current: String,
    /// Where the current line began.
    began: usize,
    verbatim: usize,
    /// Inside of a row, cells stay on one line.
    rows: usize,
}

impl Writer {
    fn text(&mut self, raw: &str) {
        for (index, part) in raw.split('\n').enumerate() {
            if index > 0 {
                self.line += 1;
                if self.verbatim > 0 && self.rows == 0 {
                    self.end_line();
                } else {
                    self.space();
                }
            }
            let text = decode(part.trim_end_matches('\r'));
            if self.verbatim > 0 && self.rows == 0 {
                self.push(&text);
            } else {
                self.push_collapsed(&text);
            }
        }
    }

    fn push(&mut self, text: &str) {
        if self.current.is_empty() {
            self.began = self.line;
        }
        self.current.push_str(text);
    }

    fn push_collapsed(&mut self, text: &str) {
        for (index, word) in text.split(char::is_whitespace).enumerate() {
            if index > 0 {
                self.space();
            }
            if !word.is_empty() {
                self.push(word);
            }
        }
    }

    /// One space between words, none at the start of a line or a cell.
    fn space(&mut self) {
        if !self.current.is_empty() && !self.current.ends_with([' ', '\t']) {
            self.current.push(' ');
        }
    }

    fn end_line(&mut self) {
        let text = std::mem::take(&mut self.current);
        self.lines
            .push((self.began + 1, text.trim_end_matches([' ', '\r']).to_owned()));
        self.began = self.line;
    }

    /// Ends a line where there is one, and leaves an empty one behind it as blocks do.
    fn end_block(&mut self) {
        if self.rows > 0 {
            self.space();
        } else if self.current.trim() == BULLET.trim() {
            // A block in an item does not part it from its bullet.
        } else if !self.current.trim().is_empty() {
            self.end_line();
        }
    }

    fn tag(&mut self, tag: &str) {
        let (name, is_end) = tag_name(tag);
        match (name.as_str(), is_end) {
            ("br", _) if self.rows > 0 => self.space(),
            ("br", _) => self.end_line(),
            ("pre", false) => {
                self.end_block();
                self.verbatim += 1;
            }
            ("pre", true) => {
                self.verbatim = self.verbatim.saturating_sub(1);
                self.end_block();
            }
            ("tr", is_end) => {
                // A row that was never closed ends where the next begins.
                self.rows = 0;
                self.end_block();
                self.rows = usize::from(!is_end);
            }
            ("table", is_end) => {
                self.rows = 0;
                self.end_block();
                if is_end {
                    self.end_line();
                }
            }
            ("td" | "th", false) if self.rows > 0 && !self.current.is_empty() => {
                self.current.truncate(self.current.trim_end_matches(' ').len());
                self.current.push('\t');
            }
            ("td" | "th", false) if self.rows > 0 => self.push("\u{200b}"),
            ("td" | "th", _) => {}
            ("li", false) => {
                self.end_block();
                if self.rows == 0 {
                    self.push(BULLET);
                }
            }
            (name, _) if INLINE.contains(&name) => {}
            ("p" | "ul" | "ol" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6", true) if self.rows == 0 => {
                self.end_block();
                self.end_line();
            }
            _ => self.end_block(),
        }
    }
}

/// Where a tag that begins here ends; none where it begins none.
fn tag_end(text: &str) -> Option<usize> {
    if text.starts_with("<!--") {
        return Some(text.find("-->").map_or(text.len(), |at| at + "-->".len()));
    }
    let is_tag = text[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!' || c == '?');
    if !is_tag {
        return None;
    }
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (None, '>') => return Some(at + 1),
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
    }
    // An attribute that is never closed: the tag ends at the first bracket after all.
    Some(text.find('>').map_or(text.len(), |at| at + 1))
}

fn tag_name(tag: &str) -> (String, bool) {
    let inner = tag.trim_start_matches('<');
    let is_end = inner.starts_with('/');
    let name: String = inner
        .trim_start_matches('/')
        .chars()
        .take_while(char::is_ascii_alphanumeric)
        .collect();
    (name.to_ascii_lowercase(), is_end)
}

fn hidden_by(tag: &str) -> Option<&'static str> {
    let (name, is_end) = tag_name(tag);
    let is_open = !is_end && !tag.ends_with("/>");
    HIDDEN.into_iter().find(|hidden| is_open && *hidden == name)
}

/// How much of the text comes before the end of an element that is not shown.
fn closing(text: &str, name: &str) -> usize {
    let end = format!("</{name}");
    let mut from = 0;
    while let Some(at) = text[from..].find("</") {
        let at = from + at;
        if text
            .get(at..at + end.len())
            .is_some_and(|found| found.eq_ignore_ascii_case(&end))
        {
            return at;
        }
        from = at + 2;
    }
    text.len()
}

fn newlines(text: &str) -> usize {
    text.bytes().filter(|byte| *byte == b'\n').count()
}

/// Takes the entities for what they stand for; those that are none stay as they are.
fn decode(text: &str) -> String {
    let mut parts = text.split('&');
    let mut decoded = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let entity = part.find(';').filter(|end| *end <= LONGEST_ENTITY);
        match entity.and_then(|end| Some((character(&part[..end])?, &part[end + 1..]))) {
            Some((character, rest)) => {
                decoded.push_str(&character);
                decoded.push_str(rest);
            }
            None => {
                decoded.push('&');
                decoded.push_str(part);
            }
        }
    }
    decoded
}

fn character(entity: &str) -> Option<String> {
    if let Some((_, character)) = ENTITIES.iter().find(|(name, _)| *name == entity) {
        return Some((*character).to_owned());
    }
    let number = entity.strip_prefix('#')?;
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => number.parse().ok()?,
    };
    char::from_u32(code).map(String::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(page: &str) -> Vec<String> {
        let lines = lines(page).into_iter();
        lines
            .map(|(_, text)| text)
            .filter(|text| !text.is_empty())
            .collect()
    }

    #[test]
    fn rows_items_and_samples_become_lines() {
        let page = "<!DOCTYPE html>\n<html lang=en><head><title>No</title></head><body><h2>Mood <a href='#a>b'>object</a></h2>\n\
            <ul><li><p>GET <code>/api/v2/moods</code></p><li>Admins</ul><table><thead><tr><th>Name<th>Type</tr></thead>\n\
            <tr><td>id</td><td>\n integer </td><tr><td><code>is&#95;true</code></td><td></td></tr></table>\
            <script>if (a < b) { \"<td>\" }</script><pre><code>{\n  <span>\"a\"</span>: 1 &lt; 2\n}</code></pre>a < b";
        assert_eq!(
            texts(page),
            [
                "Mood object",
                "• GET /api/v2/moods",
                "• Admins",
                "\u{200b}Name\tType",
                "\u{200b}id\tinteger",
                "\u{200b}is_true\t",
                "{",
                "  \"a\": 1 < 2",
                "}",
                "a < b"
            ]
        );
        assert_eq!(lines(page)[0].0, 2);
        assert_eq!(language(page), Some("en"));
    }

    #[test]
    fn what_is_cut_off_is_read_as_far_as_it_goes() {
        let page = "<html><body><table><tr><td>id</td><td>integer</td></tr></table><!-- never closed <p title=\"no end";
        for (end, _) in page.char_indices() {
            let _ = lines(&page[..end]);
        }
        assert_eq!(
            texts("<p>a&nbsp;b&unknown;&#xFFFFFFFF;</p><script>"),
            ["a b&unknown;&#xFFFFFFFF;"]
        );
    }
}
