//! How long surveys can be answered, and when they were sent.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod support;

use chrono::DateTime;
use serde_json::{Value, json};
use support::{control, post_as, token_of, walk};
use ulid::Ulid;
use zendesk_csat_emulator::{Emulator, EmulatorBuilder, EmulatorError};

const DAY: u64 = 86_400;

fn open_for(days: u16) -> EmulatorBuilder {
    Emulator::builder()
        .seed(7)
        .tickets(2_000)
        .clock_speed(0.0)
        .open_days(days)
}

fn millis(time: &Value) -> i64 {
    DateTime::parse_from_rfc3339(time.as_str().unwrap())
        .unwrap()
        .timestamp_millis()
}

fn sent(id: &Value) -> i64 {
    i64::try_from(Ulid::from_string(id.as_str().unwrap()).unwrap().timestamp_ms()).unwrap()
}

fn responses(zendesk: &Emulator) -> Vec<Value> {
    walk(
        zendesk,
        "/api/v2/guide/survey_responses",
        "page%5Bsize%5D=50",
        "survey_responses",
    )
}

/// How long after it was sent the latest answer of all came, in milliseconds.
fn latest_answer(zendesk: &Emulator) -> i64 {
    let answered = responses(zendesk).into_iter().filter_map(|response| {
        let answers = response["answers"].as_array()?.iter();
        let last = answers.map(|answer| millis(&answer["updated_at"])).max()?;
        Some(last - sent(&response["id"]))
    });
    answered.max().unwrap()
}

#[test]
fn surveys_end_so_many_days_after_they_were_sent_and_nobody_answers_later() {
    for days in [1, 90] {
        let zendesk = open_for(days).start().unwrap();
        zendesk.advance(10 * DAY);
        let open = i64::from(days) * 86_400_000;
        for response in responses(&zendesk) {
            assert_eq!(millis(&response["expires_at"]) - sent(&response["id"]), open);
        }
        for row in zendesk.truth().iter().filter(|row| row["source"] == "survey") {
            assert_eq!(millis(&row["expires_at"]) - millis(&row["sent_at"]), open);
        }
        let latest = latest_answer(&zendesk);
        assert!(latest < open && latest > open / 3, "{days}: {latest}");
    }
}

#[test]
fn an_answer_comes_too_late_by_the_same_measure() {
    let zendesk = open_for(3).start().unwrap();
    let put = |path: &str, body: &Value| control(&zendesk, "POST", path, &body.to_string()).json();
    let ticket = put("tickets", &json!({"status": "solved"}))["ticket"].clone();
    let id = put("survey_responses", &json!({"ticket_id": ticket["id"]}))["survey_response"]["id"].clone();
    let shown = put(
        &format!("survey_responses/{}", id.as_str().unwrap()),
        &json!({"rating": 4}),
    );
    let question = &shown["survey_response"]["answers"][0]["question"]["id"];
    let again = || {
        let body = json!({"survey_response": {"answers": [{"type": "rating_scale", "question_id": question, "rating": 2}]}});
        let target = format!("/api/v2/guide/survey_responses/{}", id.as_str().unwrap());
        post_as(
            &zendesk,
            &token_of(&zendesk, &ticket["requester_id"]),
            &target,
            &body,
        )
        .status
    };
    zendesk.advance(3 * DAY - 1);
    assert_eq!(again(), 200);
    zendesk.advance(1);
    assert_eq!(again(), 403);
}

#[test]
fn an_id_holds_the_millisecond_of_sending() {
    let zendesk = open_for(28).start().unwrap();
    let body = json!({"ticket_id": 1}).to_string();
    for _ in 0..3 {
        let now = zendesk.now().timestamp_millis();
        // Two in one millisecond differ in what follows the time.
        let ids = [(), ()].map(|()| {
            let answer = control(&zendesk, "POST", "survey_responses", &body).json();
            answer["survey_response"]["id"].clone()
        });
        assert_ne!(ids[0], ids[1]);
        assert_eq!(ids.map(|id| sent(&id)), [now; 2]);
        zendesk.advance(1);
    }
}

#[test]
fn days_that_cannot_be_are_refused() {
    for days in [0, 366] {
        let refused = open_for(days).start();
        assert!(matches!(refused, Err(EmulatorError::OpenDays { asked, .. }) if asked == days));
    }
}

#[test]
fn a_file_kept_before_there_was_a_choice_is_of_28_days() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("account.jsonl");
    let head = r#"{"format":1,"seed":7,"tickets":2000,"mirrors":true,"surveys":true}"#;
    std::fs::write(&file, format!("{head}\n")).unwrap();
    open_for(28).state(&file).start().unwrap();
    let refused = open_for(27).state(&file).start();
    assert!(matches!(refused, Err(EmulatorError::State(_))));
}
