//! The truth against what the API says, and against itself.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use support::{account, control, export, get_json, walk};

const COLUMNS: [&str; 21] = [
    "source",
    "id",
    "ticket_id",
    "requester_id",
    "assignee_id",
    "group_id",
    "attribution",
    "sent_at",
    "rated_at",
    "expires_at",
    "score",
    "rating",
    "scale",
    "reason",
    "reason_id",
    "comment",
    "survey_id",
    "survey_version",
    "locale",
    "ticket_subject",
    "ticket_status",
];

fn of_source<'a>(rows: &'a [Value], source: &'a str) -> impl Iterator<Item = &'a Value> {
    rows.iter().filter(move |row| row["source"] == source)
}

#[test]
fn every_row_has_every_column_and_no_row_comes_twice() {
    let zendesk = account(7, 1_000);
    let rows = zendesk.truth();
    let columns: BTreeSet<&str> = COLUMNS.into();
    let mut keys = BTreeSet::new();
    for row in &rows {
        assert_eq!(
            row.as_object()
                .unwrap()
                .keys()
                .map(String::as_str)
                .collect::<BTreeSet<_>>(),
            columns
        );
        assert!(
            keys.insert((row["source"].to_string(), row["id"].to_string())),
            "{row}"
        );
    }
    let over_http = control(&zendesk, "GET", "truth", "").json();
    assert_eq!(over_http["rows"].as_array().unwrap(), &rows);
}

#[test]
fn sent_surveys_are_answered_or_waiting_or_expired() {
    let zendesk = account(7, 2_000);
    let rows = zendesk.truth();
    let now = control(&zendesk, "GET", "clock", "").json()["now"]
        .as_str()
        .unwrap()
        .to_owned();
    let listed = walk(
        &zendesk,
        "/api/v2/guide/survey_responses",
        "page%5Bsize%5D=50",
        "survey_responses",
    );
    let mut counts = BTreeMap::<&str, usize>::new();
    for row in of_source(&rows, "survey") {
        let kind = match (&row["score"], row["expires_at"].as_str().unwrap() <= now.as_str()) {
            (Value::Null, true) => "expired",
            (Value::Null, false) => "waiting",
            _ => "answered",
        };
        *counts.entry(kind).or_default() += 1;
        assert_eq!(row["rated_at"].is_null(), row["score"].is_null());
        assert_eq!(row["locale"].is_null(), row["score"].is_null());
    }
    assert_eq!(counts.values().sum::<usize>(), listed.len());
    assert_eq!(counts.len(), 3, "{counts:?}");
    let rate = counts["answered"] as f64 / listed.len() as f64;
    assert!((0.18..0.35).contains(&rate), "{rate}");
}

#[test]
fn mirrors_are_in_the_list_of_ratings_and_not_in_the_table() {
    let zendesk = account(11, 2_000);
    let rows = zendesk.truth();
    let ratings = walk(
        &zendesk,
        "/api/v2/satisfaction_ratings",
        "page%5Bsize%5D=100",
        "satisfaction_ratings",
    );
    let sent: BTreeMap<i64, i64> = of_source(&rows, "survey")
        .filter_map(|row| {
            let sent = chrono::DateTime::parse_from_rfc3339(row["sent_at"].as_str()?).ok()?;
            Some((row["ticket_id"].as_i64()?, sent.timestamp()))
        })
        .fold(BTreeMap::new(), |mut first, (ticket, sent)| {
            first
                .entry(ticket)
                .and_modify(|known: &mut i64| *known = sent.min(*known))
                .or_insert(sent);
            first
        });
    let in_table: BTreeSet<&str> = of_source(&rows, "rating")
        .map(|row| row["id"].as_str().unwrap())
        .collect();
    let (mut mirrors, mut earlier) = (0, 0);
    for rating in &ratings {
        let created = chrono::DateTime::parse_from_rfc3339(rating["created_at"].as_str().unwrap())
            .unwrap()
            .timestamp();
        let surveyed = sent.get(&rating["ticket_id"].as_i64().unwrap());
        let is_mirror = surveyed.is_some_and(|sent| *sent <= created);
        mirrors += usize::from(is_mirror);
        earlier += usize::from(surveyed.is_some() && !is_mirror);
        let expected = !is_mirror && rating["score"] != "unoffered";
        assert_eq!(
            in_table.contains(rating["id"].to_string().as_str()),
            expected,
            "{rating}"
        );
    }
    assert!(mirrors > 50, "{mirrors}");
    assert!(
        earlier > 0,
        "a ticket rated before the switch and surveyed after it"
    );
    let answered = of_source(&rows, "survey")
        .filter(|row| !row["score"].is_null() && !row["ticket_id"].is_null())
        .count();
    assert_eq!(mirrors, answered);
}

