//! Records put in by hand, and accounts kept in a file.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod support;

use std::io::Write as _;
use std::path::Path;

use serde_json::{Value, json};
use support::{account, control, export, get_json, post_as, walk};
use zendesk_csat_emulator::{Emulator, EmulatorError, StateError};

fn put(zendesk: &Emulator, path: &str, body: &Value) -> Value {
    let answer = control(zendesk, "POST", path, &body.to_string());
    assert!(answer.status < 300, "{path}: {}", answer.text());
    answer.json()
}

fn row(zendesk: &Emulator, id: &str) -> Value {
    zendesk.truth().into_iter().find(|row| row["id"] == id).unwrap()
}

#[test]
fn a_ticket_a_survey_and_an_answer_are_put_in() {
    let zendesk = account(7, 100);
    let user = &zendesk.account().users.end_user;
    let agent = &zendesk.account().users.agent;
    let body = json!({"subject": "Ümlaut & <tags>", "status": "solved", "requester_id": user.id, "assignee_id": agent.id});
    let ticket = put(&zendesk, "tickets", &body)["ticket"].clone();
    assert_eq!(
        (
            &ticket["subject"],
            &ticket["group_id"],
            &ticket["satisfaction_rating"]
        ),
        (&body["subject"], &Value::Null, &json!({"score": "unoffered"}))
    );
    let sent = put(&zendesk, "survey_responses", &json!({"ticket_id": ticket["id"]}));
    let id = sent["survey_response"]["id"].as_str().unwrap().to_owned();
    assert_eq!(row(&zendesk, &id)["score"], Value::Null);
    zendesk.advance(100);
    put(
        &zendesk,
        &format!("survey_responses/{id}"),
        &json!({"rating": 3, "comment": "so-so"}),
    );
    let answered = row(&zendesk, &id);
    assert_eq!(
        (&answered["score"], &answered["scale"], &answered["comment"]),
        (&json!("neutral"), &json!(5), &json!("so-so"))
    );
    assert_eq!(
        (
            &answered["assignee_id"],
            &answered["attribution"],
            &answered["requester_id"]
        ),
        (&json!(agent.id), &json!("ticket"), &json!(user.id))
    );
    zendesk.advance(61);
    let exported = export(&zendesk, "")
        .into_iter()
        .find(|other| other["id"] == ticket["id"])
        .unwrap();
    assert_eq!(exported["satisfaction_rating"]["score"], "bad");
}

#[test]
fn a_ticket_shows_an_edited_answer_though_a_later_survey_waits() {
    let zendesk = account(7, 100);
    let user = &zendesk.account().users.end_user;
    let body = json!({"status": "solved", "requester_id": user.id});
    let ticket = put(&zendesk, "tickets", &body)["ticket"]["id"].clone();
    let survey = json!({"ticket_id": ticket});
    let first = put(&zendesk, "survey_responses", &survey)["survey_response"]["id"].clone();
    zendesk.advance(100);
    let answer = format!("survey_responses/{}", first.as_str().unwrap());
    put(&zendesk, &answer, &json!({"rating": 5}));
    zendesk.advance(100);
    put(&zendesk, "survey_responses", &survey);
    zendesk.advance(100);
    put(&zendesk, &answer, &json!({"rating": 1}));
    let shown = || {
        zendesk.advance(61);
        let found = export(&zendesk, "")
            .into_iter()
            .find(|other| other["id"] == ticket)
            .unwrap();
        found["satisfaction_rating"]["score"].clone()
    };
    assert_eq!(shown(), "bad");
    put(&zendesk, "survey_responses", &survey);
    assert_eq!(shown(), "offered");
}

#[test]
fn legacy_ratings_are_put_in() {
    let zendesk = Emulator::builder()
        .tickets(50)
        .clock_speed(0.0)
        .surveys(false)
        .start()
        .unwrap();
    let ticket = put(&zendesk, "tickets", &json!({"status": "solved"}))["ticket"]["id"].clone();
    let offered = put(
        &zendesk,
        "satisfaction_ratings",
        &json!({"ticket_id": ticket, "score": "offered"}),
    )["satisfaction_rating"]
        .clone();
    zendesk.advance(10);
    let rated = put(
        &zendesk,
        "satisfaction_ratings",
        &json!({"ticket_id": ticket, "score": "bad", "comment": "=1+1", "reason_code": 7}),
    )["satisfaction_rating"]
        .clone();
    assert_eq!(
        (&rated["id"], &rated["reason"]),
        (&offered["id"], &json!("The agent's knowledge is unsatisfactory"))
    );
    let row = row(&zendesk, &rated["id"].to_string());
    assert_eq!(
        (&row["score"], &row["comment"], &row["attribution"]),
        (&json!("bad"), &json!("=1+1"), &Value::Null)
    );
}

