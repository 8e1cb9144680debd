//! Several accounts in one file: each has its own table, whatever ids they share.

use std::collections::BTreeSet;

use zendesk_csat::{Client, Credentials};
use zendesk_csat_emulator::Emulator;
use zendesk_csat_history::export::{ExportOptions, Table};
use zendesk_csat_history::report::{CountBasis, ReportOptions};
use zendesk_csat_history::{
    CsatQuery, History, HistoryError, NoProgress, Progress, Step, SyncOptions, SyncSummary, TicketsVia,
};

use crate::account::{DAY, assert_rows};

/// Offline accounts all have the same subdomain: this one is told apart by another.
fn client(zendesk: &Emulator, subdomain: &str) -> Client {
    Client::builder(subdomain)
        .base_url(zendesk.base_url())
        .credentials(Credentials::oauth_token(zendesk.account().oauth_token.as_str()))
        .build()
        .unwrap()
}

fn account(subdomain: &str) -> CsatQuery {
    CsatQuery {
        subdomain: Some(subdomain.to_owned()),
        ..CsatQuery::default()
    }
}

async fn sync(
    history: &mut History,
    zendesk: &Emulator,
    subdomain: &str,
    tickets: TicketsVia,
) -> SyncSummary {
    let options = SyncOptions {
        tickets,
        ..SyncOptions::default()
    };
    history
        .sync(&client(zendesk, subdomain), options, &mut NoProgress)
        .await
        .unwrap()
}

#[tokio::test]
async fn accounts_with_the_same_ids_each_have_their_own_table() {
    let folder = tempfile::tempdir().unwrap();
    let mut history = History::open(folder.path().join("csat.db")).unwrap();
    // The same past, so that all ids are the same; then other things happen to each.
    let (red, blue) = (
        Emulator::builder().seed(3).tickets(300),
        Emulator::builder().seed(3).tickets(300),
    );
    let (red, blue) = (red.start().unwrap(), blue.start().unwrap());
    for days in [0, 5] {
        red.advance(days * DAY);
        blue.advance(days * 8 * DAY);
        for (zendesk, subdomain) in [(&red, "crimson"), (&blue, "azure")] {
            let summary = sync(&mut history, zendesk, subdomain, TicketsVia::Export).await;
            assert_eq!(summary.subdomain, subdomain);
            assert_eq!(summary.reconciliation.sent, zendesk.truth().len() as u64);
        }
        for (zendesk, subdomain) in [(&red, "crimson"), (&blue, "azure")] {
            assert_rows(&history, &account(subdomain), zendesk.truth());
        }
    }
    assert_eq!(history.subdomains().unwrap(), ["azure", "crimson"]);
    let ids = |subdomain| -> BTreeSet<String> {
        let rows = history.csat(&account(subdomain)).unwrap();
        rows.into_iter().map(|row| row.id).collect()
    };
    assert!(ids("crimson").intersection(&ids("azure")).count() > 200);
    assert_ne!(red.truth(), blue.truth());
    told_apart(&history, red.truth().len(), blue.truth().len());
}

/// Reports and exports name the account, and can be of one.
fn told_apart(history: &History, red: usize, blue: usize) {
    let sent = |subdomain: Option<&str>| {
        let report = history.report(&ReportOptions {
            subdomain: subdomain.map(str::to_owned),
            count: CountBasis::Answers,
            ..ReportOptions::default()
        });
        let report = report.unwrap();
        let text = report.to_text(100, false);
        for name in ["crimson", "azure"] {
            assert_eq!(
                text.contains(name),
                subdomain.is_none_or(|only| only == name),
                "{text}"
            );
        }
        report.total.sent + report.total.unasked
    };
    let (red, blue) = (red as u64, blue as u64);
    assert_eq!(
        (sent(None), sent(Some("crimson")), sent(Some("azure"))),
        (red + blue, red, blue)
    );
    let folder = tempfile::tempdir().unwrap();
    for table in Table::ALL {
        let rows = |rows: CsatQuery| {
            let path = folder.path().join("table.csv");
            let options = ExportOptions {
                table,
                rows,
                ..ExportOptions::default()
            };
            let exported = history.export(&path, &options).unwrap().rows;
            let text = std::fs::read_to_string(&path).unwrap();
            assert!(
                text.starts_with("subdomain,") || text.starts_with("\u{feff}subdomain,"),
                "{table}"
            );
            exported
        };
        let (red, blue) = (rows(account("crimson")), rows(account("azure")));
        assert_eq!(rows(CsatQuery::default()), red + blue, "{table}");
        // Customers have names only where they are asked for.
        let has_rows = table != Table::Requesters;
        assert_eq!((red > 0, blue > 0), (has_rows, has_rows), "{table}");
    }
}

#[tokio::test]
async fn each_account_is_read_on_from_where_it_was_left_by_its_own_way() {
    let folder = tempfile::tempdir().unwrap();
    let mut history = History::open(folder.path().join("csat.db")).unwrap();
    let red = Emulator::builder().seed(4).tickets(300).start().unwrap();
    let blue = Emulator::builder().seed(4).tickets(300).start().unwrap();
    sync(&mut history, &red, "crimson", TicketsVia::Export).await;
    let summary = sync(&mut history, &blue, "azure", TicketsVia::ShowMany).await;
    assert_eq!(summary.calls.incremental, 0);
    blue.advance(DAY);
    sync(&mut history, &blue, "azure", TicketsVia::Export).await;
    red.clear_journal();
    let summary = sync(&mut history, &red, "crimson", TicketsVia::Export).await;
    assert_eq!((summary.calls.incremental, summary.rows.tickets), (1, 0));
    assert!(red.journal().iter().any(|call| call.query.contains("cursor=")));
    assert_rows(&history, &account("crimson"), red.truth());
}

/// Syncs another account into the same file in the middle of a sync.
struct Interrupting<'a> {
    file: &'a std::path::Path,
    other: Client,
    refusals: Vec<String>,
}

impl Progress for Interrupting<'_> {
    fn advanced(&mut self, _step: Step, _rows: u64) {
        let (file, other) = (self.file.to_owned(), self.other.clone());
        let refused = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            let mut history = History::open(&file).unwrap();
            runtime.block_on(history.sync(&other, SyncOptions::default(), &mut NoProgress))
        });
        let error = refused.join().unwrap().unwrap_err();
        assert!(matches!(error, HistoryError::Busy { .. }), "{error}");
        self.refusals.push(error.to_string());
    }
}

#[tokio::test]
async fn a_second_sync_into_the_file_leaves_also_if_it_is_for_another_account() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("csat.db");
    let red = Emulator::builder().seed(4).tickets(100).start().unwrap();
    let blue = Emulator::builder().seed(5).tickets(100).start().unwrap();
    let mut history = History::open(&file).unwrap();
    let mut interrupting = Interrupting {
        file: &file,
        other: client(&blue, "azure"),
        refusals: Vec::new(),
    };
    history
        .sync(
            &client(&red, "crimson"),
            SyncOptions::default(),
            &mut interrupting,
        )
        .await
        .unwrap();
    assert!(interrupting.refusals.len() > 1);
    assert!(interrupting.refusals[0].starts_with("another sync is writing to "));
    assert!(blue.journal().is_empty(), "a sync that leaves asks nothing");
    assert_rows(&history, &account("crimson"), red.truth());
    sync(&mut history, &blue, "azure", TicketsVia::Auto).await;
    assert_rows(&history, &account("azure"), blue.truth());
}
