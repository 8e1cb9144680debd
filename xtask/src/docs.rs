//! The documentation site: the repository's Markdown and the report of a fresh demo, by Zensical, into `target/site`.

use crate::process::{cargo, command, run as run_command};
use crate::python::Environment;
use crate::{Result, judges, root};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::process::Stdio;

const FOLDER: &str = "docs";
const CONFIGURATION: &str = "docs/site/zensical.toml";
/// The pages that the site alone has: mkdocstrings fills them with Python's stubs and docstrings.
const REFERENCE: &str = "docs/site/reference";
/// What the pages take along.
const ASSETS: [&str; 2] = ["site.css", "site.js"];
const REQUIREMENTS: &str = "docs/site/requirements.txt";
/// Where the builder is installed, beside the judges.
pub(crate) const ENVIRONMENT: &str = "target/judges/site";
/// The pages that are elsewhere than in `docs`, by the names that they get.
const ELSEWHERE: [(&str, &str); 5] = [
    ("CHANGELOG.md", "changelog.md"),
    ("CONTRIBUTING.md", "contributing.md"),
    ("crates/zendesk-csat-emulator/README.md", "emulator.md"),
    ("openapi/README.md", "spec.md"),
    ("python/README.md", "python.md"),
];
/// What a line of the navigation ends with whose page may not be there yet.
const LATER: &str = "# once it is there";

/// Builds the command, whose demo makes the report, and the site.
pub(crate) fn run(check: bool) -> Result {
    run_command(&mut cargo(&[
        "build",
        "--package",
        "zendesk-csat-cli",
        "--locked",
    ]))?;
    build(check)
}

/// Builds the site with the command that is there; with `check` whatever is wrong is an error.
pub(crate) fn build(check: bool) -> Result {
    let target = root().join("target");
    let pages = target.join("site-pages");
    for folder in [&pages, &target.join("site")] {
        if folder.exists() {
            fs::remove_dir_all(folder)?;
        }
    }
    fs::create_dir_all(&pages)?;

    let sources = sources()?;
    let mut wrong = Vec::new();
    for (source, page) in &sources {
        let (text, lost) = relinked(&fs::read_to_string(root().join(source))?, source, &sources);
        wrong.extend(
            lost.iter()
                .map(|link| format!("{}: {link} is no page of the site", source.display())),
        );
        fs::write(pages.join(page), text)?;
    }
    let configuration = navigation(&fs::read_to_string(root().join(CONFIGURATION))?, &sources);
    wrong.extend(
        sources
            .values()
            .filter(|page| !configuration.contains(&format!("\"{page}\"")))
            .map(|page| format!("{CONFIGURATION}: the navigation lacks {page}")),
    );
    if check && !wrong.is_empty() {
        return Err(wrong.join("\n").into());
    }
    for line in wrong {
        eprintln!("warning: {line}");
    }
    fs::write(target.join("zensical.toml"), configuration)?;
    for asset in ASSETS {
        fs::copy(root().join("docs/site").join(asset), pages.join(asset))?;
    }
    report(&pages.join("report.html"))?;

    let environment = Environment::new(ENVIRONMENT)?;
    environment.install(REQUIREMENTS)?;
    let mut arguments = vec![
        "-m",
        "zensical",
        "build",
        "--clean",
        "--config-file",
        "target/zensical.toml",
    ];
    if check {
        arguments.push("--strict");
    }
    environment.python(&arguments)?;
    eprintln!(
        "The site is in target/site. Its search needs a server: `python3 -m http.server -d target/site`."
    );
    Ok(())
}

/// Every page: the file in the repository, and its name in the site.
fn sources() -> Result<BTreeMap<PathBuf, String>> {
    let mut sources: BTreeMap<_, _> = ELSEWHERE
        .into_iter()
        .map(|(file, page)| (PathBuf::from(file), page.to_owned()))
        .collect();
    for folder in [FOLDER, REFERENCE] {
        for entry in fs::read_dir(root().join(folder))? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            if name.ends_with(".md") {
                sources.insert(Path::new(folder).join(&name), name);
            }
        }
    }
    Ok(sources)
}

/// The text with links as they are in the site, and the links that lead to no page of it.
fn relinked(text: &str, source: &Path, sources: &BTreeMap<PathBuf, String>) -> (String, Vec<String>) {
    let (mut relinked, mut lost, mut code) = (String::new(), Vec::new(), false);
    for line in text.split_inclusive('\n') {
        code ^= line.trim_start().starts_with("```");
        let line = if code {
            line.to_owned()
        } else {
            heading(&cells(line), text)
        };
        let mut rest = line.as_str();
        while let Some((before, (link, after))) = rest
            .split_once("](")
            .filter(|_| !code)
            .and_then(|(before, after)| Some((before, after.split_once(')')?)))
        {
            let to = page_of(link, source, sources).unwrap_or_else(|| {
                lost.push(link.to_owned());
                link.to_owned()
            });
            relinked.push_str(&format!("{before}]({to})"));
            rest = after;
        }
        relinked.push_str(rest);
    }
    (relinked, lost)
}

