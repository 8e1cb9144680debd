//! The command as a person or a script sees it: output, one line on errors, exit codes.
#![allow(missing_docs, clippy::unwrap_used)]

use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::LazyLock;
use zendesk_csat_emulator::Emulator;

static ZENDESK: LazyLock<Emulator> = LazyLock::new(|| {
    Emulator::builder()
        .seed(5)
        .tickets(600)
        .clock_speed(0.0)
        .start()
        .unwrap()
});

/// The command, with the offline account in its environment.
fn command(folder: &Path, arguments: &[&str]) -> Command {
    let account = ZENDESK.account();
    let mut command = Command::new(env!("CARGO_BIN_EXE_zendesk-csat"));
    command.current_dir(folder).args(arguments);
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("ZENDESK_")) {
        command.env_remove(name);
    }
    command
        .env("ZENDESK_SUBDOMAIN", &account.subdomain)
        .env("ZENDESK_BASE_URL", &account.base_url)
        .env("ZENDESK_OAUTH_TOKEN", &account.oauth_token);
    command
}

fn stdout(output: &Output) -> String {
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// The exit code and the only line of a command that fails.
fn failure(mut command: Command) -> (i32, String) {
    let output = command.output().unwrap();
    assert!(
        output.stdout.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
    let line = String::from_utf8(output.stderr).unwrap();
    assert!(line.starts_with("error: ") && line.lines().count() == 1, "{line}");
    (output.status.code().unwrap(), line)
}

#[test]
fn the_readme_s_shell_example_works() {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../README.md")).unwrap();
    let (_, rest) = readme.split_once("```sh\n").unwrap();
    let (example, _) = rest.split_once("```").unwrap();
    let folder = tempfile::tempdir().unwrap();
    for line in example.lines() {
        let mut words = line.split(' ');
        assert_eq!(words.next(), Some("zendesk-csat"));
        let output = command(folder.path(), &words.collect::<Vec<_>>())
            .output()
            .unwrap();
        assert!(!stdout(&output).trim().is_empty(), "{line}");
    }
    assert!(
        std::fs::read_to_string(folder.path().join("report.html"))
            .unwrap()
            .starts_with("<!DOCTYPE html>")
    );
}

#[test]
fn a_second_sync_reads_less_and_the_report_stays() {
    let folder = tempfile::tempdir().unwrap();
    let json = |arguments: &[&str]| -> Value {
        serde_json::from_str(&stdout(&command(folder.path(), arguments).output().unwrap())).unwrap()
    };
    let first = json(&["sync", "--json"]);
    let report = json(&["report", "--json"]);
    let second = json(&["sync", "--json"]);
    assert_eq!(first["reconciliation"]["sent"], ZENDESK.truth().len());
    assert_eq!(first["reconciliation"], second["reconciliation"]);
    let calls = |summary: &Value| {
        summary["calls"]
            .as_object()
            .unwrap()
            .values()
            .filter_map(Value::as_u64)
            .sum::<u64>()
    };
    assert!(calls(&second) < calls(&first), "{second}");
    assert_eq!(report, json(&["report", "--json"]));
}

#[test]
fn listings_are_lines_or_json_lines() {
    let folder = tempfile::tempdir().unwrap();
    let list = |arguments: &[&str]| stdout(&command(folder.path(), arguments).output().unwrap());
    let table = list(&["ratings", "list", "--score", "bad", "--limit", "3"]);
    assert_eq!(table.lines().count(), 4, "{table}");
    assert!(
        table.lines().skip(1).all(|line| line.contains("  bad  ")),
        "{table}"
    );
    let json = list(&["responses", "list", "--limit", "5", "--json"]);
    let ids: Vec<Value> = json
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["id"].take())
        .collect();
    assert_eq!(ids.len(), 5);
    assert!(
        ids.is_sorted_by(|a, b| a.as_str() > b.as_str()),
        "newest first: {ids:?}"
    );
    let oldest = list(&["responses", "list", "--sort", "oldest", "--limit", "2", "--json"]);
    assert_ne!(oldest.lines().next(), json.lines().next());
}

#[test]
fn bad_input_is_one_clear_line_and_a_fitting_code() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| command(folder.path(), arguments);

    let mut wrong_token = run(&["ratings", "list"]);
    wrong_token.env("ZENDESK_OAUTH_TOKEN", "PLANTED");
    let (code, line) = failure(wrong_token);
    assert_eq!(code, 3);
    assert!(
        line.contains("401") && line.contains("check the credentials") && !line.contains("PLANTED"),
        "{line}"
    );

    let mut no_account = run(&["sync"]);
    no_account.env_remove("ZENDESK_SUBDOMAIN");
    let (code, line) = failure(no_account);
    assert_eq!(code, 2);
    assert!(line.contains("ZENDESK_SUBDOMAIN is not set"), "{line}");

    let mut wrong_subdomain = run(&["sync", "--subdomain", "https://acme.zendesk.com"]);
    wrong_subdomain.env_remove("ZENDESK_BASE_URL");
    let (code, line) = failure(wrong_subdomain);
    assert_eq!(code, 2);
    assert!(line.contains("acme"), "{line}");

    let mut nobody_there = run(&["responses", "list"]);
    nobody_there.env("ZENDESK_BASE_URL", "http://127.0.0.1:1");
    let (code, line) = failure(nobody_there);
    assert_eq!(code, 5);
    assert!(line.contains("check the subdomain and the network"), "{line}");

    let mut unencrypted = run(&["responses", "list"]);
    unencrypted.env("ZENDESK_BASE_URL", "http://zendesk.example");
    assert_eq!(failure(unencrypted).0, 2);

    let (code, line) = failure(run(&["sync", "--history", "no/such/folder/csat.db"]));
    assert_eq!(code, 6);
    assert!(line.contains("no/such/folder/csat.db"), "{line}");

    std::fs::write(
        folder.path().join("notes.db"),
        "not a database, but long enough to be taken for one by its size",
    )
    .unwrap();
    let (code, line) = failure(run(&["sync", "--history", "notes.db"]));
    assert_eq!(code, 6);
    assert!(line.contains("notes.db is not a SQLite database"), "{line}");

    let (code, line) = failure(run(&["report", "--history", "nowhere.db"]));
    assert_eq!(code, 6);
    assert!(line.contains("run `zendesk-csat sync` first"), "{line}");
}

