//! The command as a person or a script sees it: output, one line on errors, exit codes.
#![allow(missing_docs, clippy::unwrap_used)]

#[path = "command/fields.rs"]
mod fields;
#[path = "command/report.rs"]
mod report;
#[path = "command/streams.rs"]
mod streams;
#[path = "command/sync.rs"]
mod sync;

use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output, Stdio};
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

/// The command, with the offline account that all tests read in its environment.
fn command(folder: &Path, arguments: &[&str]) -> Command {
    command_on(&ZENDESK, folder, arguments)
}

fn command_on(zendesk: &Emulator, folder: &Path, arguments: &[&str]) -> Command {
    let account = zendesk.account();
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
    let sync = || sync::summary(&command(folder.path(), &["sync", "--json"]).output().unwrap());
    let first = sync();
    let report = json(&["report", "--json"]);
    let second = sync();
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
fn a_period_is_said_in_one_way_and_a_name_that_is_not_there_is_told_from_those_near_it() {
    let folder = tempfile::tempdir().unwrap();
    assert!(
        command(folder.path(), &["sync"])
            .output()
            .unwrap()
            .status
            .success()
    );
    for (arguments, said) in [
        (&["report", "--month", "2026-05", "--last", "28d"][..], "--last"),
        (&["report", "--month", "2026-05", "--all"], "--all"),
        (
            &["export", "a.csv", "--week", "2026-W20", "--since", "2026"],
            "--since",
        ),
        (&["report", "--month", "2026"], "2026-05, last-month"),
        (&["report", "--last", "0d"], "28d or 4w"),
        (
            &["report", "--compare", "2026-06", "--month", "2026-05"],
            "2026-05-01",
        ),
        (&["report", "--group", "orderz"], "perhaps Orders"),
        (&["export", "a.csv", "--group", "orderz"], "perhaps Orders"),
        (
            &["export", "a.csv", "--table", "tickets", "--group", "Orders"],
            "only the table csat",
        ),
    ] {
        let output = command(folder.path(), arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(
            told.starts_with("error: ") && told.contains(said),
            "{arguments:?}: {told}"
        );
    }
    assert!(!folder.path().join("a.csv").exists());
    let json = |arguments: &[&str]| -> Value {
        serde_json::from_str(&stdout(&command(folder.path(), arguments).output().unwrap())).unwrap()
    };
    let report = json(&[
        "report", "--json", "--all", "--count", "answers", "--group", "orders",
    ]);
    let total = report["total"]["sent"].as_u64().unwrap() + report["total"]["unasked"].as_u64().unwrap();
    let export = json(&["export", "a.csv", "--json", "--group", "ORDERS"]);
    assert_eq!(export["rows"].as_u64(), Some(total));
    let of_group = ZENDESK
        .truth()
        .into_iter()
        .filter(|row| row["group"] == "Orders")
        .count();
    assert_eq!(total, of_group as u64);
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
fn every_read_operation_has_its_command() {
    let folder = tempfile::tempdir().unwrap();
    let list = |arguments: &[&str]| -> Vec<Value> {
        let mut json = arguments.to_vec();
        json.extend(["--limit", "3", "--json"]);
        let lines = stdout(&command(folder.path(), &json).output().unwrap());
        assert!(!stdout(&command(folder.path(), arguments).output().unwrap()).is_empty());
        lines
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    };
    let show = |arguments: &[&str]| -> Value {
        let mut json = arguments.to_vec();
        json.push("--json");
        let lines = stdout(&command(folder.path(), arguments).output().unwrap());
        assert!(lines.lines().all(|line| line.contains(": ")), "{lines}");
        serde_json::from_str(&stdout(&command(folder.path(), &json).output().unwrap())).unwrap()
    };
    let text = |value: &Value| value.to_string().trim_matches('"').to_owned();

    let rating = list(&["ratings", "list"]).remove(0);
    assert_eq!(show(&["ratings", "show", &text(&rating["id"])]), rating);
    assert!(show(&["ratings", "count"])["value"].as_u64() > Some(0));
    let reason = list(&["reasons", "list"]).remove(0);
    assert_eq!(
        show(&["reasons", "show", &text(&reason["id"])])["id"],
        reason["id"]
    );
    let response = list(&["responses", "list"]).remove(0);
    assert_eq!(
        show(&["responses", "show", &text(&response["id"])])["id"],
        response["id"]
    );
    assert!(list(&["surveys", "list"])[0]["questions"].is_array());
    let ticket = list(&["tickets", "export", "--start-time", "2020-01-01"]).remove(0);
    let id = text(&ticket["id"]);
    assert_eq!(list(&["tickets", "show", &id])[0]["id"], ticket["id"]);
    assert_eq!(list(&["tickets", "audits", &id])[0]["ticket_id"], ticket["id"]);

    let agents = list(&["users", "list", "--role", "agent,admin"]);
    let is_staff = |user: &Value| user["role"] == "agent" || user["role"] == "admin";
    assert!(agents.len() == 3 && agents.iter().all(is_staff));
    let me = show(&["users", "me"]);
    assert_eq!(list(&["users", "show", &text(&me["id"])])[0]["name"], me["name"]);
    assert!(list(&["groups", "list"])[0]["name"].is_string());
    let lines = |arguments: &[&str]| stdout(&command(folder.path(), arguments).output().unwrap());
    let (groups, with_deleted) = (
        lines(&["groups", "list"]),
        lines(&["groups", "list", "--deleted"]),
    );
    assert_eq!(groups.lines().count() + 1, with_deleted.lines().count());
    assert!(with_deleted.contains("  deleted  ") && !groups.contains("  deleted  "));
    let brands = list(&["brands", "list", "--page-size", "1"]);
    assert!(brands.iter().any(|brand| brand["active"] == false));
    assert!(list(&["ticket-forms", "list"])[0]["name"].is_string());
    let named = ZENDESK.names()["organizations"][0].clone();
    let organization = list(&["organizations", "show", &text(&named["id"])]).remove(0);
    assert_eq!(organization["name"], named["name"]);
}

#[test]
fn an_export_goes_on_from_its_cursor() {
    let folder = tempfile::tempdir().unwrap();
    let export = command(
        folder.path(),
        &["tickets", "export", "--start-time", "2020-01-01", "--json"],
    )
    .output()
    .unwrap();
    assert!(stdout(&export).lines().count() > 500);
    let last_line = String::from_utf8(export.stderr).unwrap();
    let cursor = last_line.trim().strip_prefix("cursor: ").unwrap();
    let rest = command(
        folder.path(),
        &["tickets", "export", "--cursor", cursor, "--json"],
    )
    .output()
    .unwrap();
    assert!(rest.status.success());
    assert!(stdout(&rest).lines().count() < 500);
}

#[test]
fn a_survey_is_offered_and_answered() {
    let zendesk = Emulator::builder().seed(5).tickets(50).start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let surveys = stdout(
        &command_on(&zendesk, folder.path(), &["surveys", "list", "--json"])
            .output()
            .unwrap(),
    );
    let surveys: Vec<Value> = surveys
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let survey = surveys
        .iter()
        .find(|survey| survey["state"] == "enabled")
        .unwrap();
    let question = survey["questions"]
        .as_array()
        .unwrap()
        .iter()
        .find(|question| question["sub_type"] == "customer_satisfaction");
    let question = question.unwrap()["id"].as_str().unwrap();
    let user = &zendesk.account().users.end_user;
    let survey = survey["id"].as_str().unwrap();
    let (responder, zrn) = (
        user.id.to_string(),
        "zen:conversation:4295a81b-ccdd-4998-88d9-0eff5e76dc44",
    );
    let create = [
        "responses",
        "create",
        "--survey-id",
        survey,
        "--responder-id",
        &responder,
        "--subject-zrns",
        zrn,
        "--json",
    ];
    let created: Value = serde_json::from_str(&stdout(
        &command_on(&zendesk, folder.path(), &create).output().unwrap(),
    ))
    .unwrap();
    let id = created["id"].as_str().unwrap();

    let mut submit = command_on(&zendesk, folder.path(), &["responses", "submit", id, "--json"]);
    submit
        .env("ZENDESK_OAUTH_TOKEN", &user.oauth_token)
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped());
    let mut submit = submit.spawn().unwrap();
    let answers = format!(r#"[{{"type": "rating_scale", "question_id": "{question}", "rating": 2}}]"#);
    std::io::Write::write_all(&mut submit.stdin.take().unwrap(), answers.as_bytes()).unwrap();
    let submitted: Value = serde_json::from_str(&stdout(&submit.wait_with_output().unwrap())).unwrap();
    assert_eq!(submitted["answers"][0]["rating"], 2);
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
        line.contains("401") && line.contains("get a new token") && !line.contains("PLANTED"),
        "{line}"
    );

    let mut no_account = run(&["sync"]);
    no_account.env_remove("ZENDESK_SUBDOMAIN");
    let (code, line) = failure(no_account);
    assert_eq!(code, 2);
    assert!(line.contains("ZENDESK_SUBDOMAIN is not set"), "{line}");

    // Of wrong credentials the service says nothing there.
    let mut nobody = run(&["users", "me", "--json"]);
    nobody.env("ZENDESK_OAUTH_TOKEN", "PLANTED");
    let (code, line) = failure(nobody);
    assert_eq!(code, 3);
    assert!(line.contains("nobody's") && !line.contains("PLANTED"), "{line}");
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

#[test]
fn tables_are_exported_to_files_and_to_standard_output() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| command(folder.path(), arguments).output().unwrap();
    stdout(&run(&["sync"]));
    let rows = ZENDESK.truth().len();

    let said = stdout(&run(&["export", "csat.parquet"]));
    let size = std::fs::metadata(folder.path().join("csat.parquet"))
        .unwrap()
        .len();
    assert_eq!(
        said,
        format!("{rows} rows of csat with 39 columns, {size} bytes of parquet, in csat.parquet\n")
    );
    let said = stdout(&run(&[
        "export", "reasons", "--table", "reasons", "--format", "csv", "--json",
    ]));
    let said: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(
        (&said["table"], &said["path"]),
        (&Value::from("reasons"), &Value::from("reasons"))
    );
    let lines = std::fs::read_to_string(folder.path().join("reasons")).unwrap();
    assert_eq!(lines.lines().count() as u64, 1 + said["rows"].as_u64().unwrap());

    let output = run(&["export", "--format", "jsonl", "-"]);
    assert!(String::from_utf8_lossy(&output.stderr).starts_with(&format!("{rows} rows of csat")));
    assert_eq!(stdout(&output).lines().count(), rows);
    let none = ["export", "--format", "jsonl", "--until", "2000-01-01", "-"];
    assert_eq!(stdout(&run(&none)), "");
}

#[test]
fn spreadsheets_get_workbooks_and_csv_of_theirs() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| stdout(&command(folder.path(), arguments).output().unwrap());
    let begins = |name: &str, with: &[u8]| {
        let written = std::fs::read(folder.path().join(name)).unwrap();
        assert!(written.starts_with(with), "{name}");
        written
    };
    run(&["sync"]);
    assert!(run(&["export", "csat.xlsx"]).contains(" bytes of xlsx, in csat.xlsx\n"));
    begins("csat.xlsx", b"PK\x03\x04");
    run(&["report", "--by", "agent", "--xlsx", "report.xlsx"]);
    begins("report.xlsx", b"PK\x03\x04");
    run(&["export", "csat.csv", "--excel", "--time-zone", "Europe/Berlin"]);
    let csv = String::from_utf8(begins("csat.csv", b"\xef\xbb\xbfsubdomain,")).unwrap();
    assert!(csv.lines().next().unwrap().contains(",sent_at (Europe/Berlin),"));
}

#[test]
fn an_export_that_cannot_be_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let refused = |arguments: &[&str]| failure(command(folder.path(), arguments));
    let (code, line) = refused(&["export", "csat.csv"]);
    assert_eq!(code, 6);
    assert!(line.contains("run `zendesk-csat sync` first"), "{line}");
    stdout(&command(folder.path(), &["sync"]).output().unwrap());
    for (arguments, code, advice) in [
        (&["export", "csat.txt"][..], 2, "end the name in .xlsx, .csv"),
        (
            &["export", "csat.xlsx", "--excel"],
            2,
            "only CSV can be written for spreadsheets",
        ),
        (&["export", "csat.db", "--format", "csv"], 2, "name another file"),
        (&["export", ".", "--format", "csv"], 2, "name a file in it"),
        (&["export", "no/csat.csv"], 6, "make it first"),
        (
            &["export", "r.csv", "--table", "reasons", "--since", "2026-01-01"],
            2,
            "leave out since and until",
        ),
    ] {
        let (found, line) = refused(arguments);
        assert_eq!(found, code, "{line}");
        assert!(line.contains(advice), "{line}");
    }
    for (arguments, advice) in [
        (
            &["export", "a.csv", "--table", "birds"][..],
            "survey_responses, answers",
        ),
        (
            &["export", "a", "--format", "xls"],
            "csv, jsonl, parquet, arrow, xlsx",
        ),
        (&["export", "-"], "--format"),
    ] {
        let output = command(folder.path(), arguments).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert!(said.contains(advice), "{said}");
    }
    let names = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name());
    assert!(
        names
            .into_iter()
            .all(|name| name.to_str().unwrap().starts_with("csat.db"))
    );
}

#[cfg(unix)]
#[test]
fn an_export_that_nobody_reads_on_is_no_error() {
    let folder = tempfile::tempdir().unwrap();
    stdout(&command(folder.path(), &["sync"]).output().unwrap());
    for format in ["csv", "jsonl", "parquet", "arrow"] {
        let mut export = command(folder.path(), &["export", "--format", format, "-"]);
        let mut export = export
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(export.stdout.take());
        let output = export.wait_with_output().unwrap();
        assert!(
            output.status.success(),
            "{format}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}
