//! What a person, a script and a scheduler see of a sync.

use super::{ZENDESK, command, command_on, failure, stdout};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Output;
use zendesk_csat_emulator::Emulator;

/// The events of a sync, in their order.
pub(crate) fn events(output: &Output) -> Vec<Value> {
    let lines = String::from_utf8(output.stdout.clone()).unwrap();
    lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// The summary that a sync ends with.
pub(crate) fn summary(output: &Output) -> Value {
    let finished = events(output)
        .into_iter()
        .find(|event| event["event"] == "finished");
    finished.unwrap()["summary"].take()
}

fn names(events: &[Value]) -> Vec<&str> {
    let mut names: Vec<_> = events
        .iter()
        .map(|event| event["event"].as_str().unwrap())
        .collect();
    names.dedup();
    names
}

#[test]
fn a_scheduler_is_told_of_the_start_each_step_and_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let output = command(folder.path(), &["sync", "--json"]).output().unwrap();
    assert!(output.stderr.is_empty(), "{output:?}");
    let events = events(&output);
    assert_eq!(names(&events), ["started", "progress", "finished"]);
    assert_eq!(events[0]["subdomain"], ZENDESK.account().subdomain.as_str());
    assert_eq!(events[0]["history"], "csat.db");
    let finished = events.last().unwrap();
    assert_eq!(finished["complete"], true);
    let rows = &finished["summary"]["rows"];
    for step in ["ratings", "survey_responses", "questions", "tickets", "reasons"] {
        let told: u64 = events
            .iter()
            .filter(|event| event["step"] == step && event["done"] == true)
            .map(|event| event["rows"].as_u64().unwrap())
            .sum();
        assert_eq!(told, rows[step].as_u64().unwrap(), "{step}");
    }
}

#[test]
fn a_scheduler_is_told_of_a_failure() {
    let folder = tempfile::tempdir().unwrap();
    let mut refused = command(folder.path(), &["sync", "--json"]);
    let output = refused.env("ZENDESK_OAUTH_TOKEN", "PLANTED").output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    let events = events(&output);
    let failed = events.last().unwrap();
    assert_eq!(
        (&failed["event"], &failed["exit_code"]),
        (&json!("failed"), &json!(3))
    );
    assert!(failed["error"].as_str().unwrap().contains("401"), "{failed}");

    let output = command(folder.path(), &["sync", "--json", "--history", "no/such/csat.db"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(6));
    assert_eq!(names(&super::sync::events(&output)), ["failed"]);
}

#[test]
fn a_log_has_a_line_a_step_and_the_summary_goes_to_standard_output() {
    let folder = tempfile::tempdir().unwrap();
    let output = command(folder.path(), &["sync"]).output().unwrap();
    let log = String::from_utf8(output.stderr.clone()).unwrap();
    assert!(
        log.lines().any(|line| line.starts_with("survey responses: ")),
        "{log}"
    );
    assert!(stdout(&output).contains("sent"), "{output:?}");
}

#[test]
fn what_is_counted_apart_is_listed_by_id() {
    let folder = tempfile::tempdir().unwrap();
    let output = command(folder.path(), &["sync", "--explain"]).output().unwrap();
    let listed = stdout(&output);
    let truth = ZENDESK.truth();
    let deleted: Vec<&Value> = truth
        .iter()
        .filter(|row| row["ticket_status"] == "deleted")
        .collect();
    assert!(!deleted.is_empty());
    for row in &deleted {
        let line = format!(
            "{:<18}{} {}, ticket {}",
            "deleted",
            row["source"].as_str().unwrap(),
            row["id"].as_str().unwrap(),
            row["ticket_id"]
        );
        assert!(listed.lines().any(|listed| listed == line), "{line}\n{listed}");
    }
    let lines = |category: &str| listed.lines().filter(|line| line.starts_with(category)).count();
    assert_eq!(lines("deleted "), deleted.len());

    let output = command(folder.path(), &["sync", "--explain", "--json"])
        .output()
        .unwrap();
    let events = events(&output);
    let apart = |category: &str| {
        let of = |event: &&Value| event["event"] == "explained" && event["category"] == category;
        events.iter().filter(of).count()
    };
    let counts = &summary(&output)["reconciliation"];
    assert_eq!(apart("deleted"), deleted.len());
    assert_eq!(apart("copy") as u64, counts["copies"].as_u64().unwrap());
    let uncertain = counts["uncertain_copies"].as_u64().unwrap();
    assert_eq!(apart("uncertain_copy") as u64, uncertain);
    assert_eq!(
        apart("conversation_only") as u64,
        counts["conversation_only"].as_u64().unwrap()
    );
}

/// Has the service fail at these rates.
fn set_faults(zendesk: &Emulator, rates: &Value) {
    let address = zendesk.base_url().trim_start_matches("http://");
    let body = rates.to_string();
    let mut stream = TcpStream::connect(address).unwrap();
    let request = format!(
        "PUT /_emulator/faults HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 2"), "{answer}");
}

