//! Parts of the spec as it is written: a line where it fits, in the dialect's order of members.

use serde_json::Value;

/// The order in which the spec writes members; all others come between these and the last.
const FIRST: [&str; 22] = [
    "operationId",
    "tags",
    "summary",
    "name",
    "in",
    "required",
    "type",
    "format",
    "nullable",
    "readOnly",
    "writeOnly",
    "enum",
    "items",
    "schema",
    "x-mandatory",
    "externalDocs",
    "x-resource",
    "x-verb",
    "x-bucket",
    "x-roles",
    "x-pagination",
    "value",
];
const LAST: [&str; 4] = ["parameters", "description", "x-departure", "responses"];
const WIDTH: usize = 110;
/// What is no text although it looks like one, or begins with what means something else.
const WORDS: [&str; 7] = ["true", "false", "null", "yes", "no", "on", "off"];

/// The value at a place, below the names that lead there. A list of words is given whole, with what it has already.
pub(super) fn at(pointer: &str, value: &Value, spec: &Value) -> String {
    let mut names: Vec<_> = pointer
        .split('/')
        .skip(1)
        .map(|name| name.replace("~1", "/").replace("~0", "~"))
        .collect();
    let own = spec.pointer(pointer).and_then(Value::as_array);
    let is_words = |values: &Vec<Value>| values.iter().all(|value| !value.is_object() && !value.is_array());
    let whole = match (value, own) {
        (Value::Array(new), Some(own)) if is_words(own) => {
            Some(Value::Array(own.iter().chain(new).cloned().collect()))
        }
        _ => None,
    };
    let last = whole.as_ref().and_then(|_| names.pop());
    let mut text = String::new();
    let mut indent = 0;
    for name in names {
        text.push_str(&format!("{:indent$}{}:\n", "", scalar(&name)));
        indent += 2;
    }
    match (last, whole) {
        (Some(name), Some(whole)) => text.push_str(&format!("{:indent$}{name}: {}\n", "", flow(&whole))),
        _ => block(value, indent, &mut text),
    }
    text.trim_end().to_owned()
}

fn block(value: &Value, indent: usize, text: &mut String) {
    match value {
        Value::Object(members) => {
            for (name, value) in ordered(members) {
                let line = format!("{:indent$}{}: {}", "", scalar(name), flow(value));
                if line.len() <= WIDTH || !(value.is_object() || value.is_array()) {
                    text.push_str(&format!("{line}\n"));
                } else {
                    text.push_str(&format!("{:indent$}{}:\n", "", scalar(name)));
                    block(value, indent + 2, text);
                }
            }
        }
        Value::Array(items) => items
            .iter()
            .for_each(|item| text.push_str(&format!("{:indent$}- {}\n", "", flow(item)))),
        other => text.push_str(&format!("{:indent$}{}\n", "", flow(other))),
    }
}

fn flow(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let members: Vec<_> = ordered(members)
                .map(|(name, value)| format!("{}: {}", scalar(name), flow(value)))
                .collect();
            format!("{{{}}}", members.join(", "))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", ")),
        Value::String(text) => scalar(text),
        other => other.to_string(),
    }
}

fn ordered(members: &serde_json::Map<String, Value>) -> impl Iterator<Item = (&String, &Value)> {
    let rank = |name: &str| match FIRST.iter().position(|known| *known == name) {
        Some(position) => position,
        None => {
            FIRST.len()
                + LAST
                    .iter()
                    .position(|known| *known == name)
                    .map_or(0, |position| position + 1)
        }
    };
    let mut members: Vec<_> = members.iter().collect();
    members.sort_by_key(|(name, _)| rank(name));
    members.into_iter()
}

/// A text, in quotes where YAML would take it for something else.
fn scalar(text: &str) -> String {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '/' | '.' | ' ' | '$');
    let is_start = text.starts_with(|c: char| c.is_alphabetic() || matches!(c, '/' | '$'));
    let is_path = |c: char| is_part(c) || matches!(c, '{' | '}' | ';');
    let is_plain = is_start
        && !text.ends_with(' ')
        && !WORDS.contains(&text.to_ascii_lowercase().as_str())
        && (text.chars().all(is_part) || (text.starts_with('/') && text.chars().all(is_path)));
    if is_plain {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_written_is_yaml_and_says_the_same() -> Result<(), yaml_serde::Error> {
        let spec = json!({"components": {"schemas": {"Score": {"enum": ["good", "bad"]}}}});
        let written = at(
            "/components/schemas/Score/enum",
            &json!(["4XX", "it's: odd"]),
            &spec,
        );
        assert!(
            written.ends_with("      enum: [good, bad, '4XX', 'it''s: odd']"),
            "{written}"
        );
        let property = json!({"colour": {"description": "TODO", "type": "string", "nullable": true}});
        let written = at("/components/schemas/Mood/properties", &property, &spec);
        assert!(
            written.ends_with("\n        colour: {type: string, nullable: true, description: TODO}"),
            "{written}"
        );
        let long = json!({"/api/v2/moods/{id}": {"put": {"operationId": "merge", "summary": "w".repeat(120), "x": ["yes", "1", ""]}}});
        let written = at("/paths", &long, &spec);
        let read: Value = yaml_serde::from_str(&written)?;
        assert_eq!(read["paths"], long, "{written}");
        Ok(())
    }
}