#[test]
fn what_cannot_be_put_in_is_told_by_name() {
    let zendesk = account(7, 50);
    for (path, body, name) in [
        ("tickets", json!({"status": "lost"}), "status"),
        ("tickets", json!({"requester_id": 17}), "requester_id"),
        ("tickets", json!({"assignee_id": "x"}), "assignee_id"),
        (
            "satisfaction_ratings",
            json!({"ticket_id": 1, "score": "great"}),
            "score",
        ),
        (
            "satisfaction_ratings",
            json!({"ticket_id": 1, "score": "bad", "reason_code": 99}),
            "reason_code",
        ),
        ("survey_responses", json!({}), "ticket_id"),
        (
            "survey_responses",
            json!({"responder_id": zendesk.account().users.end_user.id, "conversation_id": "x"}),
            "conversation_id",
        ),
    ] {
        let answer = control(&zendesk, "POST", path, &body.to_string());
        assert_eq!(answer.status, 400, "{path} {body}");
        assert!(
            answer.json()["description"].as_str().unwrap().contains(name),
            "{}",
            answer.text()
        );
    }
    assert_eq!(control(&zendesk, "POST", "tickets", "{").status, 400);
    assert_eq!(
        control(
            &zendesk,
            "POST",
            "satisfaction_ratings",
            r#"{"ticket_id": 9999, "score": "bad"}"#
        )
        .status,
        404
    );
}

fn kept(file: &Path) -> Emulator {
    Emulator::builder()
        .seed(7)
        .tickets(300)
        .clock_speed(0.0)
        .state(file)
        .start()
        .unwrap()
}

#[test]
fn an_account_goes_on_where_its_file_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("account.jsonl");
    let first = kept(&file);
    first.advance(40 * 86_400);
    let ticket = put(&first, "tickets", &json!({"status": "solved"}))["ticket"]["id"].clone();
    let survey = get_json(&first, "/api/v2/guide/en-us/surveys")["surveys"][0]["id"].clone();
    let body = json!({"survey_response": {"survey_id": survey, "responder_id": first.account().users.end_user.id, "subject_zrns": [format!("zen:ticket:{ticket}")]}});
    let sent = post_as(
        &first,
        &first.account().oauth_token,
        "/api/v2/guide/survey_responses",
        &body,
    )
    .json();
    first.advance(20 * 86_400 + 17);
    let id = sent["survey_response"]["id"].as_str().unwrap().to_owned();
    put(&first, &format!("survey_responses/{id}"), &json!({"rating": 5}));
    let (truth, now) = (first.truth(), control(&first, "GET", "clock", "").json());
    drop(first);
    for _ in 0..2 {
        let again = kept(&file);
        assert_eq!(control(&again, "GET", "clock", "").json(), now);
        assert_eq!(again.truth(), truth);
        assert_eq!(row(&again, &id)["score"], "good");
    }
}

#[test]
fn a_line_cut_off_is_dropped_and_the_file_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("account.jsonl");
    let first = kept(&file);
    put(&first, "tickets", &json!({"status": "solved"}));
    let truth = first.truth();
    drop(first);
    std::fs::OpenOptions::new()
        .append(true)
        .open(&file)
        .unwrap()
        .write_all(br#"{"at": 17800"#)
        .unwrap();
    let again = kept(&file);
    assert_eq!(again.truth(), truth);
    put(&again, "tickets", &json!({"status": "open"}));
    drop(again);
    assert_eq!(
        get_json(&kept(&file), "/api/v2/tickets/show_many?ids=301,302")["count"],
        2
    );
}

