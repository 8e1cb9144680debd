//! Values of enumerations, as descriptions and tables give them.

use super::super::page::Page;
use super::super::paste::Paste;
use super::super::{Fact, Kind};
use super::{Difference, Report, page_of, schema_pointer};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use zendesk_csat_codegen::spec::{self, referenced_schema, resolve};

/// What comes before the values of an enumeration that the spec may not have yet.
const LEADS: [&str; 8] = [
    "allowed values are",
    "allowed values:",
    "possible values are",
    "possible values:",
    "options:",
    "one of",
    "has the value",
    "valid values are",
];
/// Values are one word each, and short.
const LONGEST: usize = 60;

/// The values that a description lists.
pub(super) struct Listed {
    pub(super) values: Vec<String>,
    /// Whether it says itself that it lists them all.
    pub(super) is_led: bool,
}

impl<'a> Report<'a> {
    /// Compares the values that a description lists with those of the schema. `place` is where they stand.
    pub(super) fn values(
        &mut self,
        place: &str,
        line: usize,
        schema: &'a Value,
        description: &str,
        others: &[String],
    ) {
        let own = enumeration(self.spec, schema);
        let Some(listed) = listed(description, own.map(|(_, values)| values)) else {
            return;
        };
        match own.or_else(|| self.enumeration_of(&listed)) {
            Some((name, known)) => self.compare_values(place, line, name, known, &listed, others),
            None if listed.is_led && listed.values.len() > 1 => {
                let message = format!("the values {}", listed.values.join(", "));
                self.add(Difference {
                    word: &listed.values[0],
                    explained_at: &[schema],
                    ..Difference::lacks(Fact::Value, place.to_owned(), line, &message)
                });
            }
            None => {}
        }
    }

    fn compare_values(
        &mut self,
        place: &str,
        line: usize,
        name: Option<&str>,
        known: &'a Value,
        listed: &Listed,
        others: &[String],
    ) {
        let schema = name
            .and_then(|name| self.spec.pointer(&schema_pointer(name)))
            .unwrap_or(&Value::Null);
        let known_values: Vec<_> = known
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        for value in &listed.values {
            if let Some(name) = name {
                self.seen.value(name, value);
            }
            if !known_values.contains(&value.as_str()) {
                self.add(Difference {
                    word: value,
                    explained_at: &[schema],
                    paste: name
                        .map(|name| Paste::append(&format!("{}/enum", schema_pointer(name)), json!(value))),
                    ..Difference::lacks(
                        Fact::Value,
                        place.to_owned(),
                        line,
                        &format!("the value {value:?}"),
                    )
                });
            }
        }
        let is_list = listed.values.len() > 1 || listed.is_led;
        for value in known_values.into_iter().filter(|_| is_list) {
            let is_there = |listed: &&String| listed.as_str() == value;
            if listed.values.iter().chain(others).find(is_there).is_none() {
                let departure = format!("The page has no `{value}`");
                self.add(Difference {
                    kind: Kind::Beyond,
                    fact: Fact::Value,
                    line: Some(line),
                    word: value,
                    explained_at: &[schema],
                    paste: name.and_then(|name| Paste::departure(&schema_pointer(name), &departure)),
                    ..Difference::beyond(place.to_owned(), &format!("the page has no value {value:?}"))
                });
            }
        }
    }

    /// The enumeration that holds most of these values, at least two.
    fn enumeration_of(&self, listed: &Listed) -> Option<(Option<&'a str>, &'a Value)> {
        let common = |values: &Value| {
            let known = values.as_array().into_iter().flatten().filter_map(Value::as_str);
            known
                .filter(|known| listed.values.iter().any(|value| value == known))
                .count()
        };
        spec::schemas(self.spec)
            .filter_map(|(name, schema)| Some((Some(name.as_str()), schema.get("enum")?)))
            .map(|(name, values)| (common(values), name, values))
            .filter(|(common, ..)| *common > 1)
            .max_by_key(|(common, _, values)| {
                (*common, std::cmp::Reverse(values.as_array().map_or(0, Vec::len)))
            })
            .map(|(_, name, values)| (name, values))
    }

    /// The table of codes against the known numbers of a schema of this page.
    pub(super) fn codes(&mut self, page: &Page, base: Option<&str>) {
        let of_this_page = |(_, schema): &(&String, &Value)| {
            page_of(schema) == base && schema.get("x-known-values").is_some()
        };
        let Some((name, schema)) = spec::schemas(self.spec).find(of_this_page) else {
            if let Some((line, _)) = page.codes.first() {
                let message = "no schema of the spec has known values of this page";
                let place = "a table of codes".to_owned();
                self.add(Difference::of(
                    Kind::Unplaced,
                    Fact::Table,
                    place,
                    Some(*line),
                    message,
                ));
            }
            return;
        };
        let known: BTreeSet<String> = schema["x-known-values"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|entry| Some(entry.get("value")?.to_string()))
            .collect();
        for (line, code) in page.codes.iter().filter(|(_, code)| !known.contains(code)) {
            let value = code
                .parse::<u64>()
                .map_or_else(|_| json!(code), |code| json!(code));
            let entry = json!({"value": value, "name": "TODO"});
            self.add(Difference {
                word: code,
                explained_at: &[schema],
                paste: Some(Paste::append(
                    &format!("{}/x-known-values", schema_pointer(name)),
                    entry,
                )),
                ..Difference::lacks(Fact::Value, name.clone(), *line, &format!("the code {code}"))
            });
        }
        for code in known
            .iter()
            .filter(|code| !page.codes.iter().any(|(_, known)| known == *code))
        {
            self.add(Difference {
                fact: Fact::Value,
                word: code,
                explained_at: &[schema],
                ..Difference::beyond(name.clone(), &format!("the page has no code {code}"))
            });
        }
    }
}