#[test]
fn a_sync_in_part_has_an_exit_code_of_its_own_until_nothing_is_missing() {
    let zendesk = Emulator::builder().seed(5).tickets(300).start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    set_faults(&zendesk, &json!({ "malformed_record": 1.0 }));
    let run = |arguments: &[&str]| command_on(&zendesk, folder.path(), arguments).output().unwrap();
    let output = run(&["sync", "--explain", "--json"]);
    assert_eq!(output.status.code(), Some(7), "{output:?}");
    let events = events(&output);
    assert_eq!(
        names(&events)[2..],
        ["explained", "finished", "failed"],
        "{events:?}"
    );
    let malformed = events
        .iter()
        .filter(|event| event["category"] == "malformed")
        .count();
    let counted = summary(&output)["reconciliation"]["malformed"].as_u64().unwrap();
    assert!(
        malformed > 0 && malformed as u64 == counted,
        "{malformed} of {counted}"
    );
    let line = String::from_utf8(output.stderr).unwrap();
    assert!(line.contains("records that could not be read"), "{line}");

    set_faults(&zendesk, &json!({}));
    let output = run(&["sync", "--json"]);
    let counts = &summary(&output)["reconciliation"];
    assert_eq!(
        (&counts["malformed"], &counts["forbidden"]),
        (&json!(0), &json!(0))
    );
    assert_eq!(output.status.code(), Some(0), "{output:?}");
}

#[test]
fn a_plan_tells_the_calls_and_leaves_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| command(folder.path(), arguments).output().unwrap();
    let text = stdout(&run(&["plan"]));
    assert!(
        text.contains("a first sync") && text.contains("help center"),
        "{text}"
    );
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    let plan: Value = serde_json::from_str(&stdout(&run(&["plan", "--json"]))).unwrap();
    let planned = plan["calls"]["help_center"].as_i64().unwrap();
    let taken = summary(&run(&["sync", "--json"]))["calls"]["help_center"]
        .as_i64()
        .unwrap();
    assert!(
        (planned - taken).abs() <= 3 + taken / 5,
        "{planned}, then {taken}"
    );
    assert!(stdout(&run(&["plan"])).contains("what is new or can have changed"));
}

#[test]
fn tickets_are_read_the_way_that_was_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let plan = command(folder.path(), &["plan", "--tickets", "show-many"])
        .output()
        .unwrap();
    assert!(
        stdout(&plan).contains("tickets by their ids, as asked"),
        "{plan:?}"
    );
    let synced = command(folder.path(), &["sync", "--tickets", "show-many", "--json"])
        .output()
        .unwrap();
    let summary = summary(&synced);
    assert_eq!(summary["tickets"]["via"], "show-many");
    assert_eq!(summary["calls"]["incremental"], 0);
    let synced = command(folder.path(), &["sync"]).output().unwrap();
    assert!(
        stdout(&synced).contains("tickets by export, about 1 call; by their ids 1 call or more"),
        "{synced:?}"
    );
}

#[test]
fn accounts_in_one_file_are_told_apart_by_their_subdomain() {
    let folder = tempfile::tempdir().unwrap();
    let other = Emulator::builder().seed(9).tickets(80).start().unwrap();
    let first = ZENDESK.account().subdomain.as_str();
    let mut sync_other = command_on(&other, folder.path(), &["sync", "--subdomain", "another"]);
    assert!(
        command(folder.path(), &["sync"])
            .output()
            .unwrap()
            .status
            .success()
    );
    assert!(sync_other.output().unwrap().status.success());
    for (subdomain, rows) in [(first, ZENDESK.truth().len()), ("another", other.truth().len())] {
        let report = command(
            folder.path(),
            &[
                "report",
                "--all",
                "--json",
                "--count",
                "answers",
                "--subdomain",
                subdomain,
            ],
        )
        .output()
        .unwrap();
        let report: Value = serde_json::from_str(&stdout(&report)).unwrap();
        assert_eq!(report["subdomains"], json!([subdomain]));
        let total = &report["total"];
        let counted = total["sent"].as_u64().unwrap() + total["unasked"].as_u64().unwrap();
        assert_eq!(counted, rows as u64);
        let export = ["export", "csat.csv", "--json", "--subdomain", subdomain];
        let export = command(folder.path(), &export).output().unwrap();
        let export: Value = serde_json::from_str(&stdout(&export)).unwrap();
        assert_eq!(export["rows"], rows);
        let table = std::fs::read_to_string(folder.path().join("csat.csv")).unwrap();
        assert_eq!(table.matches(&format!("\n{subdomain},")).count(), rows);
    }
    let report = command(folder.path(), &["report", "--all"]).output().unwrap();
    assert!(stdout(&report).contains(first) && stdout(&report).contains("another"));
    for asks in [
        &["report", "--subdomain", "nobody"][..],
        &["export", "csat.csv", "--subdomain", "nobody"],
        &["accounts", "forget", "nobody"],
        &["accounts", "rename", "another", first],
    ] {
        let (code, line) = failure(command(folder.path(), asks));
        assert_eq!(code, 2, "{line}");
        assert!(line.contains(first), "{line}");
    }
}

