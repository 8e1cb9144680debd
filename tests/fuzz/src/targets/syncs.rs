//! A sync of spoilt answers: an error or the right rows, and what it left out the next sync brings.

use super::csv;
use crate::case::{Case, Checked, WORDS, check, client};
use crate::damage::{Of, garbled, no_answer, odd_but_readable, unreadable};
use crate::records::{self, Kind, written};
use crate::service::{Answer, Request, Service};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use zendesk_csat_history::export::{ExportOptions, Format, Table};
use zendesk_csat_history::report::{Dimension, ReportOptions};
use zendesk_csat_history::{CsatQuery, History, HistoryError, NoProgress, SyncOptions, SyncSummary};

/// The service's clock: all its records are past.
const NOW: &str = "Wed, 01 Apr 2026 10:00:00 GMT";
const RATINGS: &str = "/api/v2/satisfaction_ratings";

/// The ratings of an account: their comments by id.
type Account = BTreeMap<u64, String>;

/// One answer in the place of a sound one.
struct Spoilt {
    path: &'static str,
    body: Vec<u8>,
    /// The id of the one record that it costs; none where it costs nobody knows what.
    costs: Option<u64>,
}

pub(super) async fn run(case: &mut Case<'_>) -> Checked {
    let account: Account = (0..case.random.u64(1..6))
        .map(|number| (1_000 + number, case.text(6)))
        .collect();
    let spoilt = spoil(case, &account);
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let file = folder.path().join("csat.db");
    let mut history = History::open(&file).map_err(|error| error.to_string())?;

    serve(
        case.service,
        account.clone(),
        Some((spoilt.path, spoilt.body.clone())),
    );
    let first = sync(case.service, &mut history).await;
    judge_first(&history, &account, &spoilt, &first).map_err(|failure| {
        format!(
            "{failure}; of {} {}",
            spoilt.path,
            String::from_utf8_lossy(&spoilt.body)
                .chars()
                .take(2_000)
                .collect::<String>()
        )
    })?;
    read_all(&history, folder.path())?;

    // The service is itself again.
    serve(case.service, account.clone(), None);
    // What can be read and says something else is believed, until all is read anew.
    let options = SyncOptions {
        full: spoilt.costs.is_none(),
        ..SyncOptions::default()
    };
    let second = sync_with(case.service, &mut history, options).await;
    second.map_err(|error| format!("the next sync fails: {error}"))?;
    let rows = rows(&history)?;
    check(rows == account, || {
        format!("after the next sync {rows:?} in place of {account:?}")
    })?;
    exported(&history, &account, folder.path())
}

/// Another answer for one of the paths.
fn spoil(case: &mut Case<'_>, account: &Account) -> Spoilt {
    let ids: Vec<_> = account.keys().copied().collect();
    if case.once_in(2) {
        let at = case.random.usize(..ids.len());
        let (record, costs) = if case.once_in(3) {
            (odd_but_readable(case, Kind::Survey, ids[at]), None)
        } else {
            (unreadable(case, Kind::Rating, ids[at], Of::Part), Some(ids[at]))
        };
        if costs.is_some() {
            let mut records: Vec<Vec<u8>> = account
                .iter()
                .map(|(id, comment)| rating(*id, comment).to_string().into())
                .collect();
            records[at] = record;
            let body = records::page(
                case,
                "satisfaction_ratings",
                &records,
                &json!({"meta": {"has_more": false}}),
            );
            return Spoilt {
                path: RATINGS,
                body,
                costs,
            };
        }
        let body = records::page(case, "surveys", &[record], &json!({"meta": {"has_more": false}}));
        return Spoilt {
            path: "/api/v2/guide/surveys",
            body,
            costs: None,
        };
    }
    let path = case.pick(&[
        RATINGS,
        "/api/v2/satisfaction_reasons",
        "/api/v2/guide/survey_responses",
        "/api/v2/incremental/tickets/cursor",
        "/api/v2/satisfaction_ratings/count",
    ]);
    let sound = sound(account, path);
    let sound = written(case, &sound);
    let body = if case.once_in(3) {
        no_answer(case, sound.as_bytes())
    } else {
        garbled(case, sound.as_bytes())
    };
    Spoilt {
        path,
        body,
        costs: None,
    }
}

fn rating(id: u64, comment: &str) -> Value {
    json!({
        "id": id, "ticket_id": id, "score": "bad", "requester_id": 5, "assignee_id": 6, "group_id": 7, "comment": comment,
        "created_at": "2026-03-01T10:00:00Z", "updated_at": "2026-03-01T11:00:00Z",
    })
}

/// What the account answers to a path.
fn sound(account: &Account, path: &str) -> Value {
    let end = json!({"has_more": false, "after_cursor": null});
    if let Some(names) = ["users", "organizations"]
        .iter()
        .find(|names| path.ends_with(&format!("/{names}/show_many")))
    {
        return json!({*names: []});
    }
    match path.rsplit('/').next().unwrap_or_default() {
        "satisfaction_ratings" => {
            let ratings: Vec<_> = account.iter().map(|(id, comment)| rating(*id, comment)).collect();
            json!({"satisfaction_ratings": ratings, "meta": end})
        }
        "count" => json!({"count": {"value": account.len(), "refreshed_at": null}}),
        "satisfaction_reasons" => {
            json!({"reasons": [{"id": 1, "reason_code": 1_000, "value": WORDS}], "next_page": null})
        }
        "cursor" | "show_many" => {
            let tickets: Vec<_> = account
                .keys()
                .map(|id| json!({"id": id, "subject": WORDS, "status": "solved", "generated_timestamp": 1_772_360_000}))
                .collect();
            json!({"tickets": tickets, "after_cursor": "end", "end_of_stream": true})
        }
        kind => json!({kind: [], "meta": end}),
    }
}

