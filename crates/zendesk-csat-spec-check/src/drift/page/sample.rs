//! Samples of JSON: whole ones, what a command sends, and those of guides that leave parts out.

use serde_json::{Map, Value};

/// A sample: a request's where it has no status.
#[derive(Debug)]
pub(in super::super) struct Sample {
    pub(in super::super) line: usize,
    pub(in super::super) status: Option<String>,
    pub(in super::super) value: Value,
    /// Objects in it that stand in no member, because what holds them was left out.
    pub(in super::super) loose: Vec<Value>,
}

/// What was read of a sample.
pub(super) struct Body {
    pub(super) value: Value,
    pub(super) loose: Vec<Value>,
}

impl Body {
    pub(super) fn whole(value: Value) -> Self {
        Self {
            value,
            loose: Vec::new(),
        }
    }
}

/// What a sample of an answer may begin with.
const STATUS: &str = "// Status ";
/// What stands in place of what a guide leaves out.
const ELISION: &str = "...";
/// Objects inside of one another; JSON of the API has five.
const DEEPEST: usize = 60;
/// How many lines a sample with parts left out has at most.
const LONGEST: usize = 400;
/// How curl is told what to send.
const SENT: [&str; 4] = ["-d '", "--data '", "--data-raw '", "--data-binary '"];

/// The status that a line names: `200 OK`, or `// Status 200 OK` with the body behind it.
pub(super) fn status(line: &str) -> Option<String> {
    let named = line.strip_prefix(STATUS).unwrap_or(line);
    let head = named.split('{').next().unwrap_or_default();
    let mut words = head.split(' ');
    let digits = words.next().unwrap_or_default();
    let is_status = digits.len() == 3 && digits.bytes().all(|byte| byte.is_ascii_digit());
    let has_name = words
        .next()
        .is_some_and(|word| word.starts_with(|c: char| c.is_ascii_uppercase()));
    (is_status && (has_name || line.starts_with(STATUS))).then(|| digits.to_owned())
}

/// The samples of a page, which go over any number of lines.
pub(super) struct Samples<'t> {
    lines: &'t [&'t str],
    text: String,
    starts: Vec<usize>,
}

impl<'t> Samples<'t> {
    pub(super) fn of(lines: &'t [&'t str]) -> Self {
        let mut text = String::new();
        let mut starts = Vec::with_capacity(lines.len());
        for line in lines {
            starts.push(text.len());
            text.push_str(line);
            text.push('\n');
        }
        Self { lines, text, starts }
    }

    /// The sample that begins on a line, and the line after it.
    pub(super) fn answer(&self, at: usize) -> Option<(Body, usize)> {
        let line = self.lines.get(at)?;
        let offset = match line.strip_prefix(STATUS) {
            Some(_) => line.find('{')?,
            None => 0,
        };
        let body = &line[offset..];
        if body.starts_with('{')
            && let Some((value, length)) = json(&self.text[self.starts[at] + offset..])
        {
            let end = self.starts[at] + offset + length;
            let next = self.starts.partition_point(|start| *start < end);
            return Some((Body::whole(value), next.max(at + 1)));
        }
        let is_member = body.starts_with('"') && body.contains("\":");
        if !body.starts_with('{') && !is_member {
            return None;
        }
        let length = self.lines[at..]
            .iter()
            .take(LONGEST)
            .take_while(|line| is_json(line))
            .count();
        let lines = &self.lines[at..at + length];
        let is_partial = is_member || lines.iter().any(|line| line.starts_with(ELISION));
        let body = is_partial.then(|| partial(&lines.join("\n"))).flatten()?;
        Some((body, at + length))
    }

    /// What the command on a line sends.
    pub(super) fn sent(&self, at: usize) -> Option<Value> {
        let line = self.lines.get(at)?;
        let start = SENT.iter().find_map(|flag| Some(line.find(flag)? + flag.len()))?;
        json(&self.text[self.starts[at] + start..]).map(|(value, _)| value)
    }
}

/// The first value of a text, and how long it is.
fn json(text: &str) -> Option<(Value, usize)> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter();
    let value = values.next()?.ok()?;
    Some((value, values.byte_offset()))
}

fn is_json(line: &str) -> bool {
    let starts = ["{", "}", "[", "]", "\"", ",", ELISION, "true", "false", "null"];
    line.is_empty()
        || starts.iter().any(|start| line.starts_with(start))
        || line.starts_with(|c: char| c.is_ascii_digit() || c == '-')
}

