//! `THIRD-PARTY-NOTICES.md`: every crate in what people get, with the text of its licence from its own archive.

use crate::dependencies::{self, Dependency};
use crate::{Result, root};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The file; the one in `python` is a link to it.
pub(crate) const FILE: &str = "THIRD-PARTY-NOTICES.md";

/// Where a crate offers a choice, the first of these it offers is the one that is taken.
const PREFERRED: [&str; 10] = [
    "MIT",
    "MIT-0",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-3-Clause",
    "ISC",
    "Zlib",
    "Unicode-3.0",
    "MPL-2.0",
    "Unlicense",
];

/// Texts that a crate's archive lacks.
const LACKING: [(&str, &str); 2] = [
    ("Apache-2.0", "LICENSE-APACHE"),
    ("MPL-2.0", "packaging/licenses/MPL-2.0.txt"),
];

/// Licences of sources that a crate brings along, in folders below its own.
const INSIDE: [(&str, &str); 1] = [("libmimalloc-sys", "c_src/mimalloc/v3/LICENSE")];

/// What is linked and no crate.
const BESIDE: [(&str, &str, &str); 2] = [
    (
        "The Rust standard library",
        "MIT OR Apache-2.0",
        "packaging/licenses/rust.txt",
    ),
    (
        "musl, where it is the C library",
        "MIT",
        "packaging/licenses/musl.txt",
    ),
];

const HEAD: &str = "# Third-party notices

Written by `cargo xtask notices`; edits are lost.

The command `zendesk-csat` and the extension module of the Python package `zendesk-csat` contain, in compiled form, what is
listed here. SQLite, which is in the public domain, is among it. After the list come the licences' texts, each with what it is the
licence of.

progenitor-client is under the Mozilla Public License, version 2.0, and unmodified. Its source is at
<https://crates.io/crates/progenitor-client/PROGENITOR> and in <https://github.com/oxidecomputer/progenitor>, at no charge. Its licence
does not extend to the rest of what is linked with it.
";

/// Writes the file, or fails where it is out of date.
pub(crate) fn run(check: bool) -> Result {
    let path = root().join(FILE);
    let generated = generate(&dependencies::shipped()?.dependencies)?;
    let present = fs::read_to_string(&path).unwrap_or_default();
    if present == generated {
        return Ok(());
    }
    if check {
        let lines = |text: &str| -> Vec<String> { text.lines().map(str::to_owned).collect() };
        let (old, new) = (lines(&present), lines(&generated));
        let differs = old.iter().zip(&new).position(|(old, new)| old != new);
        let at = differs.unwrap_or(old.len().min(new.len()));
        return Err(format!(
            "{FILE} is out of date from line {} on, which should be {:?}: run `cargo xtask notices`",
            at + 1,
            new.get(at).map_or("the end", String::as_str)
        )
        .into());
    }
    fs::write(&path, generated).map_err(|error| format!("{FILE}: {error}").into())
}

fn generate(dependencies: &[Dependency]) -> Result<String> {
    let progenitor = dependencies
        .iter()
        .find(|dependency| dependency.name == "progenitor-client")
        .ok_or("progenitor-client is not linked: mend the head of the notices")?;
    let mut page = HEAD.replace("PROGENITOR", &progenitor.version);
    page.push_str("\n| what | version | licence |\n| --- | --- | --- |\n");
    let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (what, license, file) in BESIDE {
        page.push_str(&format!("| {what} | | {license} |\n"));
        let text = read(&root().join(file))?;
        texts.entry(text).or_default().push(what.to_owned());
    }
    for dependency in dependencies {
        let Dependency {
            name,
            version,
            license,
            ..
        } = dependency;
        page.push_str(&format!(
            "| [{name}](https://crates.io/crates/{name}/{version}) | {version} | {license} |\n"
        ));
        for text in of_dependency(dependency)? {
            texts.entry(text).or_default().push(format!("{name} {version}"));
        }
    }
    // By the first that a text belongs to, as the list has them.
    let mut texts: Vec<_> = texts.into_iter().collect();
    texts.sort_by(|(_, a), (_, b)| a.cmp(b));
    for (text, owners) in texts {
        page.push_str(&format!("\n## {}\n\n````text\n{text}\n````\n", owners.join(", ")));
    }
    Ok(page)
}

/// The texts that have to go along with a crate.
fn of_dependency(dependency: &Dependency) -> Result<Vec<String>> {
    let Dependency {
        name,
        license,
        folder,
        ..
    } = dependency;
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))? {
        files.push(entry?.file_name().to_string_lossy().into_owned());
    }
    files.sort();
    let mut texts = Vec::new();
    for term in terms(license) {
        let chosen = choose(&term)
            .ok_or_else(|| format!("{name} is under {license}, of which the notices know none"))?;
        let found = license_files(&files, &chosen);
        if found.is_empty() {
            let (_, lacking) = LACKING
                .iter()
                .find(|(id, _)| *id == chosen)
                .ok_or_else(|| format!("{name} has no text of its licence {chosen}"))?;
            texts.push(read(&root().join(lacking))?);
        }
        for file in found {
            texts.push(read(&folder.join(file))?);
        }
    }
    for file in files.iter().filter(|file| goes_along(file)) {
        texts.push(read(&folder.join(file))?);
    }
    for (_, file) in INSIDE.iter().filter(|(owner, _)| owner == name) {
        texts.push(read(&folder.join(file))?);
    }
    texts.dedup();
    Ok(texts)
}

