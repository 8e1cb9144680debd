//! What a history lacks is said; a sync in full ends equal to a new file; accounts have one name.

use serde_json::json;
use zendesk_csat_emulator::Emulator;
use zendesk_csat_history::export::{ExportOptions, Format, Table};
use zendesk_csat_history::report::ReportOptions;
use zendesk_csat_history::{
    CsatQuery, Gap, GapKind, History, HistoryError, NoProgress, Since, SyncOptions, SyncSummary,
};

use crate::account::{Account, DAY, client, impatient};
use crate::service::{RATINGS, RESPONSES, Script, Service, page, rating, response};

fn kinds(gaps: &[Gap]) -> Vec<GapKind> {
    gaps.iter().map(|gap| gap.kind).collect()
}

fn full() -> SyncOptions {
    SyncOptions {
        full: true,
        ..impatient()
    }
}

async fn sync(history: &mut History, service: &Service) -> Result<SyncSummary, HistoryError> {
    history
        .sync(&service.client(), impatient(), &mut NoProgress)
        .await
}

fn refused(status: u16) -> (u16, serde_json::Value) {
    (status, json!({ "error": "Refused" }))
}

#[tokio::test]
async fn a_history_whose_last_sync_did_not_end_says_so_everywhere_until_one_does() {
    let mut account = Account::new(2, 300);
    account.sync().await;
    assert_eq!(account.history.gaps(None).unwrap(), []);
    let whole_to = account.history.as_of(None).unwrap();

    account.zendesk.advance(3 * DAY);
    account.set_faults(&json!({ "server_error": 1.0 }));
    account.try_sync().await.unwrap_err();
    let gaps = account.history.gaps(None).unwrap();
    assert_eq!(kinds(&gaps), [GapKind::Unfinished]);
    assert_eq!(gaps[0].whole_to, whole_to);
    let line = gaps[0].to_string();
    let whole_to = whole_to.unwrap().format("%F");
    assert!(
        line.starts_with(&format!(
            "acme: the last sync has not come to its end; whole up to {whole_to}"
        )),
        "{line}"
    );

    let report = account.history.report(&ReportOptions::default()).unwrap();
    assert_eq!(report.gaps, gaps);
    assert!(
        report
            .to_text(100, false)
            .starts_with(&format!("Not whole: {line}\n"))
    );
    let page = report.to_html();
    assert!(page.contains("This history is not whole") && page.contains(&line));
    assert_eq!(
        serde_json::to_value(&report).unwrap()["gaps"][0]["kind"],
        "unfinished"
    );
    let mut written = Vec::new();
    let export = account
        .history
        .export_to(&mut written, Format::Csv, &ExportOptions::default())
        .unwrap();
    assert_eq!(export.gaps, gaps);

    account.set_faults(&json!({}));
    account.sync().await;
    assert_eq!(account.history.gaps(None).unwrap(), []);
    assert!(
        !account
            .history
            .report(&ReportOptions::default())
            .unwrap()
            .to_html()
            .contains("not whole")
    );
}

#[tokio::test]
async fn before_the_first_sync_ends_nothing_is_whole() {
    let service = Script::default().on(RATINGS, |_, _| refused(500)).start();
    let mut history = History::open(":memory:").unwrap();
    sync(&mut history, &service).await.unwrap_err();
    let gaps = history.gaps(Some("ACME")).unwrap();
    assert_eq!(gaps[0].to_string(), "acme: no sync has come to its end yet");
}

#[tokio::test]
async fn a_part_that_is_refused_is_named_and_a_lasting_lack_is_no_failure() {
    let service = Script::default()
        .on(RATINGS, |_, _| refused(403))
        .on("/api/v2/satisfaction_reasons", |_, _| refused(403))
        .on(RESPONSES, |_, _| {
            (200, page(RESPONSES, json!([response("01A", 1, &[])]), None))
        })
        .start();
    let mut history = History::open(":memory:").unwrap();
    let first = sync(&mut history, &service).await.unwrap();
    assert!(!first.is_complete());
    let later = sync(&mut history, &service).await.unwrap();
    assert!(
        later.is_complete() && later.unavailable.iter().all(|part| part.lasting),
        "{later}"
    );
    // Whoever reads the numbers is told all the same.
    let gaps = history.gaps(None).unwrap();
    assert_eq!(kinds(&gaps), [GapKind::Unavailable; 2]);
    assert!(
        gaps[0].to_string().starts_with("acme: ratings left out: "),
        "{}",
        gaps[0]
    );
}