#[test]
fn a_file_that_cannot_be_used_is_told_why() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("account.jsonl");
    let refused = |tickets: u32| match Emulator::builder().seed(7).tickets(tickets).state(&file).start() {
        Err(EmulatorError::State(problem)) => problem,
        other => panic!("{other:?}"),
    };
    let first = kept(&file);
    assert!(matches!(refused(300), StateError::InUse(_)));
    drop(first);
    let other = refused(200);
    assert!(
        matches!(other, StateError::OtherAccount { .. }) && other.to_string().contains("\"tickets\":300"),
        "{other}"
    );
    std::fs::write(&file, "not a state file\n").unwrap();
    assert!(matches!(refused(300), StateError::Unreadable { line: 1, .. }));
    let missing = Emulator::builder()
        .tickets(1)
        .state(folder.path().join("no/such/folder"))
        .start()
        .unwrap_err();
    assert!(matches!(missing, EmulatorError::State(StateError::Io { .. })));
}

/// What a ticket shows of itself in `show_many`.
fn shown(zendesk: &Emulator, ticket: &Value) -> Value {
    get_json(zendesk, &format!("/api/v2/tickets/show_many?ids={ticket}"))["tickets"][0].clone()
}

fn ratings(zendesk: &Emulator) -> Vec<Value> {
    walk(
        zendesk,
        "/api/v2/satisfaction_ratings",
        "page%5Bsize%5D=100",
        "satisfaction_ratings",
    )
}

fn count(zendesk: &Emulator) -> Value {
    get_json(zendesk, "/api/v2/satisfaction_ratings/count")["count"]["value"].clone()
}

#[test]
fn an_answer_is_taken_back_and_its_mirror_goes() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("account.jsonl");
    let zendesk = kept(&file);
    let ticket = put(&zendesk, "tickets", &json!({"status": "solved"}))["ticket"]["id"].clone();
    let sent = put(&zendesk, "survey_responses", &json!({"ticket_id": ticket}));
    let id = sent["survey_response"]["id"].as_str().unwrap().to_owned();
    let before = (row(&zendesk, &id), count(&zendesk));
    zendesk.advance(60);
    put(
        &zendesk,
        &format!("survey_responses/{id}"),
        &json!({"rating": 1, "comment": "No"}),
    );
    let mirror = shown(&zendesk, &ticket)["satisfaction_rating"]["id"].clone();
    assert!(ratings(&zendesk).iter().any(|rating| rating["id"] == mirror));
    zendesk.advance(60);
    let taken = put(
        &zendesk,
        &format!("survey_responses/{id}"),
        &json!({"answers": []}),
    );
    assert_eq!(taken["survey_response"]["answers"], json!([]));
    let listed = support::get(&zendesk, &format!("/api/v2/guide/en-us/survey_responses/{id}")).json();
    assert_eq!(listed["survey_response"]["answers"], json!([]));
    assert_eq!((row(&zendesk, &id), count(&zendesk)), before);
    assert!(ratings(&zendesk).iter().all(|rating| rating["id"] != mirror));
    let gone = support::get(&zendesk, &format!("/api/v2/satisfaction_ratings/{mirror}"));
    assert_eq!(gone.status, 404);
    assert_eq!(
        shown(&zendesk, &ticket)["satisfaction_rating"],
        json!({"score": "offered"})
    );
    zendesk.advance(120);
    let changed = export(&zendesk, "")
        .into_iter()
        .find(|other| other["id"] == ticket)
        .unwrap();
    assert_eq!(changed["generated_timestamp"], zendesk.now().timestamp() - 120);
    let truth = zendesk.truth();
    drop(zendesk);
    let zendesk = kept(&file);
    assert_eq!(zendesk.truth(), truth);
    put(&zendesk, &format!("survey_responses/{id}"), &json!({"rating": 5}));
    let again = shown(&zendesk, &ticket)["satisfaction_rating"].clone();
    assert_eq!(again["score"], "good");
    assert_ne!(again["id"], mirror, "a copy of its own");
}

