//! An offline account, a client of it and a history in a folder that goes away.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use zendesk_csat::{Client, Credentials};
use zendesk_csat_emulator::Emulator;
use zendesk_csat_history::{CsatQuery, History, HistoryError, NoProgress, SyncOptions, SyncSummary};

pub(crate) const DAY: u64 = 86_400;

pub(crate) struct Account {
    pub(crate) zendesk: Emulator,
    pub(crate) client: Client,
    pub(crate) history: History,
    _folder: TempDir,
}

/// A sync that the first trouble ends.
pub(crate) fn impatient() -> SyncOptions {
    SyncOptions {
        patience: Duration::ZERO,
        ..SyncOptions::default()
    }
}

impl Account {
    pub(crate) fn new(seed: u64, tickets: u32) -> Self {
        Self::of(Emulator::builder().seed(seed).tickets(tickets).start().unwrap())
    }

    pub(crate) fn of(zendesk: Emulator) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let history = History::open(folder.path().join("csat.db")).unwrap();
        Self {
            client: client(&zendesk),
            zendesk,
            history,
            _folder: folder,
        }
    }

    pub(crate) async fn sync(&mut self) -> SyncSummary {
        self.try_sync().await.unwrap()
    }

    pub(crate) async fn try_sync(&mut self) -> Result<SyncSummary, HistoryError> {
        self.history
            .sync(&self.client, impatient(), &mut NoProgress)
            .await
    }

    /// Has the service fail at these rates; at none, with an empty object.
    pub(crate) fn set_faults(&self, rates: &Value) {
        self.control("PUT", "faults", rates);
    }

    /// A customer rates, long after the offer or once more.
    pub(crate) fn rate(&self, ticket_id: i64, score: &str, comment: Option<&str>) {
        let rating = json!({ "ticket_id": ticket_id, "score": score, "comment": comment });
        self.control("POST", "satisfaction_ratings", &rating);
    }

    fn control(&self, method: &str, path: &str, body: &Value) {
        let address = self.zendesk.base_url().trim_start_matches("http://");
        let body = body.to_string();
        let mut stream = TcpStream::connect(address).unwrap();
        let request = format!(
            "{method} /_emulator/{path} HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 2"), "{answer}");
    }

    /// How many requests the service has seen since the journal was cleared.
    pub(crate) fn requests(&self) -> usize {
        self.zendesk.journal().len()
    }

    /// Row by row and column by column.
    pub(crate) fn assert_equals_truth(&self) {
        self.assert_equals(self.zendesk.truth());
    }

    /// The table has these rows and no other.
    pub(crate) fn assert_equals(&self, truth: impl IntoIterator<Item = Value>) {
        assert_rows(&self.history, &CsatQuery::default(), truth);
    }
}

/// The part of the table has these rows and no other.
pub(crate) fn assert_rows(history: &History, part: &CsatQuery, truth: impl IntoIterator<Item = Value>) {
    let synced = rows_by_id(history.csat(part).unwrap().iter().map(|row| {
        // The offline account is `acme`, whatever name a history has it by.
        let named = format!("https://{}.", row.subdomain);
        let mut value = serde_json::to_value(row).unwrap();
        if let Some(url) = &row.ticket_url {
            assert!(url.starts_with(&named), "{url}");
            value["ticket_url"] = url.replacen(&named, "https://acme.", 1).into();
        }
        value
    }));
    let truth = rows_by_id(truth);
    let differ: Vec<String> = truth
        .keys()
        .chain(synced.keys().filter(|key| !truth.contains_key(*key)))
        .filter_map(|key| difference(key, truth.get(key), synced.get(key)))
        .collect();
    let shown = differ
        .iter()
        .take(10)
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join("\n");
    assert!(
        differ.is_empty(),
        "{} of {} rows differ:\n{shown}",
        differ.len(),
        truth.len()
    );
    assert!(!truth.is_empty());
}

pub(crate) fn client(zendesk: &Emulator) -> Client {
    let account = zendesk.account();
    Client::builder(&account.subdomain)
        .base_url(&account.base_url)
        .credentials(Credentials::oauth_token(account.oauth_token.as_str()))
        .build()
        .unwrap()
}

type Key = (String, String);

fn rows_by_id(rows: impl IntoIterator<Item = Value>) -> BTreeMap<Key, Value> {
    let text = |row: &Value, column: &str| row[column].as_str().unwrap().to_owned();
    let mut by_id = BTreeMap::new();
    for row in rows {
        let key = (text(&row, "source"), text(&row, "id"));
        let twice = by_id.insert(key.clone(), row);
        assert_eq!(twice, None, "{key:?} is there twice");
    }
    by_id
}

fn difference(key: &Key, truth: Option<&Value>, synced: Option<&Value>) -> Option<String> {
    if truth == synced {
        return None;
    }
    let (Some(Value::Object(truth)), Some(Value::Object(synced))) = (truth, synced) else {
        return Some(format!("{key:?}: truth {truth:?}, synced {synced:?}"));
    };
    let columns = truth
        .keys()
        .chain(synced.keys().filter(|column| !truth.contains_key(*column)));
    let differ: Vec<String> = columns
        .filter(|column| truth.get(*column) != synced.get(*column))
        .map(|column| {
            format!(
                "{column}: truth {:?}, synced {:?}",
                truth.get(column),
                synced.get(column)
            )
        })
        .collect();
    Some(format!("{key:?}: {}", differ.join("; ")))
}
