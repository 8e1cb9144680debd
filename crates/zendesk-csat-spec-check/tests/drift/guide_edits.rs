//! A guide: its calls, and its samples of which parts are left out, line by line.

use crate::edits::{Edit, NEW};
use crate::model::{Block, Page};
use std::collections::{BTreeMap, BTreeSet};

pub(crate) fn of(page: &Page, edits: &mut Vec<Edit>) {
    let lines: Vec<&str> = page
        .blocks
        .iter()
        .map(|block| {
            if let Block::Line(line) = block {
                line.as_str()
            } else {
                ""
            }
        })
        .collect();
    calls(page, &lines, edits);
    members(page, &lines, edits);
}

/// The words of an address: what stands for a record, and the end, are left out.
fn address(line: &str) -> Option<(&str, String)> {
    let rest = match (
        line.starts_with("curl "),
        line.find("/api/v2/"),
        line.find("{ROOT}/"),
    ) {
        (true, Some(at), _) => &line[at + "/api/v2/".len()..],
        (_, _, Some(at)) => &line[at + "{ROOT}/".len()..],
        _ => return None,
    };
    let path = rest.split([' ', '?', '\'']).next()?;
    let words = path
        .trim_end_matches(".json")
        .split('/')
        .filter(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c == '_'));
    Some((path, words.collect::<Vec<_>>().join("/")))
}

fn calls(page: &Page, lines: &[&str], edits: &mut Vec<Edit>) {
    let mut all: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, line) in lines.iter().enumerate() {
        let Some((path, words)) = address(line) else {
            continue;
        };
        all.entry(words.clone()).or_default().push(index);
        let last = words.rsplit('/').next().unwrap();
        let changed = line.replacen(path, &path.replacen(last, NEW, 1), 1);
        edits.push(Edit::new(
            format!("call elsewhere at {index}"),
            &[NEW],
            page.with(index, Block::Line(changed)),
        ));
        let new = vec![
            Block::Line(format!(
                "curl https://{{subdomain}}.zendesk.com/api/v2/{NEW} -u me"
            )),
            Block::Line(String::new()),
        ];
        edits.push(Edit::new(
            format!("add a call at {index}"),
            &[NEW],
            page.inserted(index, new),
        ));
        if line.ends_with("? \\") {
            let query = lines[index + 1];
            let (name, _) = query.split_once('=').unwrap();
            let changed = query.replacen(name, NEW, 1);
            edits.push(Edit::new(
                format!("rename {name} at {index}"),
                &[NEW],
                page.with(index + 1, Block::Line(changed)),
            ));
        }
    }
    for (words, places) in all {
        let mut gone = places.clone();
        // A command that goes on goes with its second line.
        gone.extend(
            places
                .iter()
                .filter(|at| lines[**at].ends_with('\\'))
                .map(|at| at + 1),
        );
        edits.push(Edit::new(
            format!("remove the calls of {words}"),
            &["no more"],
            page.without(&gone),
        ));
    }
}

/// Lines that hold one member.
fn members(page: &Page, lines: &[&str], edits: &mut Vec<Edit>) {
    let mut parents: Vec<String> = Vec::new();
    let mut pairs: BTreeSet<(String, String)> = BTreeSet::new();
    let mut all: Vec<(usize, String, String)> = Vec::new();
    let mut is_inside = false;
    for (index, line) in lines.iter().enumerate() {
        is_inside = (is_inside && !line.starts_with(|c: char| c.is_alphabetic()))
            || *line == "{"
            || line.starts_with("\"satisfaction_rating\"");
        if !is_inside {
            parents.clear();
            continue;
        }
        let member = line.strip_prefix('"').and_then(|rest| rest.split_once("\": "));
        if let Some((name, value)) = member {
            let parent = parents
                .iter()
                .rev()
                .find(|name| !name.is_empty())
                .cloned()
                .unwrap_or_default();
            all.push((index, parent.clone(), name.to_owned()));
            pairs.insert((parent, name.to_owned()));
            let comma = if value.ends_with(',') { "," } else { "" };
            let plain = value.trim_end_matches(',');
            if !["{", "[", "null"].contains(&plain) {
                let other = if plain.starts_with('"') || plain.starts_with('[') {
                    "1"
                } else {
                    "\"text\""
                };
                let text = format!("\"{name}\": {other}{comma}");
                edits.push(Edit::new(
                    format!("retype {name} at {index}"),
                    &[name],
                    page.with(index, Block::Line(text)),
                ));
            }
            let new = vec![Block::Line(format!("\"{NEW}\": 1,"))];
            edits.push(Edit::new(
                format!("add a member before {name} at {index}"),
                &[NEW],
                page.inserted(index, new),
            ));
            if value.ends_with(['{', '[']) {
                parents.push(name.to_owned());
            }
        } else if line.ends_with(['{', '[']) {
            parents.push(String::new());
        } else if line.starts_with(['}', ']']) {
            parents.pop();
        }
    }
    // What the script takes is still on the page.
    let is_taken = |name: &str| {
        lines
            .iter()
            .any(|line| line.contains(&format!("['{name}']")) || line.contains(&format!("[\"{name}\"]")))
    };
    for (parent, name) in pairs.into_iter().filter(|(_, name)| !is_taken(name)) {
        let places = all
            .iter()
            .filter(|(_, own, known)| *own == parent && *known == name);
        let mut gone = Vec::new();
        for (index, ..) in places {
            gone.push(*index);
            if lines[*index].ends_with(['{', '[']) {
                gone.extend(block(lines, *index));
            }
        }
        edits.push(Edit::new(
            format!("remove {parent}.{name} from all samples"),
            &[&name],
            page.without(&gone),
        ));
    }
}

/// The lines of an object or array, up to its end.
fn block(lines: &[&str], start: usize) -> Vec<usize> {
    let mut depth = 1;
    let mut inner = Vec::new();
    for (offset, line) in lines[start + 1..].iter().enumerate() {
        depth += i32::from(line.ends_with(['{', '['])) - i32::from(line.starts_with(['}', ']']));
        let is_prose = line.starts_with(|c: char| c.is_alphabetic());
        if is_prose {
            break;
        }
        inner.push(start + 1 + offset);
        if depth == 0 {
            break;
        }
    }
    inner
}