/// What an SPDX expression demands together: each term is a choice.
fn terms(license: &str) -> Vec<String> {
    let mut terms = vec![String::new()];
    let mut depth = 0;
    for word in license.replace('(', "( ").replace(')', " )").split_whitespace() {
        match word {
            "(" => depth += 1,
            ")" => depth -= 1,
            "AND" if depth == 0 => {
                terms.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(term) = terms.last_mut() {
            if !term.is_empty() {
                term.push(' ');
            }
            term.push_str(word);
        }
    }
    terms
}

/// Which licence of a choice is taken.
fn choose(term: &str) -> Option<String> {
    let bare = term.replace(['(', ')'], " ").replace('/', " OR ");
    let offered: Vec<_> = bare.split(" OR ").map(str::trim).collect();
    PREFERRED
        .iter()
        .find(|preferred| offered.contains(preferred))
        .map(|chosen| (*chosen).to_owned())
}

/// The files of a crate that have the text of this licence: those named for it, otherwise those named for none.
fn license_files<'a>(files: &'a [String], license: &str) -> Vec<&'a String> {
    let is_license = |file: &str| {
        let lower = file.to_ascii_lowercase();
        ["license", "licence", "copying", "unlicense"]
            .iter()
            .any(|start| lower.starts_with(start))
            && !goes_along(file)
    };
    let kind = license
        .split(['-', ' '])
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let named: Vec<_> = files
        .iter()
        .filter(|file| is_license(file) && file.to_ascii_lowercase()[1..].contains(&kind))
        .collect();
    if !named.is_empty() {
        // The exception has a file of its own beside the licence it is an exception from.
        let excepted = license.contains("WITH");
        return named
            .into_iter()
            .filter(|file| file.to_ascii_lowercase().contains("with") == excepted)
            .collect();
    }
    let generic = ["license", "licence", "copying"];
    files
        .iter()
        .filter(|file| {
            let lower = file.to_ascii_lowercase();
            let stem = lower.trim_end_matches(".txt").trim_end_matches(".md");
            generic.contains(&stem)
        })
        .collect()
}

/// Files that accompany whatever licence is taken.
fn goes_along(file: &str) -> bool {
    let lower = file.to_ascii_lowercase();
    ["notice", "copyright"]
        .iter()
        .any(|start| lower.starts_with(start))
        || ["license-third-party", "license-other-bits", "license-boringssl"].contains(&lower.as_str())
}

/// A text without trailing spaces and empty lines around it, so that equal ones are told to be.
fn read(path: &Path) -> Result<String> {
    let text = fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<_> = text
        .trim_start_matches('\u{feff}')
        .lines()
        .map(str::trim_end)
        .collect();
    Ok(lines.join("\n").trim_matches('\n').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(files: &[&str]) -> Vec<String> {
        files.iter().map(|file| (*file).to_owned()).collect()
    }

    #[test]
    fn an_expression_is_its_terms() {
        assert_eq!(terms("MIT OR Apache-2.0"), ["MIT OR Apache-2.0"]);
        assert_eq!(terms("Apache-2.0 AND ISC"), ["Apache-2.0", "ISC"]);
        assert_eq!(
            terms("(MIT OR Apache-2.0) AND Unicode-3.0"),
            ["( MIT OR Apache-2.0 )", "Unicode-3.0"]
        );
    }

    #[test]
    fn of_a_choice_the_shortest_text_is_taken() {
        assert_eq!(choose("Apache-2.0 OR ISC OR MIT").as_deref(), Some("MIT"));
        assert_eq!(choose("( MIT OR Apache-2.0 )").as_deref(), Some("MIT"));
        assert_eq!(choose("Unlicense/MIT").as_deref(), Some("MIT"));
        assert_eq!(
            choose("Apache-2.0 WITH LLVM-exception").as_deref(),
            Some("Apache-2.0 WITH LLVM-exception")
        );
        assert_eq!(choose("GPL-3.0-only"), None);
    }

    #[test]
    fn the_text_of_the_licence_taken_is_found() {
        let both = names(&["COPYRIGHT", "LICENSE-APACHE", "LICENSE-MIT", "README.md"]);
        assert_eq!(license_files(&both, "MIT"), ["LICENSE-MIT"]);
        assert_eq!(license_files(&both, "Apache-2.0"), ["LICENSE-APACHE"]);
        let one = names(&["COPYING", "LICENSE.txt", "NOTICE.txt", "src"]);
        assert_eq!(license_files(&one, "Apache-2.0"), ["COPYING", "LICENSE.txt"]);
        assert!(license_files(&names(&["README.md"]), "MIT").is_empty());
        assert!(license_files(&names(&["license-apache-2.0"]), "MIT").is_empty());
        let excepted = names(&["LICENSE-APACHE", "LICENSE-Apache-2.0_WITH_LLVM-exception"]);
        assert_eq!(license_files(&excepted, "Apache-2.0"), ["LICENSE-APACHE"]);
        assert_eq!(
            license_files(&names(&["COPYING", "LICENSE-MIT", "UNLICENSE"]), "MIT"),
            ["LICENSE-MIT"]
        );
    }

    #[test]
    fn notices_go_along() {
        for file in ["NOTICE.txt", "COPYRIGHT", "LICENSE-THIRD-PARTY"] {
            assert!(goes_along(file), "{file}");
        }
        assert!(!goes_along("LICENSE-MIT"));
    }
}
