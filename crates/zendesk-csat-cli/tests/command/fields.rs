//! Custom fields that are named, from sync to report and export.

use super::{command, stdout};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Output;

fn run(folder: &Path, arguments: &[&str]) -> Output {
    command(folder, arguments).output().unwrap()
}

/// A field of the account with words as its values, and how many of its tickets have each.
fn words(folder: &Path) -> (i64, BTreeMap<String, u64>) {
    let lines = stdout(&run(
        folder,
        &[
            "tickets",
            "export",
            "--start-time",
            "2000-01-01T00:00:00Z",
            "--json",
        ],
    ));
    let tickets: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let fields = || {
        let of = |ticket: &Value| ticket["custom_fields"].as_array().unwrap().clone();
        tickets.iter().flat_map(of)
    };
    let id = fields().find(|field| field["value"] == "europe").unwrap()["id"]
        .as_i64()
        .unwrap();
    let mut values = BTreeMap::new();
    for field in fields().filter(|field| field["id"] == id) {
        if let Some(text) = field["value"].as_str() {
            *values.entry(text.to_owned()).or_insert(0) += 1;
        }
    }
    (id, values)
}

#[test]
fn a_named_field_is_remembered_grouped_by_and_picked_by() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (id, values) = words(folder);
    assert!(values.len() > 2);
    stdout(&run(folder, &["sync"]));
    // A first name costs a reading, which is said before; it is remembered then.
    let named = format!("{id}=region");
    let plan = stdout(&run(folder, &["plan", "--field", &named, "--json"]));
    assert!(serde_json::from_str::<Value>(&plan).unwrap()["calls"]["incremental"].as_u64() > Some(0));
    let output = run(folder, &["sync", "--field", &named, "--json"]);
    assert!(stdout(&output).contains("\"tickets_again\""));
    let output = run(folder, &["sync", "--json"]);
    assert!(!stdout(&output).contains("\"tickets_again\""));

    let report = |arguments: &[&str]| -> Value {
        let arguments = [&["report", "--all", "--json"], arguments].concat();
        serde_json::from_str(&stdout(&run(folder, &arguments))).unwrap()
    };
    let by = report(&["--by", "region"]);
    let groups = by["breakdowns"][0]["buckets"].as_array().unwrap();
    let keys: Vec<_> = groups.iter().filter_map(|group| group["key"].as_str()).collect();
    assert!(
        keys.len() > 2 && keys.iter().all(|key| values.contains_key(*key)),
        "{keys:?}"
    );
    for group in groups.iter().filter(|group| !group["key"].is_null()) {
        let picked = report(&["--field", &format!("Region={}", group["key"].as_str().unwrap())]);
        assert_eq!(picked["total"]["answered"], group["answered"]);
    }
    let exported = stdout(&run(
        folder,
        &["export", "-", "--format", "jsonl", "--field", "region=europe"],
    ));
    assert!(!exported.is_empty());
    for line in exported.lines() {
        let row: Value = serde_json::from_str(line).unwrap();
        assert_eq!(row["custom_fields"], serde_json::json!({"region": "europe"}));
    }
}

#[test]
fn what_names_no_field_is_a_usage_error_that_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    stdout(&run(folder, &["sync", "--field", "360001=plan"]));
    for (arguments, says) in [
        (&["sync", "--field", "plan"][..], "360001=plan"),
        (&["sync", "--field", "1=agent"], "something else of this name"),
        (&["sync", "--field", "1=2nd"], "begins with a letter"),
        (&["sync", "--field", "2=plan"], "cannot both be"),
        (&["plan", "--field", "2=plan"], "cannot both be"),
        (&["report", "--by", "pln"], "perhaps plan"),
        (&["report", "--by", "a=b"], "known are day, week"),
        (&["report", "--field", "plan"], "plan=gold"),
        (&["report", "--field", "pln=gold"], "perhaps plan"),
        (
            &["export", "csat.csv", "--field", "plan=gold"],
            "no plan of the file",
        ),
    ] {
        let output = run(folder, arguments);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(said.contains(says), "{arguments:?}: {said}");
    }
}
