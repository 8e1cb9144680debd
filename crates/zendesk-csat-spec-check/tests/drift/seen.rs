//! How many edits of pages are seen.

use crate::edits::edits;
use crate::model::Page;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use zendesk_csat_spec_check::drift::{Drift, between};

/// Of a hundred edits so many have to be seen.
const SEEN: usize = 95;

/// The spec, and what is remembered of the pages.
pub(crate) struct Known {
    pub(crate) spec: Value,
    pub(crate) documented: Value,
}

impl Known {
    pub(crate) fn read() -> Self {
        let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let read = |path: &str| fs::read_to_string(repository.join(path)).unwrap();
        Self {
            spec: yaml_serde::from_str(&read("openapi/zendesk-csat.yaml")).unwrap(),
            documented: serde_json::from_str(&read("tests/fixtures/documented.json")).unwrap(),
        }
    }

    pub(crate) fn drift(&self, page: &Page) -> Drift {
        between(&self.spec, &self.documented, &page.text()).unwrap()
    }
}

#[derive(Default)]
pub(crate) struct Tally {
    pub(crate) edits: usize,
    pub(crate) missed: Vec<String>,
}

impl Tally {
    /// Takes in one edit of so many.
    pub(crate) fn add(&mut self, known: &Known, name: &str, page: &Page, every: usize) {
        let unchanged = known.drift(page);
        let lines = |drift: &Drift| drift.findings.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(
            lines(&unchanged),
            Vec::<String>::new(),
            "{name} unchanged, {:?}",
            page.form
        );
        for edit in edits(page).into_iter().step_by(every) {
            self.edits += 1;
            let found = between(&known.spec, &known.documented, &edit.page.text());
            let found = found.map(|drift| lines(&drift)).unwrap_or_default();
            let names_it = |line: &String| {
                edit.words
                    .iter()
                    .any(|word| line.to_lowercase().contains(&word.to_lowercase()))
            };
            if !found.iter().any(names_it) {
                self.missed.push(format!(
                    "{name}, {:?}: {}: {}",
                    page.form,
                    edit.what,
                    found.join(" | ")
                ));
            }
        }
    }

    pub(crate) fn tell(&self, of: &str) {
        let seen = self.edits - self.missed.len();
        println!("{of}: {seen} of {} edits are seen", self.edits);
        for missed in &self.missed {
            println!("  missed: {missed}");
        }
    }

    pub(crate) fn assert_enough(&self, least: usize) {
        let seen = self.edits - self.missed.len();
        assert!(self.edits >= least, "only {} edits", self.edits);
        assert!(
            seen * 100 >= self.edits * SEEN,
            "{seen} of {}:\n{}",
            self.edits,
            self.missed.join("\n")
        );
    }
}

/// The folder of real pages, where one is named.
pub(crate) fn folder() -> Option<PathBuf> {
    std::env::var_os("ZENDESK_DOCS").map(PathBuf::from)
}
