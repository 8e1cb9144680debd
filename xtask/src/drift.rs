//! What saved pages say otherwise than the spec.

mod yaml;

use crate::{Result, generate, process, root};
use serde_json::Value;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use zendesk_csat_spec_check::drift::{Drift, Finding, Paste, Place, Refusal, between, places};

/// The environment variable by which the test of edits finds real pages.
const PAGES: &str = "ZENDESK_DOCS";
const EXTENSIONS: [&str; 3] = ["txt", "html", "htm"];
/// What the command ends with where pages differ, and where one cannot be read.
const DIFFERENT: u8 = 1;
const UNREADABLE: u8 = 2;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Pages, saved as text or as HTML
    #[arg(required_unless_present_any = ["all", "self_test"])]
    pages: Vec<PathBuf>,
    /// Every .txt and .html of a folder; pages of another language are passed over
    #[arg(long, value_name = "DIR")]
    all: Option<PathBuf>,
    /// Edit every fact of the pages of a folder, and tell how many of the edits are seen
    #[arg(long, value_name = "DIR")]
    self_test: Option<PathBuf>,
}

pub(crate) fn run(arguments: Arguments) -> ExitCode {
    let code = compare(arguments).unwrap_or_else(|error| {
        eprintln!("error: {error}");
        UNREADABLE
    });
    ExitCode::from(code)
}

/// The code to end with: 1 and 2 are told apart, so that a schedule knows a change from a page that did not load.
fn compare(arguments: Arguments) -> Result<u8> {
    if let Some(folder) = arguments.self_test {
        self_test(&folder)?;
        return Ok(0);
    }
    let mut pages = arguments.pages;
    if let Some(folder) = &arguments.all {
        pages.extend(saved_pages(folder)?);
    }
    let spec = generate::spec()?;
    let documented = serde_json::from_str(&fs::read_to_string(
        root().join("tests/fixtures/documented.json"),
    )?)?;
    let mut drifts = Vec::new();
    let mut text = String::new();
    let mut unreadable = 0;
    for page in &pages {
        let saved = fs::read(page).map_err(|error| format!("{}: {error}", page.display()))?;
        match between(&spec, &documented, &String::from_utf8_lossy(&saved)) {
            Ok(drift) => {
                report(page, &drift, &mut text);
                drifts.push(drift);
            }
            Err(refusal) => {
                text.push_str(&format!("{}: not compared: {refusal}\n", page.display()));
                let is_passed_over = arguments.all.is_some() && matches!(refusal, Refusal::OtherLanguage(_));
                unreadable += u32::from(!is_passed_over);
            }
        }
    }
    advise(&spec, &drifts, &mut text);
    // Whoever reads may have seen enough.
    let _ = std::io::stdout().write_all(text.as_bytes());
    Ok(if drifts.iter().any(|drift| !drift.findings.is_empty()) {
        DIFFERENT
    } else if unreadable > 0 || drifts.is_empty() {
        UNREADABLE
    } else {
        0
    })
}

fn saved_pages(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let paths = entries
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<Vec<_>>>()?;
    let is_page = |path: &PathBuf| {
        let extension = path
            .extension()
            .and_then(|extension| extension.to_str())
            .unwrap_or_default();
        EXTENSIONS
            .iter()
            .any(|known| known.eq_ignore_ascii_case(extension))
    };
    let mut pages: Vec<_> = paths.into_iter().filter(is_page).collect();
    pages.sort();
    Ok(pages)
}

fn report(page: &Path, drift: &Drift, text: &mut String) {
    let Drift {
        findings,
        explained,
        compared,
    } = drift;
    text.push_str(&format!("{}:\n", page.display()));
    for finding in findings {
        text.push_str(&format!("  {finding}\n"));
    }
    text.push_str(&format!(
        "  {} differences in {compared} operations, tables and calls; the spec explains {explained} more by x-departure\n",
        findings.len()
    ));
}

/// What to put into the spec, and what to follow by hand.
fn advise(spec: &Value, drifts: &[Drift], text: &mut String) {
    let findings: Vec<_> = drifts.iter().flat_map(|drift| &drift.findings).collect();
    if findings.is_empty() {
        return;
    }
    text.push_str(
        "\nFor openapi/zendesk-csat.yaml where the page is right, each TODO in words of our own:\n",
    );
    let mut told: Vec<&Paste> = Vec::new();
    for (finding, paste) in findings
        .iter()
        .filter_map(|finding| Some((finding, finding.paste.as_ref()?)))
    {
        if !told.contains(&paste) {
            text.push_str(&format!(
                "\n# {finding}\n{}\n",
                yaml::at(&paste.at, &paste.value, spec)
            ));
            told.push(paste);
        }
    }
    let (by_hand, _): (Vec<&&Finding>, Vec<_>) = findings.iter().partition(|finding| finding.paste.is_none());
    if !by_hand.is_empty() {
        text.push_str("\nWithout anything to paste:\n");
    }
    for finding in by_hand {
        text.push_str(&format!("  {finding}\n"));
    }
    text.push_str("\nBy hand:\n");
    let places = places(drifts);
    for (index, place) in places.iter().enumerate() {
        let same = |other: &&Place| other.path == place.path;
        if !places[..index].iter().any(|other| same(&other)) {
            let what: Vec<_> = places.iter().filter(same).map(|place| place.what).collect();
            text.push_str(&format!("  [ ] {}: {}\n", place.path, what.join("; ")));
        }
    }
    text.push_str("  [ ] cargo xtask generate, then cargo xtask test\n");
}

fn self_test(folder: &Path) -> Result {
    let folder = fs::canonicalize(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let test = [
        "test",
        "--quiet",
        "-p",
        "zendesk-csat-spec-check",
        "--test",
        "drift",
    ];
    let only = ["--", "--nocapture", "saved_pages"];
    process::run(process::cargo(&[&test[..], &only].concat()).env(PAGES, folder))
}
