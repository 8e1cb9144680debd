//! The truth against what the API says, and against itself.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use support::{account, control, export, get_json, walk};

const COLUMNS: [&str; 38] = [
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
    "reasons",
    "first_rated_at",
    "is_latest",
    "is_offer",
    "agent",
    "group",
    "brand_id",
    "brand",
    "organization_id",
    "organization",
    "ticket_form_id",
    "ticket_form",
    "priority",
    "tags",
    "channel",
    "ticket_url",
    "custom_fields",
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
    assert_eq!(over_http["copies"].as_array().unwrap(), &zendesk.copies());
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
fn copies_are_in_the_list_of_ratings_and_not_in_the_table() {
    let zendesk = account(11, 2_000);
    let rows = zendesk.truth();
    let ratings = walk(
        &zendesk,
        "/api/v2/satisfaction_ratings",
        "page%5Bsize%5D=100",
        "satisfaction_ratings",
    );
    let surveys: BTreeMap<&str, &Value> = of_source(&rows, "survey")
        .map(|row| (row["id"].as_str().unwrap(), row))
        .collect();
    let in_table: BTreeSet<&str> = of_source(&rows, "rating")
        .map(|row| row["id"].as_str().unwrap())
        .collect();
    let copies: BTreeMap<String, String> = zendesk
        .copies()
        .iter()
        .map(|copy| {
            let text = |name: &str| copy[name].as_str().unwrap().to_owned();
            (text("rating_id"), text("survey_response_id"))
        })
        .collect();
    let mut found = 0;
    for rating in &ratings {
        let id = rating["id"].to_string();
        let copied = copies.get(&id);
        let expected = copied.is_none() && rating["score"] != "unoffered";
        assert_eq!(in_table.contains(id.as_str()), expected, "{rating}");
        if let Some(survey) = copied.map(|id| surveys[id.as_str()]) {
            found += 1;
            assert_eq!(survey["ticket_id"], rating["ticket_id"]);
            assert_eq!(survey["requester_id"], rating["requester_id"]);
            let is_good = rating["score"].as_str().unwrap().eq_ignore_ascii_case("good");
            assert_eq!(survey["score"] == "good", is_good, "{survey}");
            assert!(!survey["score"].is_null());
        }
    }
    assert_eq!(found, copies.len());
    let answered = of_source(&rows, "survey")
        .filter(|row| !row["score"].is_null() && !row["ticket_id"].is_null())
        .count();
    assert_eq!(copies.values().collect::<BTreeSet<_>>().len(), answered);
    assert!(answered > 50, "{answered}");
}

#[test]
fn each_rated_ticket_has_one_latest_answer() {
    let zendesk = account(5, 2_000);
    let rows = zendesk.truth();
    let mut answers = BTreeMap::<String, Vec<&Value>>::new();
    for row in &rows {
        if row["score"].is_null() {
            assert_eq!(row["is_latest"], false, "{row}");
        } else if row["ticket_id"].is_null() {
            assert_eq!(row["is_latest"], true, "{row}");
        } else {
            answers.entry(row["ticket_id"].to_string()).or_default().push(row);
        }
    }
    let mut several = 0;
    for answers in answers.values() {
        several += usize::from(answers.len() > 1);
        let latest: Vec<_> = answers.iter().filter(|row| row["is_latest"] == true).collect();
        let last = answers
            .iter()
            .max_by_key(|row| row["rated_at"].as_str().unwrap())
            .unwrap();
        assert_eq!(latest, [last]);
    }
    assert!(several > 3, "{several} tickets with several answers");
}

#[test]
fn an_answer_taken_back_or_given_again_is_no_longer_or_anew_the_latest() {
    let zendesk = account(7, 100);
    let ticket = zendesk.put("tickets", &json!({"status": "solved"})).unwrap();
    let about = json!({"ticket_id": ticket["ticket"]["id"]});
    let send = || {
        let sent = zendesk.put("survey_responses", &about).unwrap();
        sent["survey_response"]["id"].as_str().unwrap().to_owned()
    };
    let (first, second) = (send(), send());
    let answer = |id: &str, answer: Value| {
        zendesk.put(&format!("survey_responses/{id}"), &answer).unwrap();
    };
    let latest = || -> Vec<String> {
        let rows = zendesk.truth();
        let of_ticket = rows
            .iter()
            .filter(|row| row["ticket_id"] == about["ticket_id"] && row["is_latest"] == true);
        of_ticket
            .map(|row| row["id"].as_str().unwrap().to_owned())
            .collect()
    };
    assert!(latest().is_empty());
    answer(&second, json!({"rating": 5}));
    answer(&first, json!({"rating": 1}));
    assert_eq!(latest(), [first.as_str()]);
    answer(&second, json!({"comment": "Not a word on the rating"}));
    assert_eq!(latest(), [first.as_str()]);
    answer(&second, json!({"rating": 3}));
    assert_eq!(latest(), [second.as_str()]);
    answer(&second, json!({"answers": []}));
    assert_eq!(latest(), [first.as_str()]);
}

#[test]
fn only_what_was_asked_for_is_an_offer() {
    let zendesk = account(7, 2_000);
    let rows = zendesk.truth();
    assert!(of_source(&rows, "survey").all(|row| row["is_offer"] == true));
    let mut offers = BTreeSet::new();
    let mut unasked = 0;
    for row in of_source(&rows, "rating") {
        let ticket = row["ticket_id"].to_string();
        if row["is_offer"] == true {
            assert!(offers.insert(ticket), "a ticket was asked about twice: {row}");
        } else {
            assert!(!row["score"].is_null(), "{row}");
            assert_eq!(row["first_rated_at"], row["rated_at"], "{row}");
            unasked += 1;
        }
    }
    assert!(unasked > 5, "{unasked}");
    assert!(offers.len() > 50 * unasked / 10, "{unasked} of {}", offers.len());
}

#[test]
fn reasons_are_options_by_id_and_the_one_for_none_given_is_none() {
    let zendesk = account(7, 8_000);
    let listed = get_json(&zendesk, "/api/v2/satisfaction_reasons");
    let listed: BTreeMap<String, &Value> = listed["reasons"]
        .as_array()
        .unwrap()
        .iter()
        .map(|reason| (reason["id"].to_string(), reason))
        .collect();
    let rows = zendesk.truth();
    let (mut none_given, mut renamed) = (0, 0);
    for row in of_source(&rows, "rating") {
        let Some(id) = row["reason_id"].as_str() else {
            assert_eq!(row["reasons"], json!([]), "{row}");
            continue;
        };
        let reason = listed[id];
        if reason["reason_code"] == 0 {
            none_given += 1;
            assert_eq!(row["reasons"], json!([]), "{row}");
        } else {
            assert_eq!(
                row["reasons"],
                json!([{"id": id, "label": reason["value"]}]),
                "{row}"
            );
            renamed += usize::from(row["reason"] != reason["value"]);
        }
    }
    assert!(none_given > 5, "{none_given}");
    assert!(renamed > 0);
    let mut counts = BTreeMap::<usize, usize>::new();
    for row in of_source(&rows, "survey") {
        let reasons = row["reasons"].as_array().unwrap();
        let ids: Vec<&str> = reasons
            .iter()
            .map(|reason| reason["id"].as_str().unwrap())
            .collect();
        assert_eq!(ids.join("; "), row["reason_id"].as_str().unwrap_or_default());
        *counts.entry(ids.len()).or_default() += 1;
    }
    assert!(counts[&1] > 20 && counts[&2] > 2, "{counts:?}");
    let labels: BTreeSet<&str> = of_source(&rows, "survey")
        .flat_map(|row| row["reasons"].as_array().unwrap())
        .map(|reason| reason["label"].as_str().unwrap())
        .collect();
    assert!(
        labels.contains("") && labels.iter().any(|label| label.contains("; ")),
        "{labels:?}"
    );
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
    assert!(zendesk.copies().is_empty());
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
        assert_eq!(row["first_rated_at"], csat["created_at"]);
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