#[test]
fn an_earlier_mirror_goes_and_the_later_stays() {
    let zendesk = account(7, 50);
    let ticket = put(&zendesk, "tickets", &json!({"status": "solved"}))["ticket"]["id"].clone();
    let ids = [1, 5, 1].map(|rating| {
        let sent = put(&zendesk, "survey_responses", &json!({"ticket_id": ticket}));
        let id = sent["survey_response"]["id"].as_str().unwrap().to_owned();
        zendesk.advance(60);
        put(
            &zendesk,
            &format!("survey_responses/{id}"),
            &json!({ "rating": rating }),
        );
        id
    });
    let of_ticket = || {
        let found = ratings(&zendesk)
            .into_iter()
            .filter(|rating| rating["ticket_id"] == ticket);
        found.map(|rating| rating["score"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(of_ticket(), ["bad", "good", "bad"]);
    put(
        &zendesk,
        &format!("survey_responses/{}", ids[1]),
        &json!({"answers": []}),
    );
    assert_eq!(of_ticket(), ["bad", "bad"]);
    put(
        &zendesk,
        &format!("survey_responses/{}", ids[0]),
        &json!({"answers": []}),
    );
    assert_eq!(of_ticket(), ["bad"]);
    assert_eq!(shown(&zendesk, &ticket)["satisfaction_rating"]["score"], "bad");
    assert_eq!(count(&zendesk), ratings(&zendesk).len());
    let none = control(&zendesk, "POST", &format!("survey_responses/{}", ids[2]), "{}");
    assert_eq!(none.status, 400, "nothing said is not taking back");
}

#[test]
fn a_rating_may_have_no_time_of_creation() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("account.jsonl");
    let zendesk = kept(&file);
    let whole = ratings(&zendesk);
    let new_ticket = || put(&zendesk, "tickets", &json!({"status": "solved"}))["ticket"]["id"].clone();
    let (one, other) = (new_ticket(), new_ticket());
    let rate = |ticket: &Value, rating: &Value| {
        let mut body = rating.clone();
        body["ticket_id"] = ticket.clone();
        put(&zendesk, "satisfaction_ratings", &body)["satisfaction_rating"].clone()
    };
    let offered = rate(&one, &json!({"score": "offered", "created_at": null}));
    let rated = rate(&other, &json!({"score": "good", "created_at": null}));
    let dated = rate(&one, &json!({"score": "offered"}));
    assert_eq!(
        (&offered["created_at"], &rated["created_at"]),
        (&Value::Null, &Value::Null)
    );
    let ids = |ratings: &[Value]| {
        ratings
            .iter()
            .map(|rating| rating["id"].clone())
            .collect::<Vec<_>>()
    };
    let mut expected = ids(&whole);
    expected.extend([&dated, &offered, &rated].map(|rating| rating["id"].clone()));
    assert_eq!(ids(&ratings(&zendesk)), expected, "last, whatever came after");
    assert_eq!(count(&zendesk), expected.len());
    let path = "/api/v2/satisfaction_ratings";
    for paging in ["page%5Bsize%5D=3", "per_page=3"] {
        let start = zendesk.now().timestamp();
        let recent = get_json(&zendesk, &format!("{path}?{paging}&start_time={start}"));
        assert_eq!(
            ids(recent["satisfaction_ratings"].as_array().unwrap()),
            expected[expected.len() - 3..]
        );
        let mut first =
            get_json(&zendesk, &format!("{path}?{paging}&sort=-id"))["satisfaction_ratings"].clone();
        first.as_array_mut().unwrap().reverse();
        assert_eq!(ids(first.as_array().unwrap()), expected[expected.len() - 3..]);
    }
    let mut backwards = walk(
        &zendesk,
        path,
        "sort=-id&page%5Bsize%5D=2",
        "satisfaction_ratings",
    );
    backwards.reverse();
    assert_eq!(ids(&backwards), expected);
    let of = |rating: &Value| row(&zendesk, &rating["id"].to_string());
    assert_eq!(
        (of(&offered)["sent_at"].clone(), of(&offered)["rated_at"].clone()),
        (Value::Null, Value::Null)
    );
    zendesk.advance(100);
    let changed = rate(
        &other,
        &json!({"score": "bad", "comment": "Worse", "created_at": null}),
    );
    assert_eq!(
        (&changed["id"], &changed["created_at"]),
        (&rated["id"], &Value::Null)
    );
    let row = of(&rated);
    assert_eq!(
        (&row["sent_at"], &row["score"], &row["comment"]),
        (&Value::Null, &json!("bad"), &json!("Worse"))
    );
    assert_eq!(
        row["rated_at"],
        json!(zendesk.now().to_rfc3339_opts(chrono::SecondsFormat::Millis, true))
    );
    assert_eq!(
        get_json(&zendesk, &format!("/api/v2/tickets/{other}/audits"))["audits"]
            .as_array()
            .unwrap()
            .len(),
        4
    );
    let truth = zendesk.truth();
    drop(zendesk);
    assert_eq!(kept(&file).truth(), truth);
}
