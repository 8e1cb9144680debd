//! Calls that a guide shows, by curl or in a script.

use super::Sample;
use std::collections::BTreeMap;

/// A call: method, path and the names in its query.
#[derive(Debug)]
pub(in super::super) struct Call {
    pub(in super::super) line: usize,
    pub(in super::super) method: String,
    pub(in super::super) path: String,
    pub(in super::super) query: Vec<String>,
    pub(in super::super) samples: Vec<Sample>,
}

const ROOT: &str = "/api/v2";
/// A command goes on over so many lines at most.
const LONGEST_COMMAND: usize = 12;

/// Finds calls; knows the names that a script has for the root of all addresses.
pub(super) struct Reader<'t> {
    lines: &'t [&'t str],
    roots: BTreeMap<&'t str, &'t str>,
}

impl<'t> Reader<'t> {
    pub(super) fn of(lines: &'t [&'t str]) -> Self {
        let root = |line: &&'t str| {
            let (name, value) = line.split_once(" = ")?;
            let value = value.trim_end_matches(['\'', '"', ';']);
            let is_name = name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
            (is_name && !name.is_empty() && value.ends_with(ROOT)).then_some((name, ROOT))
        };
        Self {
            lines,
            roots: lines.iter().filter_map(root).collect(),
        }
    }

    /// The call that this line makes.
    pub(super) fn call(&mut self, number: usize, at: usize) -> Option<Call> {
        let line = self.lines.get(at)?;
        if line.starts_with("curl ") {
            return curl(number, &self.lines[at..]);
        }
        let (quote, address) = self.roots.keys().find_map(|name| {
            let start = format!("{{{name}}}/");
            let before = line.find(&start)?;
            Some((
                line[..before].chars().next_back()?,
                &line[before + start.len() - 1..],
            ))
        })?;
        let path = address.split(quote).next()?;
        Some(parsed(number, "GET", &format!("{ROOT}{path}")))
    }
}

fn curl(number: usize, lines: &[&str]) -> Option<Call> {
    let mut command = String::new();
    for line in lines.iter().take(LONGEST_COMMAND) {
        match line.strip_suffix('\\') {
            Some(part) => command.extend([part.trim_end(), " "]),
            None => {
                command.push_str(line);
                break;
            }
        }
    }
    let start = command.find(ROOT)?;
    let mut words = command[start..].split(' ').filter(|word| !word.is_empty());
    let mut address = words.next()?.trim_matches(['\'', '"']).to_owned();
    // An address that a line ended in the middle of.
    if address.ends_with(['?', '/', '&']) {
        address.push_str(
            words
                .next()
                .filter(|word| !word.starts_with('-'))
                .unwrap_or_default(),
        );
    }
    let flag = |name: &str| command.split(name).nth(1)?.split_whitespace().next();
    let method = flag("-X ")
        .or_else(|| flag("--request "))
        .unwrap_or("GET")
        .trim_matches(['\'', '"']);
    Some(parsed(number, method, &address))
}

fn parsed(line: usize, method: &str, address: &str) -> Call {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let names = query.split('&').filter_map(|pair| pair.split('=').next());
    Call {
        line,
        method: method.to_owned(),
        path: path.trim_matches(['\'', '"']).to_owned(),
        query: names.filter(|name| !name.is_empty()).map(str::to_owned).collect(),
        samples: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(String, String, Vec<String>)> {
        let lines: Vec<_> = text.lines().collect();
        let mut reader = Reader::of(&lines);
        let calls = (0..lines.len()).filter_map(|at| reader.call(at, at));
        calls.map(|call| (call.method, call.path, call.query)).collect()
    }

    #[test]
    fn curls_and_scripts_call() {
        let text = "curl https://{subdomain}.example/api/v2/moods? \\\nsince={time}&until=1 -u me\n\
            curl -X POST 'https://x.example/api/v2/moods/ \\\n{mood_id}' -d '{}'\nROOT = f'https://{SUB}.example/api/v2'\n\
            url = f'{ROOT}/moods/{mood[\"id\"]}/faces.json'\n";
        let text_of = |method: &str, path: &str, query: &[&str]| {
            let query = query.iter().map(|name| (*name).to_owned()).collect();
            (method.to_owned(), path.to_owned(), query)
        };
        assert_eq!(
            found(text),
            [
                text_of("GET", "/api/v2/moods", &["since", "until"]),
                text_of("POST", "/api/v2/moods/{mood_id}", &[]),
                text_of("GET", "/api/v2/moods/{mood[\"id\"]}/faces.json", &[]),
            ]
        );
    }
}