#[test]
fn an_unknown_flag_shows_the_usage() {
    let output = command(&std::env::temp_dir(), &["sync", "--bogus"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .contains("unexpected argument '--bogus'")
    );
}

#[test]
fn a_wrong_token_ends_a_sync() {
    let folder = tempfile::tempdir().unwrap();
    let mut sync = command(folder.path(), &["sync"]);
    sync.env("ZENDESK_OAUTH_TOKEN", "PLANTED");
    let output = sync.output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8(output.stderr).unwrap().contains("401"));
}

#[test]
fn the_log_shows_calls_and_no_secret() {
    let folder = tempfile::tempdir().unwrap();
    let mut list = command(folder.path(), &["ratings", "list", "--limit", "1"]);
    list.env("ZENDESK_CSAT_LOG", "trace");
    let output = list.output().unwrap();
    let log = String::from_utf8(output.stderr).unwrap();
    assert!(log.contains("list_satisfaction_ratings"), "{log}");
    assert!(!log.contains(&ZENDESK.account().oauth_token));
}

#[test]
fn the_demo_agrees_with_the_truth_and_counts_both_ways() {
    let folder = tempfile::tempdir().unwrap();
    let demo = stdout(
        &command(folder.path(), &["demo", "--tickets", "500"])
            .output()
            .unwrap(),
    );
    assert!(demo.contains("rows equal the account's own truth"), "{demo}");
    let counts = demo.lines().last().unwrap();
    let numbers: Vec<u64> = counts
        .split([' ', ','])
        .filter_map(|word| word.parse().ok())
        .collect();
    assert!(
        matches!(numbers[..], [ours, documented] if ours < documented),
        "{counts}"
    );
    assert!(folder.path().join("report.html").exists());
    assert!(demo.lines().all(|line| line.chars().count() <= 100), "{demo}");
}

#[test]
fn the_emulator_says_where_it_is_in_one_json_line() {
    use std::io::{BufRead, BufReader};
    let mut emulator = command(&std::env::temp_dir(), &["emulator", "--tickets", "20"]);
    let mut emulator = emulator.stdout(std::process::Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(emulator.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    emulator.kill().unwrap();
    emulator.wait().unwrap();
    let account: Value = serde_json::from_str(&line).unwrap();
    for key in [
        "base_url",
        "subdomain",
        "email",
        "api_token",
        "oauth_token",
        "oauth_client_id",
        "oauth_client_secret",
    ] {
        assert!(account[key].is_string(), "{key}: {line}");
    }
}
