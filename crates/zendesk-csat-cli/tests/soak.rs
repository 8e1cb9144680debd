//! Whatever fails on the way and whenever the command is killed, the table ends equal to the account's truth.
//!
//! A few rounds are a test; `cargo xtask soak` runs hundreds.
#![allow(missing_docs, clippy::unwrap_used)]

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use zendesk_csat_emulator::Emulator;
use zendesk_csat_history::{CsatQuery, History};

const DAY: u64 = 86_400;

/// How many rounds: the number in the environment, or a few.
fn rounds(name: &str) -> u64 {
    std::env::var(name).map_or(3, |rounds| rounds.parse().unwrap())
}

fn account(seed: u64, tickets: u32) -> Emulator {
    Emulator::builder().seed(seed).tickets(tickets).start().unwrap()
}

fn sync(zendesk: &Emulator, folder: &Path) -> Command {
    let account = zendesk.account();
    let mut command = Command::new(env!("CARGO_BIN_EXE_zendesk-csat"));
    command
        .current_dir(folder)
        .args(["sync", "--json", "--patience", "0"])
        .env("ZENDESK_SUBDOMAIN", &account.subdomain)
        .env("ZENDESK_BASE_URL", &account.base_url)
        .env("ZENDESK_OAUTH_TOKEN", &account.oauth_token)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn by_id(rows: impl IntoIterator<Item = Value>) -> BTreeMap<String, Value> {
    rows.into_iter()
        .map(|row| (format!("{} {}", row["source"], row["id"]), row))
        .collect()
}

/// Lets a sync come to its end, and compares.
fn assert_ends_in_the_truth(zendesk: &Emulator, folder: &Path, told: &str) {
    let synced = sync(zendesk, folder).output().unwrap();
    assert!(synced.status.success(), "{told}: {synced:?}");
    let history = History::open(folder.join("csat.db")).unwrap();
    let rows = history.csat(&CsatQuery::default()).unwrap();
    let synced = by_id(rows.iter().map(|row| serde_json::to_value(row).unwrap()));
    let truth = by_id(zendesk.truth());
    let differ: Vec<_> = truth
        .iter()
        .filter(|(id, row)| synced.get(*id) != Some(*row))
        .map(|(id, row)| (row, synced.get(id)))
        .collect();
    assert!(
        differ.is_empty() && synced.len() == truth.len(),
        "{told}: {differ:#?}"
    );
}

/// Numbers that look random and are the same in every run.
fn draw(seed: u64, below: u64) -> u64 {
    let mut bits = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    (bits ^ (bits >> 31)) % below
}

#[test]
fn every_seed_of_faults_ends_in_the_truth() {
    let rounds = rounds("ZENDESK_CSAT_SOAK_FAULTS");
    let mut failed = 0;
    for seed in 0..rounds {
        let zendesk = account(seed, 200);
        let folder = tempfile::tempdir().unwrap();
        for run in 0..3 {
            // An unknown value cannot be told from a new one: it is stored as it came.
            let faults = json!({
                "seed": seed * 3 + run, "too_many_requests": 0.03, "server_error": 0.08, "reset_before": 0.05,
                "reset_in_body": 0.05, "reset_after": 0.03, "truncated_gzip": 0.05, "corrupt_gzip": 0.03, "html": 0.03,
                "empty_body": 0.03, "wrong_type": 0.05, "malformed_record": 0.05,
                "unknown_field": 0.1, "duplicated_record": 0.1, "reordered_records": 0.1, "empty_page": 0.05,
                "repeated_cursor": 0.02, "expired_cursor": 0.05, "foreign_after_url": 0.05,
                "empty_object": 0.03, "error_200": 0.03, "no_end": 0.03, "null_list": 0.03,
                "future_time": 0.05, "not_utf8": 0.05, "half_emoji": 0.05, "narrow_role": 0.1, "capital_scores": 0.05,
            });
            zendesk.set_faults(&faults).unwrap();
            failed += u64::from(!sync(&zendesk, folder.path()).output().unwrap().status.success());
            zendesk.advance(draw(seed * 3 + run, 5 * DAY));
        }
        zendesk.set_faults(&json!({})).unwrap();
        assert_ends_in_the_truth(&zendesk, folder.path(), &format!("seed {seed}"));
    }
    println!("{rounds} seeds of faults, {failed} syncs that failed on the way");
    assert!(failed > 0);
}

/// Reads until the command has said that it began.
fn begun(zendesk: &Emulator, folder: &Path) -> Child {
    let mut child = sync(zendesk, folder).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap())
        .read_line(&mut line)
        .unwrap();
    assert!(line.contains("\"started\""), "{line}");
    child
}

#[test]
fn every_kill_leaves_what_the_next_sync_brings_to_the_truth() {
    const KILLS_A_FILE: u64 = 5;
    let kills = rounds("ZENDESK_CSAT_SOAK_KILLS").max(KILLS_A_FILE);
    let (mut killed, mut round) = (0, 0);
    while killed < kills {
        let zendesk = account(round, 1_000);
        // Every call takes a while, so that any of them may be the last.
        zendesk
            .set_faults(&json!({ "latency": 0.5, "seed": round }))
            .unwrap();
        let folder = tempfile::tempdir().unwrap();
        let before = killed;
        for attempt in 0..4 * KILLS_A_FILE {
            let mut child = begun(&zendesk, folder.path());
            std::thread::sleep(Duration::from_millis(draw(round * 100 + attempt, 400)));
            killed += u64::from(child.try_wait().unwrap().is_none());
            child.kill().unwrap();
            child.wait().unwrap();
            if killed - before >= KILLS_A_FILE {
                break;
            }
            zendesk.advance(draw(round + attempt, DAY));
        }
        zendesk.set_faults(&json!({})).unwrap();
        assert_ends_in_the_truth(&zendesk, folder.path(), &format!("round {round}"));
        round += 1;
    }
    println!("{killed} syncs killed, in {round} files");
}