#[tokio::test]
async fn what_was_given_once_and_is_refused_now_is_a_failure_every_time() {
    let service = Script::default()
        .on(RATINGS, |count, _| match count {
            0 => (200, page(RATINGS, json!([rating(11)]), None)),
            _ => refused(403),
        })
        .start();
    let mut history = History::open(":memory:").unwrap();
    assert!(sync(&mut history, &service).await.unwrap().is_complete());
    for _ in 0..3 {
        assert!(!sync(&mut history, &service).await.unwrap().is_complete());
    }
    assert_eq!(history.csat(&CsatQuery::default()).unwrap().len(), 1);
}

#[tokio::test]
async fn ratings_that_are_counted_and_not_listed_are_said() {
    let service = Script::default()
        .on(RATINGS, |_, _| {
            (200, page(RATINGS, json!([rating(11), rating(12)]), None))
        })
        .on("/api/v2/satisfaction_ratings/count", |count, _| {
            let value = if count == 0 { 5 } else { 2 };
            (
                200,
                json!({ "count": { "value": value, "refreshed_at": "2026-03-02T10:00:00Z" } }),
            )
        })
        .start();
    let mut history = History::open(":memory:").unwrap();
    let summary = sync(&mut history, &service).await.unwrap();
    assert_eq!(summary.reconciliation.missing, 3);
    assert!(
        summary
            .to_string()
            .contains("3 ratings counted by the service and not listed"),
        "{summary}"
    );
    assert_eq!(kinds(&history.gaps(None).unwrap()), [GapKind::Missing]);
    let summary = sync(&mut history, &service).await.unwrap();
    assert_eq!(summary.reconciliation.missing, 0);
    assert_eq!(history.gaps(None).unwrap(), []);
}

#[tokio::test]
async fn a_count_that_is_not_up_to_date_tells_nothing() {
    for count in [
        json!({ "value": 100_000, "refreshed_at": null }),
        json!({ "value": 100_000, "refreshed_at": "2026-03-02T10:00:00Z" }),
        json!({ "value": null, "refreshed_at": "2026-03-02T10:00:00Z" }),
    ] {
        let service = Script::default()
            .on("/api/v2/satisfaction_ratings/count", move |_, _| {
                (200, json!({ "count": count }))
            })
            .start();
        let mut history = History::open(":memory:").unwrap();
        assert_eq!(
            sync(&mut history, &service).await.unwrap().reconciliation.missing,
            0
        );
    }
}

#[tokio::test]
async fn a_sync_in_full_ends_equal_to_a_new_file() {
    let mut account = Account::new(4, 500);
    account.sync().await;
    // What is in the file and not at the service, as after a rating that was removed there.
    let path = account.history.path().to_path_buf();
    let other = rusqlite::Connection::open(&path).unwrap();
    other
        .execute(
            "UPDATE ratings SET score = 'good', comment = 'never said' WHERE score = 'offered'",
            [],
        )
        .unwrap();
    other
        .execute("DELETE FROM survey_responses WHERE ticket_id % 3 = 0", [])
        .unwrap();
    drop(other);
    account.zendesk.advance(40 * DAY);
    let summary = account
        .history
        .sync(&account.client, full(), &mut NoProgress)
        .await
        .unwrap();
    assert!(!summary.kept && summary.is_complete(), "{summary}");
    account.assert_equals_truth();
    let mut new = History::open(":memory:").unwrap();
    new.sync(&account.client, impatient(), &mut NoProgress)
        .await
        .unwrap();
    assert_eq!(dump(&account.history), dump(&new));
    // Nothing is left beside it, and later syncs go on from there.
    let folder = std::fs::read_dir(path.parent().unwrap()).unwrap();
    let names: Vec<_> = folder.map(|entry| entry.unwrap().file_name()).collect();
    assert!(
        names.iter().all(|name| !name.to_string_lossy().contains("full")),
        "{names:?}"
    );
    account.zendesk.advance(2 * DAY);
    account.sync().await;
    account.assert_equals_truth();
}

/// Every table for other tools, as text.
fn dump(history: &History) -> Vec<String> {
    let mut dump = Vec::new();
    for table in Table::ALL {
        let mut text = Vec::new();
        let options = ExportOptions {
            table,
            ..ExportOptions::default()
        };
        history.export_to(&mut text, Format::JsonLines, &options).unwrap();
        dump.push(String::from_utf8(text).unwrap());
    }
    dump
}