/// The values of a schema, or of the items of an array, and the component that has them.
pub(super) fn enumeration<'a>(spec: &'a Value, schema: &'a Value) -> Option<(Option<&'a str>, &'a Value)> {
    let own = resolve(spec, schema);
    let of = |schema: &'a Value| Some((referenced_schema(schema), resolve(spec, schema).get("enum")?));
    of(schema).or_else(|| of(own.get("items")?))
}

/// What a description lists: in quotes, after a lead, or as a run of single words one of which is known.
pub(super) fn listed(description: &str, known: Option<&Value>) -> Option<Listed> {
    let is_known = |value: &str| {
        known
            .and_then(Value::as_array)
            .is_some_and(|known| known.iter().any(|known| known == value))
    };
    let lower = description.to_ascii_lowercase();
    let lead = LEADS
        .iter()
        .find_map(|lead| lower.find(lead).map(|at| at + lead.len()));
    // Behind a colon stand values too, if one of them is known.
    let colon = description.rfind(": ").map(|at| at + ": ".len());
    let lead = lead.or_else(|| {
        colon.filter(|at| {
            run(&description[*at..], is_known)
                .iter()
                .any(|value| is_known(value))
        })
    });
    let quoted: Vec<_> = description
        .split('"')
        .skip(1)
        .step_by(2)
        .filter(|value| is_value(value))
        .collect();
    let is_list_of_quotes = quoted.len() > 1 || (lead.is_some() && !quoted.is_empty());
    let values = if is_list_of_quotes
        && (known.is_none() || lead.is_some() || quoted.iter().any(|value| is_known(value)))
    {
        quoted
    } else if let Some(at) = lead {
        run(description.get(at..)?, |_| true)
    } else if known.is_some() {
        run(description, is_known)
    } else {
        run(description.split_once("such as ")?.1, |_| true)
    };
    if values.is_empty() || (lead.is_none() && values.len() < 2) {
        return None;
    }
    Some(Listed {
        values: values.into_iter().map(str::to_owned).collect(),
        is_led: lead.is_some(),
    })
}

/// The longest run of single words between commas, `or` and `and`, where one of them is as asked for.
fn run(text: &str, is_wanted: impl Fn(&str) -> bool) -> Vec<&str> {
    let mut best: Vec<&str> = Vec::new();
    let mut current: Vec<&str> = Vec::new();
    let mut items: Vec<&str> = text
        .split(',')
        .flat_map(|item| item.split(" or "))
        .flat_map(|item| item.split(" and "))
        .map(|item| {
            item.trim()
                .trim_start_matches("or ")
                .trim_start_matches("and ")
                .trim()
        })
        .filter(|item| !item.is_empty())
        .collect();
    // The list ends where a sentence or a remark begins.
    items.push("");
    for item in items {
        let words = || item.split([' ', '(']).filter(|word| !word.is_empty());
        let first = words().next().unwrap_or_default();
        let is_single = words().count() == 1 && is_value(trimmed(first));
        if is_single {
            current.push(trimmed(first));
            continue;
        }
        let ends_with_value = !current.is_empty() && is_value(trimmed(first)) && item.contains(['(', '.']);
        if ends_with_value {
            current.push(trimmed(first));
        }
        if current.iter().any(|value| is_wanted(value)) && current.len() > best.len() {
            best.clone_from(&current);
        }
        // The first value stands at the end of what leads to it.
        let last = words().next_back().unwrap_or_default();
        current = Some(trimmed(last))
            .filter(|last| is_value(last))
            .into_iter()
            .collect();
    }
    best
}

fn trimmed(word: &str) -> &str {
    word.trim_matches(['"', '`', '\'', '.', ';', ':', ')', '(', '“', '”'])
}

fn is_value(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    !text.is_empty() && text.len() < LONGEST && text.chars().all(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(description: &str, known: &[&str]) -> Vec<String> {
        let known = json!(known);
        listed(description, Some(&known))
            .map(|listed| listed.values)
            .unwrap_or_default()
    }

    #[test]
    fn values_are_read_as_descriptions_give_them() {
        assert_eq!(
            values(r#"The mood "fine", "superb" or "bad""#, &["fine", "bad"]),
            ["fine", "superb", "bad"]
        );
        assert_eq!(
            values("What it is, such as face, mood, weather", &["face", "mood"]),
            ["face", "mood", "weather"]
        );
        assert_eq!(
            values(
                "Such as face, mood, and sky (z:face:1, z:mood:2)",
                &["face", "mood"]
            ),
            ["face", "mood", "sky"]
        );
        assert_eq!(values("It has 2 options: on, off", &["on", "off"]), ["on", "off"]);
        assert_eq!(values("Has the value fixed", &["static"]), ["fixed"]);
        assert_eq!(
            values(r#"Allowed values are "id", or "-id"."#, &["id", "-id"]),
            ["id", "-id"]
        );
        assert!(values(r#"Only with a mood of "bad""#, &["bad", "good"]).is_empty());
        assert!(values("The time when it was told", &["bad", "good"]).is_empty());
    }
}
