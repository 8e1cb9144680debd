//! Tables of two columns: filters with what they take, codes with what they mean.

use super::address;
use super::table::{self, Head, Kind, Layout, cells, is_name, is_rule};

/// The rows of a table of two columns, each with its line, its name where that stands apart, and the rest; and the
/// line after the table.
pub(super) fn of(lines: &[&str], head: &Head) -> (Vec<(usize, Option<String>, String)>, usize) {
    let mut pairs: Vec<(usize, Option<String>, String)> = Vec::new();
    let mut next = head.first_row;
    let is_end = |at: usize, line: &str| {
        line.is_empty() || address(line).is_some() || table::head(lines, at).is_some()
    };
    while let Some(line) = lines.get(next).filter(|line| !is_end(next, line)) {
        let goes_on = pairs.last().is_some_and(|(_, _, text)| text.ends_with(','));
        match head.layout {
            _ if goes_on && cells(line).is_none() => {
                if let Some((_, _, text)) = pairs.last_mut() {
                    text.extend([" ", line]);
                }
            }
            Layout::Tabs if is_rule(line) => {}
            Layout::Tabs => {
                let Some(cells) = cells(line) else { break };
                let (name, text) = cells
                    .split_first()
                    .map_or(("", String::new()), |(name, rest)| (*name, rest.join(" ")));
                pairs.push((next, Some(name.to_owned()), text));
            }
            Layout::Stacked => {
                let is_first = is_name(line) || (head.kind == Kind::Codes && is_code(line));
                let Some(text) = lines.get(next + 1).filter(|_| is_first) else {
                    break;
                };
                pairs.push((next, Some((*line).to_owned()), (*text).to_owned()));
                next += 1;
            }
            Layout::Glued if head.kind == Kind::Codes => {
                let end = line.find(|c: char| !c.is_ascii_digit()).unwrap_or(line.len());
                let code = Some(line[..end].to_owned()).filter(|code| !code.is_empty());
                pairs.push((next, code, line[end..].to_owned()));
            }
            Layout::Glued => pairs.push((next, None, (*line).to_owned())),
        }
        next += 1;
    }
    (pairs, next)
}

fn is_code(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