#[test]
fn mirrors_can_be_switched_off() {
    let zendesk = zendesk_csat_emulator::Emulator::builder()
        .seed(11)
        .tickets(500)
        .mirrors(false)
        .start()
        .unwrap();
    let ratings = walk(
        &zendesk,
        "/api/v2/satisfaction_ratings",
        "page%5Bsize%5D=100",
        "satisfaction_ratings",
    );
    let rows = zendesk.truth();
    let unoffered = ratings
        .iter()
        .filter(|rating| rating["score"] == "unoffered")
        .count();
    assert_eq!(ratings.len() - unoffered, of_source(&rows, "rating").count());
}

#[test]
fn the_table_agrees_with_the_export_and_the_lists() {
    let zendesk = account(3, 1_500);
    let rows = zendesk.truth();
    let tickets: BTreeMap<i64, Value> = export(&zendesk, "")
        .into_iter()
        .map(|ticket| (ticket["id"].as_i64().unwrap(), ticket))
        .collect();
    let mut deleted = 0;
    for row in &rows {
        let Some(id) = row["ticket_id"].as_i64() else {
            assert!(row["ticket_subject"].is_null() && row["attribution"].is_null());
            continue;
        };
        let ticket = &tickets[&id];
        assert_eq!(row["ticket_subject"], ticket["subject"]);
        assert_eq!(row["ticket_status"], ticket["status"]);
        deleted += usize::from(ticket["status"] == "deleted");
        if row["attribution"] == "ticket" {
            assert_eq!(
                (&row["assignee_id"], &row["group_id"]),
                (&ticket["assignee_id"], &ticket["group_id"])
            );
        }
    }
    assert!(deleted > 0);
    for row in of_source(&rows, "survey")
        .filter(|row| !row["score"].is_null())
        .take(40)
    {
        let shown = get_json(
            &zendesk,
            &format!(
                "/api/v2/guide/en-us/survey_responses/{}",
                row["id"].as_str().unwrap()
            ),
        );
        let answers = shown["survey_response"]["answers"].as_array().unwrap();
        let csat = answers
            .iter()
            .find(|answer| answer["question"]["sub_type"] == "customer_satisfaction")
            .unwrap();
        assert_eq!(row["rating"], csat["rating"]);
        assert_eq!(
            row["scale"],
            csat["question"]["options"].as_array().unwrap().len()
        );
        assert_eq!(row["rated_at"], csat["updated_at"]);
        let comment = answers
            .iter()
            .find(|answer| answer["type"] == "open_ended" && answer["value"] != "");
        assert_eq!(
            row["comment"],
            comment.map_or(Value::Null, |answer| answer["value"].clone())
        );
    }
}

#[test]
fn accounts_have_what_real_ones_have() {
    let zendesk = account(7, 10_000);
    let rows = zendesk.truth();
    let scores: BTreeSet<String> = rows.iter().map(|row| row["score"].to_string()).collect();
    assert_eq!(
        scores,
        ["\"bad\"", "\"good\"", "\"neutral\"", "null"]
            .map(str::to_owned)
            .into()
    );
    let scales: BTreeSet<u64> = rows.iter().filter_map(|row| row["scale"].as_u64()).collect();
    assert_eq!(scales, [2, 3, 5].into());
    let versions: BTreeSet<String> = rows
        .iter()
        .filter(|row| !row["survey_id"].is_null())
        .map(|row| row["survey_version"].to_string())
        .collect();
    assert_eq!(
        versions.len(),
        6,
        "1 to 5 of one survey, 12 of another, 3 of a third: {versions:?}"
    );
    let of = |source: &str| {
        rows.iter()
            .filter(|row| row["source"] == source)
            .collect::<Vec<_>>()
    };
    let share = |rows: &[&Value], score: &str| {
        let answered = rows.iter().filter(|row| !row["score"].is_null()).count();
        rows.iter().filter(|row| row["score"] == score).count() as f64 / answered as f64
    };
    assert!(
        (0.7..0.9).contains(&share(&of("rating"), "good")),
        "{}",
        share(&of("rating"), "good")
    );
    assert!(
        (0.6..0.9).contains(&share(&of("survey"), "good")),
        "{}",
        share(&of("survey"), "good")
    );
    assert!(rows.iter().any(|row| {
        row["comment"]
            .as_str()
            .is_some_and(|comment| comment.contains('\n'))
    }));
    assert!(rows.iter().any(|row| row["ticket_id"].is_null()));
    assert!(
        rows.iter()
            .any(|row| row["attribution"].is_null() && !row["ticket_id"].is_null())
    );
    assert!(
        of("survey")
            .iter()
            .any(|row| row["rated_at"].as_str() > row["sent_at"].as_str())
    );
    let ratings = of("rating");
    let mut tickets = BTreeSet::new();
    assert!(
        ratings
            .iter()
            .any(|row| !tickets.insert(row["ticket_id"].to_string())),
        "a ticket rated again"
    );
    assert!(ratings.iter().all(|row| row["id"].as_str().unwrap().len() == 14));
    let withdrawn = get_json(
        &zendesk,
        "/api/v2/satisfaction_ratings?score=unoffered&page%5Bsize%5D=100",
    );
    assert!(!withdrawn["satisfaction_ratings"].as_array().unwrap().is_empty());
}
