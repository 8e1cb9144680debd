//! Texts that were stored cut in the middle of an emoji.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod support;

use std::path::Path;

use serde_json::{Value, json};
use support::{Answer, control, get, get_json};
use zendesk_csat_emulator::Emulator;

const RATINGS: &str = "/api/v2/satisfaction_ratings";
const RESPONSES: &str = "/api/v2/guide/survey_responses";

fn account(surveys: bool, file: &Path) -> Emulator {
    Emulator::builder()
        .seed(7)
        .tickets(300)
        .clock_speed(0.0)
        .surveys(surveys)
        .state(file)
        .start()
        .unwrap()
}

fn put(zendesk: &Emulator, path: &str, body: &Value) -> Value {
    zendesk.put(path, body).unwrap()
}

fn meet(zendesk: &Emulator, target: &str) -> Answer {
    zendesk.set_faults(&json!({"script": ["half_emoji"]})).unwrap();
    get(zendesk, target)
}

fn row(zendesk: &Emulator, id: &str) -> Value {
    zendesk.truth().into_iter().find(|row| row["id"] == id).unwrap()
}

#[test]
fn a_rating_keeps_its_half_emoji_wherever_it_is_shown() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("account.jsonl");
    let zendesk = account(false, &file);
    let ticket = put(&zendesk, "tickets", &json!({"status": "solved"}))["ticket"]["id"].clone();
    let rated = put(
        &zendesk,
        "satisfaction_ratings",
        &json!({"ticket_id": ticket, "score": "bad", "comment": "So slow "}),
    );
    let id = rated["satisfaction_rating"]["id"].to_string();
    let single = format!("{RATINGS}/{id}");
    zendesk.advance(120);
    let before = row(&zendesk, &id);
    let times = get_json(&zendesk, &single)["satisfaction_rating"]["updated_at"].clone();
    let half = r#""So slow \ud83d""#;
    assert!(
        meet(&zendesk, &single).text().contains(half),
        "also in the answer that met it"
    );
    let check = |zendesk: &Emulator| {
        for target in [
            single.clone(),
            format!("{RATINGS}?sort=-id"),
            format!("/api/v2/tickets/show_many?ids={ticket}"),
            format!("/api/v2/tickets/{ticket}/audits"),
            format!(
                "/api/v2/incremental/tickets/cursor?start_time={}",
                zendesk.now().timestamp() - 200
            ),
        ] {
            assert!(get(zendesk, &target).text().contains(half), "{target}");
        }
        let mut expected = before.clone();
        expected["comment"] = json!("So slow \u{FFFD}");
        assert_eq!(row(zendesk, &id), expected);
        assert!(
            get(zendesk, &single).text().contains(&times.to_string()),
            "its times stay"
        );
    };
    check(&zendesk);
    control(&zendesk, "DELETE", "faults", "");
    check(&zendesk);
    assert_eq!(
        meet(&zendesk, &single).text().matches("ud83d").count(),
        1,
        "it is cut once"
    );
    drop(zendesk);
    let zendesk = account(false, &file);
    check(&zendesk);
    let again = put(
        &zendesk,
        "satisfaction_ratings",
        &json!({"ticket_id": ticket, "score": "good", "comment": "All well 👍"}),
    );
    let again = again["satisfaction_rating"]["id"].to_string();
    assert_eq!(row(&zendesk, &again)["comment"], "All well 👍");
}

#[test]
fn so_does_the_text_of_a_survey_until_it_is_edited() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("account.jsonl");
    let zendesk = account(true, &file);
    let ticket = put(&zendesk, "tickets", &json!({"status": "solved"}))["ticket"]["id"].clone();
    let sent = put(&zendesk, "survey_responses", &json!({"ticket_id": ticket}));
    let id = sent["survey_response"]["id"].as_str().unwrap().to_owned();
    let single = format!("/api/v2/guide/en-us/survey_responses/{id}");
    let unanswered = get(&zendesk, &single).text();
    assert_eq!(
        meet(&zendesk, &single).text(),
        unanswered,
        "there is no text to cut"
    );
    let answer = |comment: &str| {
        let target = format!("survey_responses/{id}");
        put(&zendesk, &target, &json!({"rating": 2, "comment": comment}))
    };
    answer("\"Fine\"");
    let of_ticket = format!("{RESPONSES}?filter%5Bsubject_zrns%5D=zen:ticket:{ticket}");
    let half = r#""\"Fine\"\ud83d""#;
    assert!(meet(&zendesk, &of_ticket).text().contains(half));
    assert!(get(&zendesk, &of_ticket).text().contains(half) && get(&zendesk, &single).text().contains(half));
    assert_eq!(row(&zendesk, &id)["comment"], "\"Fine\"\u{FFFD}");
    let truth = control(&zendesk, "GET", "truth", "").json();
    assert_eq!(truth["rows"], json!(zendesk.truth()));
    answer("Better");
    assert_eq!(row(&zendesk, &id)["comment"], "Better");
    assert_eq!(
        get_json(&zendesk, &single)["survey_response"]["answers"][1]["value"],
        "Better"
    );
}

#[test]
fn only_what_customers_answered_is_cut_one_text_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    for surveys in [true, false] {
        let zendesk = account(surveys, &folder.path().join(format!("{surveys}.jsonl")));
        let list = if surveys {
            format!("{RESPONSES}?sort=id")
        } else {
            format!("{RATINGS}?score=received")
        };
        let halves = || -> usize {
            let comments = zendesk.truth().into_iter().filter(|row| {
                let is_cut = row["comment"]
                    .as_str()
                    .is_some_and(|comment| comment.ends_with('\u{FFFD}'));
                assert!(!is_cut || row["score"].is_string());
                is_cut
            });
            comments.count()
        };
        for met in 1..=5 {
            let answer = meet(&zendesk, &format!("{list}&x={met}"));
            assert_eq!(answer.text().matches("\\ud83d").count(), met);
            assert_eq!(halves(), met);
        }
        // A record can still be spoiled on a page that has halves.
        zendesk.set_faults(&json!({"script": ["unknown_field"]})).unwrap();
        let unknown = get(&zendesk, &format!("{list}&x=6")).text();
        assert!(unknown.contains("delighted") && unknown.contains("\\ud83d"));
    }
}