#[tokio::test]
async fn a_sync_in_full_that_is_refused_something_leaves_the_history_as_it_was() {
    let service = Script::default()
        .on(RATINGS, |count, _| match count {
            0 => (200, page(RATINGS, json!([rating(11)]), None)),
            _ => refused(403),
        })
        .on(RESPONSES, |_, _| {
            (200, page(RESPONSES, json!([response("01A", 1, &[])]), None))
        })
        .start();
    let folder = tempfile::tempdir().unwrap();
    let mut history = History::open(folder.path().join("csat.db")).unwrap();
    sync(&mut history, &service).await.unwrap();
    let before = dump(&history);
    let summary = history
        .sync(&service.client(), full(), &mut NoProgress)
        .await
        .unwrap();
    assert!(summary.kept && !summary.is_complete());
    assert!(
        summary.to_string().contains("the history stays as it was"),
        "{summary}"
    );
    assert_eq!(dump(&history), before);
}

#[tokio::test]
async fn a_sync_in_full_keeps_since_and_leaves_other_accounts_alone() {
    let zendesk = Emulator::builder().seed(3).tickets(300).start().unwrap();
    let mut account = Account::of(zendesk);
    let since = Since::Time(account.zendesk.now() - chrono::TimeDelta::days(200));
    let options = SyncOptions { since, ..impatient() };
    account
        .history
        .sync(&account.client, options, &mut NoProgress)
        .await
        .unwrap();
    let other = Emulator::builder().seed(9).tickets(200).start().unwrap();
    let other_client = zendesk_csat::Client::builder("globex")
        .base_url(other.base_url())
        .credentials(zendesk_csat::Credentials::oauth_token(
            other.account().oauth_token.as_str(),
        ))
        .build()
        .unwrap();
    let joined = account
        .history
        .sync(&other_client, impatient(), &mut NoProgress)
        .await
        .unwrap();
    assert_eq!(joined.joins, ["acme"]);
    assert!(
        joined.to_string().contains("new in this file, beside acme"),
        "{joined}"
    );
    let before = dump(&account.history);
    let summary = account
        .history
        .sync(&account.client, full(), &mut NoProgress)
        .await
        .unwrap();
    assert_eq!(summary.joins, [""; 0]);
    assert_eq!(summary.since.map(Since::Time), Some(since));
    assert_eq!(dump(&account.history), before);
}

#[tokio::test]
async fn an_account_is_renamed_with_all_it_has_and_forgotten_with_all_it_has() {
    let mut account = Account::new(6, 200);
    account.sync().await;
    let rows = account.history.csat(&CsatQuery::default()).unwrap().len();
    let info = &account.history.accounts().unwrap()[0];
    assert_eq!(
        (info.subdomain.as_str(), info.rows as usize, info.since),
        ("acme", rows, None)
    );

    account
        .history
        .rename_account("Acme", " Acme-Support ")
        .await
        .unwrap();
    assert_eq!(account.history.subdomains().unwrap(), ["acme-support"]);
    for (from, to) in [("acme-support", "acme-support"), ("acme-support", " ")] {
        let refused = account.history.rename_account(from, to).await.unwrap_err();
        assert!(matches!(refused, HistoryError::AccountName { .. }), "{refused}");
    }
    // A sync of the new name goes on where the old one ended.
    let renamed = zendesk_csat::Client::builder("acme-support")
        .base_url(account.zendesk.base_url())
        .credentials(zendesk_csat::Credentials::oauth_token(
            account.zendesk.account().oauth_token.as_str(),
        ))
        .build()
        .unwrap();
    let summary = account
        .history
        .sync(&renamed, impatient(), &mut NoProgress)
        .await
        .unwrap();
    assert!(summary.rows.survey_responses < rows as u64 / 2, "{summary}");
    account.assert_equals_truth();

    let unknown = account.history.forget_account("acme").await.unwrap_err();
    assert!(unknown.to_string().contains("it has acme-support"), "{unknown}");
    assert_eq!(
        account.history.forget_account("acme-support").await.unwrap() as usize,
        rows
    );
    assert_eq!(account.history.subdomains().unwrap(), [""; 0]);
    assert!(dump(&account.history).iter().all(String::is_empty));
    let again = client(&account.zendesk);
    account
        .history
        .sync(&again, impatient(), &mut NoProgress)
        .await
        .unwrap();
    account.assert_equals_truth();
}