/// Reads what is left of a sample; whole samples are stricter.
fn partial(text: &str) -> Option<Body> {
    let mut reader = Partial {
        rest: text,
        loose: Vec::new(),
    };
    reader.rest = text.strip_prefix('{').unwrap_or(text);
    let value = reader.members(1);
    let body = Body {
        value: Value::Object(value),
        loose: reader.loose,
    };
    let is_empty = body.loose.is_empty() && body.value.as_object().is_none_or(Map::is_empty);
    (!is_empty).then_some(body)
}

struct Partial<'t> {
    rest: &'t str,
    loose: Vec<Value>,
}

impl<'t> Partial<'t> {
    /// Members up to the end of the object.
    fn members(&mut self, depth: usize) -> Map<String, Value> {
        let mut members = Map::new();
        while let Some(c) = self.next_char() {
            match c {
                '}' => {
                    self.rest = &self.rest[1..];
                    break;
                }
                '{' if depth < DEEPEST => {
                    self.rest = &self.rest[1..];
                    let object = Value::Object(self.members(depth + 1));
                    self.loose.push(object);
                }
                '"' => {
                    let Some(name) = self.string() else {
                        self.rest = "";
                        break;
                    };
                    if self.next_char() == Some(':') {
                        self.rest = &self.rest[1..];
                        if let Some(value) = self.value(depth) {
                            members.insert(name, value);
                        }
                    }
                }
                other => self.rest = &self.rest[other.len_utf8()..],
            }
        }
        members
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        match self.next_char()? {
            '{' if depth < DEEPEST => {
                self.rest = &self.rest[1..];
                Some(Value::Object(self.members(depth + 1)))
            }
            '[' if depth < DEEPEST => {
                self.rest = &self.rest[1..];
                Some(Value::Array(self.items(depth + 1)))
            }
            '"' => self.string().map(Value::String),
            _ => {
                let end = self.rest.find([',', '}', ']', '\n']).unwrap_or(self.rest.len());
                let (text, rest) = self.rest.split_at(end);
                self.rest = rest;
                serde_json::from_str(text.trim()).ok()
            }
        }
    }

    fn items(&mut self, depth: usize) -> Vec<Value> {
        let mut items = Vec::new();
        while let Some(c) = self.next_char() {
            match c {
                ']' => {
                    self.rest = &self.rest[1..];
                    break;
                }
                // The end of an array that was left out.
                '}' => break,
                ',' | '.' => self.rest = &self.rest[1..],
                _ => {
                    let before = self.rest.len();
                    items.extend(self.value(depth));
                    if self.rest.len() == before {
                        self.rest = &self.rest[c.len_utf8()..];
                    }
                }
            }
        }
        items
    }

    fn string(&mut self) -> Option<String> {
        let (value, length) = json(self.rest)?;
        self.rest = &self.rest[length..];
        value.as_str().map(str::to_owned)
    }

    fn next_char(&mut self) -> Option<char> {
        self.rest = self.rest.trim_start();
        self.rest.chars().next()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_sample_goes_over_lines_and_may_leave_parts_out() {
        let lines = [
            "{",
            "\"a\": {",
            "\"b\": 1",
            "}",
            "}",
            "{ \"c\": [ { \"d\": 1,",
            "...",
            "{",
            "\"e\": true",
            "}",
            "...",
            "}",
            "Prose",
        ];
        let samples = Samples::of(&lines);
        let (whole, next) = samples.answer(0).unwrap();
        assert_eq!((whole.value, next), (json!({"a": {"b": 1}}), 5));
        let (partial, next) = samples.answer(5).unwrap();
        assert_eq!((partial.value, next), (json!({"c": [{"d": 1}]}), 12));
        assert_eq!(partial.loose, [json!({"e": true})]);
        assert!(samples.answer(12).is_none());
    }

    #[test]
    fn a_command_sends_a_body() {
        let lines = ["curl https://x.example -X POST -d '{\"a\":", "1}' -u me"];
        assert_eq!(Samples::of(&lines).sent(0), Some(json!({"a": 1})));
        assert_eq!(status("200 OK").as_deref(), Some("200"));
        assert_eq!(status("// Status 404 Not Found{}").as_deref(), Some("404"));
        assert_eq!(status("100 requests a minute"), None);
    }
}