#[test]
fn accounts_are_listed_renamed_and_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| stdout(&command(folder.path(), arguments).output().unwrap());
    let first = ZENDESK.account().subdomain.as_str();
    run(&["sync", "--since", "2026-01-01"]);
    let listed = run(&["accounts", "list"]);
    assert!(
        listed.starts_with(&format!("{first}: ")) && listed.contains("since 2026-01-01 00:00 UTC"),
        "{listed}"
    );
    let said = run(&["accounts", "rename", first, "Renamed"]);
    assert!(said.contains("ZENDESK_SUBDOMAIN"), "{said}");
    let accounts: Value = serde_json::from_str(&run(&["accounts", "list", "--json"])).unwrap();
    assert_eq!(accounts[0]["subdomain"], "renamed");
    assert_eq!(accounts[0]["since"], "2026-01-01T00:00:00.000Z");
    assert!(run(&["accounts", "forget", "renamed"]).starts_with("forgot renamed: "));
    assert!(run(&["accounts", "list"]).starts_with("no account yet"));
}

#[test]
fn since_is_said_once_and_all_widens() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| stdout(&command(folder.path(), arguments).output().unwrap());
    let rows = || -> usize {
        let export: Value = serde_json::from_str(&run(&["export", "csat.csv", "--json"])).unwrap();
        export["rows"].as_u64().unwrap().try_into().unwrap()
    };
    let truth = ZENDESK.truth();
    let later = truth
        .iter()
        .filter(|row| row["sent_at"].as_str() >= Some("2026-01-01"));
    let later = later.count();
    assert!(later > 0 && later < truth.len());
    for arguments in [
        &["sync", "--since", "2026-01-01"][..],
        &["sync"],
        &["sync", "--full"],
    ] {
        let said = run(arguments);
        assert!(
            said.contains("since 2026-01-01 00:00 UTC; `sync --since all`"),
            "{said}"
        );
        assert_eq!(rows(), later, "{arguments:?}");
    }
    assert!(!run(&["sync", "--since", "all"]).contains("--since all"));
    assert_eq!(rows(), truth.len());
    let output = command(folder.path(), &["sync", "--since", "ever"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2), "{output:?}");
}

#[test]
fn what_is_not_whole_says_so_before_any_number() {
    let folder = tempfile::tempdir().unwrap();
    let zendesk = Emulator::builder().seed(5).tickets(200).start().unwrap();
    let run = |arguments: &[&str]| command_on(&zendesk, folder.path(), arguments).output().unwrap();
    assert!(run(&["sync"]).status.success());
    set_faults(
        &zendesk,
        &json!({ "script": [{ "kind": "html", "path": "survey_responses", "times": 9 }] }),
    );
    let output = run(&["sync", "--patience", "0"]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let line = String::from_utf8(output.stderr).unwrap();
    assert!(line.contains("an HTML page, from a proxy perhaps"), "{line}");

    let text = stdout(&run(&["report"]));
    assert!(
        text.starts_with(
            "Not whole: acme: the last sync has not come to its end; whole up to 2026-06-01 08:00 UTC"
        ),
        "{text}"
    );
    for arguments in [
        &["report", "--json"][..],
        &["export", "csat.csv"],
        &["export", "-", "--format", "jsonl"],
    ] {
        let output = run(arguments);
        let said = String::from_utf8(output.stderr.clone()).unwrap();
        assert!(
            said.starts_with("warning: not whole: acme: the last sync"),
            "{arguments:?}: {said}"
        );
        assert!(output.status.success());
    }
    assert!(stdout(&run(&["accounts", "list"])).contains("not whole: acme"));
    set_faults(&zendesk, &json!({}));
    assert!(run(&["sync"]).status.success());
    assert!(stdout(&run(&["report"])).starts_with("CSAT of acme"));
}
