//! Answers that come with 200 and are not what they should be.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod support;

use std::collections::BTreeSet;

use serde_json::{Value, json};
use support::{Answer, account, control, get, get_json};
use zendesk_csat_emulator::Emulator;

const RATINGS: &str = "/api/v2/satisfaction_ratings?page%5Bsize%5D=20";
const RESPONSES: &str = "/api/v2/guide/survey_responses?page%5Bsize%5D=20";
const EXPORT: &str = "/api/v2/incremental/tickets/cursor?start_time=0&per_page=20";
const EXPORT_BY_TIME: &str = "/api/v2/incremental/tickets?start_time=0&per_page=20";
const AUDITS: &str = "/api/v2/tickets/5/audits?page%5Bsize%5D=100";

fn meet(zendesk: &Emulator, kind: &str, target: &str) -> Answer {
    zendesk.set_faults(&json!({ "script": [kind] })).unwrap();
    get(zendesk, target)
}

/// The answers to many requests that meet the fault, which differ by what was drawn.
fn many(zendesk: &Emulator, kind: &str, target: &str) -> Vec<Answer> {
    (0..40)
        .map(|draw| meet(zendesk, kind, &format!("{target}&x={draw}")))
        .collect()
}

/// The names by which the records of two answers differ, by path.
fn differences(one: &Value, other: &Value, path: &str, found: &mut Vec<String>) {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            let names: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
            for name in names {
                let member = |of: &serde_json::Map<String, Value>| of.get(name).cloned().unwrap_or_default();
                differences(&member(one), &member(other), &format!("{path}/{name}"), found);
            }
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            for (one, other) in one.iter().zip(other) {
                differences(one, other, path, found);
            }
        }
        _ if one == other => {}
        _ => found.push(path.to_owned()),
    }
}

#[test]
fn an_empty_object_or_an_error_comes_with_200() {
    let zendesk = account(7, 200);
    for target in [RATINGS, RESPONSES, EXPORT, "/api/v2/satisfaction_ratings/count?"] {
        let empty = meet(&zendesk, "empty_object", target);
        assert_eq!((empty.status, empty.text().as_str()), (200, "{}"));
    }
    let shapes: BTreeSet<&str> = many(&zendesk, "error_200", RATINGS)
        .iter()
        .map(|answer| {
            assert_eq!(answer.status, 200);
            assert!(
                answer
                    .header("content-type")
                    .unwrap()
                    .starts_with("application/json")
            );
            let body = answer.json();
            if body["error"].is_string() && body["description"].is_string() {
                "described"
            } else if body["error"]["title"].is_string() && body["error"]["message"].is_string() {
                "titled"
            } else {
                assert!(body["errors"][0]["code"].is_string() && body["errors"][0]["title"].is_string());
                "listed"
            }
        })
        .collect();
    assert_eq!(shapes, ["described", "listed", "titled"].into());
}

#[test]
fn a_listing_does_not_say_whether_it_ends() {
    let zendesk = account(7, 200);
    let missing = |target: &str| -> BTreeSet<String> {
        let whole = get_json(&zendesk, target);
        many(&zendesk, "no_end", target)
            .iter()
            .map(|answer| {
                let mut page = answer.json();
                // The links of a page repeat the query.
                let mut whole = whole.clone();
                for page in [&mut page, &mut whole] {
                    for name in ["links", "after_url", "next_page"] {
                        if let Some(link) = page.get_mut(name) {
                            *link = json!("a link");
                        }
                    }
                }
                let mut found = Vec::new();
                differences(&whole, &page, "", &mut found);
                found.join(" ")
            })
            .collect()
    };
    let forms = |forms: &[&str]| {
        forms
            .iter()
            .map(|form| (*form).to_owned())
            .collect::<BTreeSet<_>>()
    };
    assert_eq!(missing(RATINGS), forms(&["/links /meta", "/meta/has_more"]));
    assert_eq!(missing(RESPONSES), forms(&["/meta", "/meta/has_more"]));
    assert_eq!(missing(EXPORT), forms(&["/end_of_stream"]));
    assert_eq!(missing(EXPORT_BY_TIME), forms(&["/end_of_stream", "/next_page"]));
    assert_eq!(
        missing("/api/v2/satisfaction_ratings?per_page=20"),
        forms(&["/next_page"])
    );
}

#[test]
fn a_list_is_null_or_missing_or_has_another_name() {
    let zendesk = account(7, 200);
    for (target, name) in [
        (RATINGS, "satisfaction_ratings"),
        (RESPONSES, "survey_responses"),
        (EXPORT, "tickets"),
        (AUDITS, "audits"),
        ("/api/v2/satisfaction_reasons?", "reasons"),
        ("/api/v2/groups?", "groups"),
        ("/api/v2/users?role=agent", "users"),
    ] {
        let list = get_json(&zendesk, target)[name].clone();
        let forms: BTreeSet<&str> = many(&zendesk, "null_list", target)
            .iter()
            .map(
                |answer| match (answer.json().get(name), answer.json().get("results")) {
                    (Some(Value::Null), None) => "null",
                    (None, None) => "missing",
                    (None, Some(results)) if *results == list => "renamed",
                    other => panic!("{other:?}"),
                },
            )
            .collect();
        assert_eq!(forms, ["missing", "null", "renamed"].into(), "{target}");
    }
    let single = format!(
        "/api/v2/satisfaction_ratings/{}",
        get_json(&zendesk, RATINGS)["satisfaction_ratings"][0]["id"]
    );
    assert_eq!(
        meet(&zendesk, "null_list", &single).json(),
        get_json(&zendesk, &single),
        "it has no list"
    );
}