/// The heading of a version without the brackets that would be a link, while the text defines none.
fn heading(line: &str, text: &str) -> String {
    line.strip_prefix("## [")
        .and_then(|rest| rest.split_once(']'))
        .filter(|(version, _)| !text.contains(&format!("\n[{version}]:")))
        .map_or_else(
            || line.to_owned(),
            |(version, rest)| format!("## {version}{rest}"),
        )
}

/// The line of a table with the bars in its code as they are read: the site's Markdown, unlike others, needs no mark before them.
fn cells(line: &str) -> String {
    if !line.starts_with('|') {
        return line.to_owned();
    }
    let parts = line.split('`').enumerate();
    let read: Vec<_> = parts
        .map(|(index, part)| {
            if index % 2 == 1 {
                part.replace("\\|", "|")
            } else {
                part.to_owned()
            }
        })
        .collect();
    read.join("`")
}

/// Where the link of this file leads in the site.
fn page_of(link: &str, source: &Path, sources: &BTreeMap<PathBuf, String>) -> Option<String> {
    if link.contains("://") || link.starts_with('#') {
        return Some(link.to_owned());
    }
    let (file, place) = link.split_at(link.find('#').unwrap_or(link.len()));
    let mut path = source.parent().map(PathBuf::from).unwrap_or_default();
    for part in Path::new(file).components() {
        match part {
            Component::ParentDir => _ = path.pop(),
            Component::Normal(name) => path.push(name),
            _ => {}
        }
    }
    let page = if path == Path::new("README.md") {
        "index.md"
    } else {
        sources.get(&path)?
    };
    Some(format!("{page}{place}"))
}

/// The configuration without the lines of the navigation whose pages are still to come.
fn navigation(configuration: &str, sources: &BTreeMap<PathBuf, String>) -> String {
    configuration
        .lines()
        .filter(|line| {
            !line.ends_with(LATER) || sources.values().any(|page| line.contains(&format!("\"{page}\"")))
        })
        .map(|line| format!("{line}\n"))
        .collect()
}

/// The demo's report. Its account is invented, so its tickets are links no longer.
fn report(file: &Path) -> Result {
    run_command(
        command(judges::built_command()?)
            .args(["demo", "--html"])
            .arg(file)
            .stdout(Stdio::null()),
    )?;
    let page = fs::read_to_string(file)?;
    let mut parts = page.split(" href=\"https://");
    let mut without = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        without.push_str(part.split_once('"').map_or(part, |(_, after)| after));
    }
    fs::write(file, without)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources() -> BTreeMap<PathBuf, String> {
        [("docs/tables.md", "tables.md"), ("python/README.md", "python.md")]
            .into_iter()
            .map(|(file, page)| (file.into(), page.into()))
            .collect()
    }

    #[test]
    fn a_version_is_a_link_where_it_is_defined() {
        assert_eq!(
            heading("## [Unreleased]\n", "## [Unreleased]\n"),
            "## Unreleased\n"
        );
        let defined = "## [1.0.0] - 2027-01-01\n\n[1.0.0]: https://example.com\n";
        assert_eq!(
            heading("## [1.0.0] - 2027-01-01\n", defined),
            "## [1.0.0] - 2027-01-01\n"
        );
    }

    #[test]
    fn links_between_files_are_links_between_pages() {
        let link = |link, source| page_of(link, Path::new(source), &sources());
        assert_eq!(
            link("../python/README.md#errors", "docs/tables.md").as_deref(),
            Some("python.md#errors")
        );
        assert_eq!(link("docs/tables.md", "README.md").as_deref(), Some("tables.md"));
        assert_eq!(
            link("../README.md", "python/README.md").as_deref(),
            Some("index.md")
        );
        assert_eq!(link("#here", "docs/tables.md").as_deref(), Some("#here"));
        assert_eq!(link("../deny.toml", "docs/tables.md"), None);
    }

    #[test]
    fn code_stays_and_lost_links_are_told() {
        let text = "[a](tables.md), [b](none.md)\n```\nx[0](tables.md)\n```\n";
        let (relinked, lost) = relinked(text, Path::new("docs/a.md"), &sources());
        assert_eq!(relinked, text);
        assert_eq!(lost, ["none.md"]);
    }

    #[test]
    fn bars_in_the_code_of_a_table_have_no_mark() {
        assert_eq!(
            cells("| a | `int \\| None` | b \\| c |\n"),
            "| a | `int | None` | b \\| c |\n"
        );
        assert_eq!(cells("`int \\| None`\n"), "`int \\| None`\n");
    }

    #[test]
    fn the_navigation_has_no_page_that_is_not_there() {
        let line = |page: &str| format!("{{ \"A\" = \"{page}\" }}, {LATER}\n");
        let configuration = format!("a = 1\n{}{}", line("tables.md"), line("sync.md"));
        assert_eq!(
            navigation(&configuration, &sources()),
            format!("a = 1\n{}", line("tables.md"))
        );
    }
}
