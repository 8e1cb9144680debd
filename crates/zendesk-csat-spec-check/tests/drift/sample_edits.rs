//! Members of samples: one more, of another type, with another value, or gone.

use crate::edits::{Edit, NEW};
use crate::model::{Block, Page, Sample};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Members whose values are of an enumeration.
const ENUMERATED: [&str; 6] = [
    "type",
    "score",
    "state",
    "rating_category",
    "sub_type",
    "survey_type",
];

type Path = Vec<String>;

pub(crate) fn of(page: &Page, index: usize, sample: &Sample, edits: &mut Vec<Edit>) {
    let edited = |value: Value| page.with(index, Block::Sample(sample.edited(value)));
    let mut paths = BTreeMap::new();
    let mut objects = BTreeSet::new();
    walk(&sample.value, &mut Vec::new(), &mut |path, value| {
        if value.is_object() {
            objects.insert(path.clone());
        }
        if !path.is_empty() && !value.is_null() {
            paths.entry(path.clone()).or_insert_with(|| value.clone());
        }
    });
    for path in &objects {
        let mut value = sample.value.clone();
        at(&mut value, path, &mut add);
        let what = format!("add {}.{NEW} to the sample at {index}", path.join("."));
        edits.push(Edit::new(what, &[NEW], edited(value)));
    }
    for (path, value) in &paths {
        let name = path.last().unwrap();
        let other = if value.is_string() {
            json!(1)
        } else {
            json!("text")
        };
        let mut changed = sample.value.clone();
        at(&mut changed, path, &mut |value| *value = other.clone());
        // A list of texts is a list of something else then.
        let what = format!("retype {} in the sample at {index}", path.join("."));
        edits.push(Edit::new(
            what,
            &[name, &format!("{}, not", kind(&other))],
            edited(changed),
        ));
        if ENUMERATED.contains(&name.as_str()) && value.is_string() {
            let mut changed = sample.value.clone();
            at(&mut changed, path, &mut |value| *value = json!("zzvalue"));
            let what = format!("another value of {} in the sample at {index}", path.join("."));
            edits.push(Edit::new(what, &["zzvalue"], edited(changed)));
        }
    }
}

fn kind(value: &Value) -> &'static str {
    if value.is_string() { "string" } else { "integer" }
}

/// A member is gone when no sample of the page has it any more, under the name of what holds it. What a table has is
/// still there.
pub(crate) fn removals(page: &Page, edits: &mut Vec<Edit>) {
    let mut in_tables = BTreeSet::new();
    let mut members = BTreeSet::new();
    for block in &page.blocks {
        match block {
            Block::Table(table) => in_tables.extend(table.rows.iter().map(|row| row[0].clone())),
            Block::Sample(sample) => walk(&sample.value, &mut Vec::new(), &mut |path, _| {
                if let [.., parent, name] = path.as_slice() {
                    members.insert((parent.clone(), name.clone()));
                } else if let [name] = path.as_slice() {
                    members.insert((String::new(), name.clone()));
                }
            }),
            _ => {}
        }
    }
    for (parent, name) in members {
        if in_tables.contains(&name) {
            continue;
        }
        let mut gone = page.clone();
        for block in &mut gone.blocks {
            if let Block::Sample(sample) = block {
                let mut value = sample.value.clone();
                remove(&mut value, "", &parent, &name);
                if value != sample.value {
                    *sample = sample.edited(value);
                }
            }
        }
        edits.push(Edit::new(
            format!("remove {parent}.{name} from all samples"),
            &[&name],
            gone,
        ));
    }
}

fn walk(value: &Value, path: &mut Path, visit: &mut impl FnMut(&Path, &Value)) {
    visit(path, value);
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                path.push(name.clone());
                walk(value, path, visit);
                path.pop();
            }
        }
        Value::Array(items) => {
            for item in items {
                if item.is_object() {
                    walk(item, path, visit);
                }
            }
        }
        _ => {}
    }
}

/// Every value at a path, through the items of the arrays on the way.
fn at(value: &mut Value, path: &[String], change: &mut impl FnMut(&mut Value)) {
    match (value, path) {
        (value, []) => change(value),
        (Value::Array(items), _) => items.iter_mut().for_each(|item| at(item, path, change)),
        (value, [name, rest @ ..]) => {
            if let Some(value) = value.get_mut(name) {
                at(value, rest, change);
            }
        }
    }
}

fn add(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.insert(NEW.to_owned(), json!("new"));
        }
        Value::Array(items) => items.iter_mut().for_each(add),
        _ => {}
    }
}

fn remove(value: &mut Value, own: &str, parent: &str, name: &str) {
    match value {
        Value::Object(members) => {
            if own == parent {
                members.remove(name);
            }
            for (own, value) in members {
                remove(value, own, parent, name);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| remove(item, own, parent, name)),
        _ => {}
    }
}