#[test]
fn one_time_of_one_record_lies_in_2099() {
    let zendesk = account(7, 400);
    let fields = |target: &str, name: &str| -> BTreeSet<String> {
        let whole = get_json(&zendesk, target)[name].clone();
        let answers = many(&zendesk, "future_time", target)
            .into_iter()
            .filter_map(|answer| {
                let mut found = Vec::new();
                differences(&whole, &answer.json()[name], "", &mut found);
                assert!(found.len() <= 1, "{found:?}");
                let text = answer.text();
                let is_in_form = text.contains("\"2099-06-01T08:00:00Z\"")
                    || text.contains("\"2099-06-01T08:00:00.")
                    || text.contains("4083984000");
                assert!(found.is_empty() || is_in_form);
                found.pop()
            });
        answers.collect()
    };
    let names = |names: &[&str]| {
        names
            .iter()
            .map(|name| (*name).to_owned())
            .collect::<BTreeSet<_>>()
    };
    let (created, updated) = ("/created_at", "/updated_at");
    assert_eq!(
        fields(RATINGS, "satisfaction_ratings"),
        names(&[created, updated])
    );
    assert_eq!(
        fields(RESPONSES, "survey_responses"),
        names(&["/answers/updated_at", "/expires_at"])
    );
    assert_eq!(
        fields(EXPORT, "tickets"),
        names(&[created, updated, "/generated_timestamp"])
    );
    let single = format!(
        "/api/v2/satisfaction_ratings/{}?",
        get_json(&zendesk, RATINGS)["satisfaction_ratings"][0]["id"]
    );
    assert_eq!(fields(&single, "satisfaction_rating"), names(&[created, updated]));
}

#[test]
fn one_byte_of_one_text_is_no_utf8_and_the_next_answer_is_right() {
    let zendesk = account(7, 400);
    for target in [
        RATINGS,
        RESPONSES,
        EXPORT,
        AUDITS,
        "/api/v2/satisfaction_reasons?",
    ] {
        let whole = get_json(&zendesk, target);
        for answer in many(&zendesk, "not_utf8", target).iter().take(8) {
            let body = answer.body();
            let wrong = std::str::from_utf8(&body).unwrap_err().valid_up_to();
            let mended: Vec<u8> = [&body[..wrong], &body[wrong + 1..]].concat();
            let mended: Value = serde_json::from_slice(&mended).unwrap();
            let name = [
                "satisfaction_ratings",
                "survey_responses",
                "tickets",
                "audits",
                "reasons",
            ]
            .into_iter()
            .find(|name| whole.get(name).is_some())
            .unwrap();
            assert_eq!(mended[name], whole[name], "nothing else is wrong");
        }
        assert_eq!(get_json(&zendesk, target), whole);
    }
    let count = "/api/v2/satisfaction_ratings/count";
    assert_eq!(
        meet(&zendesk, "not_utf8", count).json(),
        get_json(&zendesk, count),
        "it has no text"
    );
}

#[test]
fn every_kind_meets_every_answer_and_breaks_no_connection() {
    let zendesk = account(7, 200);
    let kinds = control(&zendesk, "GET", "faults", "").json();
    let empty = "/api/v2/satisfaction_ratings?start_time=1790000000";
    assert_eq!(get_json(&zendesk, empty)["count"], 0);
    let recent = format!(
        "/api/v2/incremental/tickets?start_time={}",
        zendesk.now().timestamp() - 61
    );
    let rating = get_json(&zendesk, RATINGS)["satisfaction_ratings"][0]["id"].clone();
    let response = get_json(&zendesk, RESPONSES)["survey_responses"][0]["id"].clone();
    let targets = [
        empty,
        &recent,
        RATINGS,
        RESPONSES,
        EXPORT,
        AUDITS,
        "/api/v2/satisfaction_ratings/count",
        &format!("/api/v2/satisfaction_ratings/{rating}"),
        "/api/v2/satisfaction_reasons",
        &format!(
            "/api/v2/guide/en-us/survey_responses/{}",
            response.as_str().unwrap()
        ),
        "/api/v2/guide/en-us/surveys",
        "/api/v2/tickets/show_many?ids=1,2",
        "/api/v2/tickets/show_many?ids=",
        "/api/v2/users/me",
        "/api/v2/users?role=agent",
        "/api/v2/groups?page[size]=2",
        "/api/v2/brands",
        "/api/v2/ticket_forms",
        "/api/v2/organizations/show_many?ids=1",
        "/api/v2/nowhere",
    ];
    for kind in kinds.as_object().unwrap().keys() {
        let breaks = ["reset_before", "reset_after", "reset_in_body"].contains(&kind.as_str());
        if breaks || ["seed", "script", "latency", "slow_drip"].contains(&kind.as_str()) {
            continue;
        }
        for target in targets {
            assert!(meet(&zendesk, kind, target).status > 0, "{kind} {target}");
        }
        zendesk.clear_faults();
    }
}

#[test]
fn scores_in_capitals_are_the_same_scores() {
    let zendesk = Emulator::builder()
        .seed(7)
        .tickets(300)
        .clock_speed(0.0)
        .start()
        .unwrap();
    let scores = |zendesk: &Emulator| -> Vec<String> {
        let page = get_json(zendesk, "/api/v2/satisfaction_ratings?page[size]=100");
        let ratings = page["satisfaction_ratings"].as_array().unwrap().clone();
        ratings
            .iter()
            .map(|rating| rating["score"].as_str().unwrap().to_owned())
            .collect()
    };
    let before = scores(&zendesk);
    zendesk
        .set_faults(&json!({"script": ["capital_scores"]}))
        .unwrap();
    let met = scores(&zendesk);
    assert_ne!(met, before);
    let lower: Vec<String> = met.iter().map(|score| score.to_lowercase()).collect();
    assert_eq!(lower, before);
    assert_eq!(scores(&zendesk), before, "it passes");
}
