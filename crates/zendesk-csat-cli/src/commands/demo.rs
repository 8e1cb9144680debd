//! `demo`: the main job on an account that needs no credentials.

use super::{documented_way, report};
use crate::arguments::Demo;
use crate::exit::Failure;
use crate::output;
use crate::progress::{self, Shown};
use chrono::DateTime;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;
use zendesk_csat::{Client, Credentials};
use zendesk_csat_emulator::Emulator;
use zendesk_csat_history::report::ReportOptions;
use zendesk_csat_history::{CsatQuery, History, Period, SyncOptions};

pub(crate) async fn run(arguments: Demo) -> Result<(), Failure> {
    let Demo { seed, tickets, html } = arguments;
    if !may_be_replaced(&html) {
        return Err(Failure::NotOfTheDemo(html));
    }
    output::say(&format!(
        "An offline Zendesk account with {tickets} tickets, seed {seed}:"
    ));
    let zendesk = Emulator::builder().seed(seed).tickets(tickets).start()?;
    let account = zendesk.account();
    let client = Client::builder(&account.subdomain)
        .base_url(&account.base_url)
        .credentials(Credentials::oauth_token(&account.oauth_token))
        .build()?;

    let folder = tempfile::tempdir().map_err(|source| Failure::Write {
        path: std::env::temp_dir(),
        source,
    })?;
    let mut history = History::open(folder.path().join("demo.db"))?;
    let summary = progress::sync(&mut history, &client, SyncOptions::default(), Shown::new()).await?;
    let calls = zendesk.journal().len();
    let rows = agree(&history, &zendesk.truth())?;

    let options = ReportOptions {
        period: Some(Period::LAST_FULL_MONTH),
        ..ReportOptions::default()
    };
    let page = history.report(&options)?;
    report::print(&page)?;
    page.write_html(&html)?;
    mark(&html).map_err(|source| Failure::Write {
        path: html.clone(),
        source,
    })?;
    output::line("")?;
    output::line(&summary.to_string())?;
    output::line(&format!(
        "All {rows} rows equal the account's own truth. The report is in {}.",
        html.display()
    ))?;

    output::say("Counting the calls of the documented way, ticket by ticket …");
    zendesk.clear_journal();
    documented_way::walk(&client, DateTime::UNIX_EPOCH).await?;
    let documented = zendesk.journal().len();
    output::line(&format!(
        "{calls} calls made. The documented way, ticket by ticket, makes {documented} on this account."
    ))
}

/// The last line of a page that the demo has made.
const MARK: &str = "<!-- made by zendesk-csat demo -->\n";

/// Whether nothing is lost: nothing is there, or a page of the demo's.
fn may_be_replaced(html: &Path) -> bool {
    !html.is_file() || fs::read(html).is_ok_and(|page| page.ends_with(MARK.as_bytes()))
}

fn mark(html: &Path) -> io::Result<()> {
    if !html.is_file() {
        return Ok(());
    }
    let mut page = File::options().append(true).open(html)?;
    page.write_all(MARK.as_bytes())
}

/// Compares the history with what the account says of itself, row by row and column by column.
fn agree(history: &History, truth: &[Value]) -> Result<usize, Failure> {
    let mut expected: BTreeMap<(String, String), &Value> = truth.iter().map(|row| (key(row), row)).collect();
    let rows = history.csat(&CsatQuery::default())?;
    for row in &rows {
        let row = serde_json::to_value(row).map_err(|error| Failure::Untrue(error.to_string()))?;
        match expected.remove(&key(&row)) {
            Some(expected) if *expected == row => {}
            Some(_) => return Err(Failure::Untrue(format!("row {:?} has other values", key(&row)))),
            None => {
                return Err(Failure::Untrue(format!(
                    "row {:?} should not be there",
                    key(&row)
                )));
            }
        }
    }
    match expected.first_key_value() {
        Some((key, _)) => Err(Failure::Untrue(format!("row {key:?} is missing"))),
        None => Ok(rows.len()),
    }
}

fn key(row: &Value) -> (String, String) {
    let text = |name| {
        row.get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    (text("source"), text("id"))
}