fn serve(service: &Service, account: Account, spoilt: Option<(&'static str, Vec<u8>)>) {
    service.answer(move |request: &Request| {
        let path = request.path().trim_end_matches(".json");
        let answer = match &spoilt {
            Some((spoilt, body)) if *spoilt == path => Answer::json(body.clone()),
            _ if request.target.contains("start_time") && path == RATINGS => {
                Answer::json(sound(&Account::new(), path).to_string()).sound()
            }
            _ => Answer::json(sound(&account, path).to_string()).sound(),
        };
        answer.header("date", NOW)
    });
}

async fn sync(service: &Service, history: &mut History) -> Result<SyncSummary, HistoryError> {
    sync_with(service, history, SyncOptions::default()).await
}

async fn sync_with(
    service: &Service,
    history: &mut History,
    options: SyncOptions,
) -> Result<SyncSummary, HistoryError> {
    history.sync(&client(service, 0), options, &mut NoProgress).await
}

/// A history of three ratings, as the bytes of its file.
pub(crate) async fn filled(service: &Service) -> Vec<u8> {
    let account: Account = (1..=3).map(|id| (1_000 + id, format!("{WORDS} {id}"))).collect();
    serve(service, account, None);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("csat.db");
    let mut history = History::open(&file).unwrap();
    sync(service, &mut history).await.unwrap();
    drop(history);
    // All of it stands in the one file.
    let connection = rusqlite::Connection::open(&file).unwrap();
    connection
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        .unwrap();
    drop(connection);
    std::fs::read(&file).unwrap()
}

pub(super) fn rows(history: &History) -> Result<Account, String> {
    let rows = history
        .csat(&CsatQuery::default())
        .map_err(|error| error.to_string())?;
    let count = rows.len();
    let account: Account = rows
        .into_iter()
        .filter_map(|row| Some((row.id.parse().ok()?, row.comment.unwrap_or_default())))
        .collect();
    check(account.len() == count, || {
        format!("{count} rows, of which {account:?} have ids of their own")
    })?;
    Ok(account)
}

fn judge_first(
    history: &History,
    account: &Account,
    spoilt: &Spoilt,
    summary: &Result<SyncSummary, HistoryError>,
) -> Checked {
    if let Err(error) = summary {
        let text = format!("{error} {error:?}");
        check(!text.contains(crate::case::TOKEN), || {
            format!("the token shows: {text}")
        })?;
    }
    let Some(cost) = spoilt.costs else { return Ok(()) };
    let summary = summary
        .as_ref()
        .map_err(|error| format!("the sync fails: {error}"))?;
    let mut expected = account.clone();
    expected.remove(&cost);
    let rows = rows(history)?;
    check(rows == expected, || {
        format!("rows {rows:?} in place of {expected:?}")
    })?;
    check(summary.reconciliation.malformed == 1, || {
        format!("says {} malformed records", summary.reconciliation.malformed)
    })
}

/// Everything that can be read of a history, as an error or not.
pub(super) fn read_all(history: &History, folder: &Path) -> Checked {
    for table in Table::ALL {
        for (format, suffix) in [
            (Format::Csv, "csv"),
            (Format::JsonLines, "jsonl"),
            (Format::Parquet, "parquet"),
            (Format::Arrow, "arrow"),
        ] {
            let options = ExportOptions {
                table,
                format: Some(format),
                ..ExportOptions::default()
            };
            let _ = history.export(folder.join(format!("{table}.{suffix}")), &options);
        }
    }
    let by = vec![Dimension::Agent, Dimension::Reason];
    if let Ok(report) = history.report(&ReportOptions {
        by,
        ..ReportOptions::default()
    }) {
        let _ = (
            report.to_text(80, true),
            report.to_plain_text(40),
            report.to_html(),
        );
    }
    let _ = (history.accounts(), history.subdomains(), history.gaps(None));
    Ok(())
}

/// The CSV file of a history has no formula, and has the comments.
fn exported(history: &History, account: &Account, folder: &Path) -> Checked {
    let file = folder.join("again.csv");
    history
        .export(&file, &ExportOptions::default())
        .map_err(|error| error.to_string())?;
    let mut rows = ::csv::Reader::from_path(&file).map_err(|error| error.to_string())?;
    let names = rows.headers().map_err(|error| error.to_string())?.clone();
    let column = |name| names.iter().position(|known| known == name).unwrap();
    let (id, comment) = (column("id"), column("comment"));
    let mut count = 0;
    for row in rows.records() {
        let row = row.map_err(|error| error.to_string())?;
        count += 1;
        let written = row[id].parse().ok().and_then(|id: u64| account.get(&id));
        let written = written.ok_or_else(|| format!("a row of no rating: {row:?}"))?;
        csv::judge(written, &row[comment])?;
    }
    check(count == account.len(), || format!("{count} rows of {account:?}"))
}
