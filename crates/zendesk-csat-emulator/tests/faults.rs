//! Each kind of fault, by script, and rates by seed.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod support;

use std::time::Instant;

use serde_json::{Value, json};
use support::{Answer, account, bearer, control, encoded, exchange, get, get_json};
use zendesk_csat_emulator::Emulator;

const RATINGS: &str = "/api/v2/satisfaction_ratings?page%5Bsize%5D=20";
const EXPORT: &str = "/api/v2/incremental/tickets/cursor?start_time=0&per_page=20";

fn set(zendesk: &Emulator, faults: &Value) -> Answer {
    control(zendesk, "PUT", "faults", &faults.to_string())
}

/// The answer to one request that meets that fault.
fn meet(zendesk: &Emulator, kind: &str, target: &str) -> std::io::Result<Answer> {
    assert_eq!(set(zendesk, &json!({"script": [kind]})).status, 200);
    let authorization = bearer(&zendesk.account().oauth_token);
    exchange(
        zendesk,
        "GET",
        target,
        &[("Authorization", &authorization), ("Accept-Encoding", "gzip")],
        "",
    )
}

fn records(page: &Value) -> &Vec<Value> {
    page["satisfaction_ratings"].as_array().unwrap()
}

#[test]
fn every_kind_is_listed_with_its_rate_and_can_be_set_and_cleared() {
    let zendesk = account(7, 50);
    let none = control(&zendesk, "GET", "faults", "").json();
    assert_eq!(
        none.as_object().unwrap().len(),
        33,
        "31 kinds, the seed and the script"
    );
    assert!(
        none.as_object()
            .unwrap()
            .values()
            .all(|value| value == 0 || value == 0.0 || *value == json!([]))
    );
    let some = set(&zendesk, &json!({"seed": 5, "latency": 0.25, "html": 1.0})).json();
    assert_eq!(
        (
            &some["seed"],
            &some["latency"],
            &some["html"],
            &some["server_error"]
        ),
        (&json!(5), &json!(0.25), &json!(1.0), &json!(0.0))
    );
    assert_eq!(control(&zendesk, "GET", "faults", "").json(), some);
    assert_eq!(control(&zendesk, "DELETE", "faults", "").json(), none);
    for wrong in [
        json!({"gremlins": 1.0}),
        json!({"latency": 2}),
        json!({"script": ["gremlins"]}),
        json!({"seed": "x"}),
        json!([]),
    ] {
        assert_eq!(set(&zendesk, &wrong).status, 400, "{wrong}");
    }
}

#[test]
fn answers_can_fail_to_come() {
    let zendesk = account(7, 200);
    for kind in ["reset_before", "reset_after", "reset_in_body"] {
        assert!(meet(&zendesk, kind, RATINGS).is_err(), "{kind}");
        assert_eq!(get(&zendesk, RATINGS).status, 200, "only once");
    }
    assert_eq!(zendesk.journal()[0].status, 0);
}

#[test]
fn a_reset_after_the_request_leaves_its_effect() {
    let zendesk = account(7, 100);
    let survey = get_json(&zendesk, "/api/v2/guide/en-us/surveys")["surveys"][0]["id"].clone();
    let count = || {
        support::walk(
            &zendesk,
            "/api/v2/guide/survey_responses",
            "page%5Bsize%5D=50",
            "survey_responses",
        )
        .len()
    };
    let before = count();
    let post = || {
        let body = json!({"survey_response": {"survey_id": survey, "responder_id": zendesk.account().users.end_user.id, "subject_zrns": ["zen:ticket:1"]}});
        let authorization = bearer(&zendesk.account().oauth_token);
        exchange(
            &zendesk,
            "POST",
            "/api/v2/guide/survey_responses",
            &[("Authorization", &authorization)],
            &body.to_string(),
        )
    };
    set(&zendesk, &json!({"script": ["reset_before", "reset_after"]}));
    assert!(post().is_err());
    assert_eq!(count_after(&zendesk, &count), before);
    set(&zendesk, &json!({"script": ["reset_after"]}));
    assert!(post().is_err());
    assert_eq!(count_after(&zendesk, &count), before + 1);
}

fn count_after(zendesk: &Emulator, count: &dyn Fn() -> usize) -> usize {
    control(zendesk, "DELETE", "faults", "");
    count()
}

#[test]
fn bodies_can_be_spoiled_on_the_wire() {
    let zendesk = account(7, 200);
    for kind in ["truncated_gzip", "corrupt_gzip"] {
        let answer = meet(&zendesk, kind, RATINGS).unwrap();
        assert_eq!(answer.header("content-encoding"), Some("gzip"));
        let unpacked = std::io::read_to_string(flate2::read::GzDecoder::new(&answer.raw[..]));
        assert!(unpacked.is_err(), "{kind}");
    }
    let html = meet(&zendesk, "html", RATINGS).unwrap();
    assert!(
        html.status == 200
            && html.text().starts_with("<!DOCTYPE html>")
            && html.header("content-type").unwrap().starts_with("text/html")
    );
    let empty = meet(&zendesk, "empty_body", RATINGS).unwrap();
    assert_eq!((empty.status, empty.raw.len()), (200, 0));
}

#[test]
fn answers_can_be_slow_and_whole() {
    let zendesk = account(7, 200);
    let whole = get_json(&zendesk, RATINGS);
    for kind in ["latency", "slow_drip"] {
        let started = Instant::now();
        assert_eq!(meet(&zendesk, kind, RATINGS).unwrap().json(), whole);
        assert!(started.elapsed().as_millis() >= 50, "{kind}");
    }
}

#[test]
fn limits_and_failures_come_in_many_forms() {
    let zendesk = account(7, 50);
    let mut waits = std::collections::BTreeSet::new();
    let mut failures = std::collections::BTreeSet::new();
    for page in 1..60 {
        let refused = meet(&zendesk, "too_many_requests", &format!("{RATINGS}&x={page}")).unwrap();
        assert_eq!(refused.status, 429);
        let wait = match refused.header("retry-after") {
            Some(date) if date.ends_with("GMT") => "date",
            Some(fraction) if fraction.contains('.') => "fraction",
            Some(_) => "seconds",
            None => "none",
        };
        waits.insert((
            wait,
            refused.header("content-type").unwrap().starts_with("text/plain"),
        ));
        failures.insert(
            meet(&zendesk, "server_error", &format!("{RATINGS}&x={page}"))
                .unwrap()
                .status,
        );
    }
    assert_eq!(waits.len(), 8, "{waits:?}");
    assert_eq!(failures, [500, 502, 503, 504].into());
}

#[test]
fn records_can_be_spoiled_one_by_one() {
    let zendesk = account(7, 200);
    let whole = get_json(&zendesk, RATINGS);
    let spoiled = |kind: &str| meet(&zendesk, kind, RATINGS).unwrap().json();
    let differing = |page: &Value| {
        records(page)
            .iter()
            .zip(records(&whole))
            .filter(|(one, other)| one != other)
            .count()
    };
    for kind in ["wrong_type", "unknown_value", "malformed_record"] {
        let page = spoiled(kind);
        assert_eq!((records(&page).len(), differing(&page)), (20, 1), "{kind}");
        assert_eq!(page["meta"], whole["meta"]);
    }
    let unknown = spoiled("unknown_field");
    assert!(
        records(&unknown)
            .iter()
            .all(|record| record["sentiment"]["label"] == "delighted")
    );
    assert_eq!(records(&spoiled("duplicated_record")).len(), 21);
    let mut reordered = spoiled("reordered_records")["satisfaction_ratings"]
        .as_array()
        .unwrap()
        .clone();
    reordered.reverse();
    assert_eq!(&reordered, records(&whole));
    let single = format!(
        "/api/v2/satisfaction_ratings/{}",
        whole["satisfaction_ratings"][0]["id"]
    );
    assert_eq!(
        meet(&zendesk, "unknown_value", &single).unwrap().json()["satisfaction_rating"]["score"],
        "delighted"
    );
}

#[test]
fn an_empty_page_goes_on_and_loses_nothing() {
    let zendesk = account(7, 300);
    let lists = [
        (RATINGS, "satisfaction_ratings"),
        (
            "/api/v2/guide/survey_responses?page%5Bsize%5D=20",
            "survey_responses",
        ),
    ];
    for (list, name) in lists {
        let first = get_json(&zendesk, list);
        let after = |page: &Value| {
            format!(
                "{list}&page%5Bafter%5D={}",
                encoded(page["meta"]["after_cursor"].as_str().unwrap())
            )
        };
        for list in [
            list.to_owned(),
            format!("{list}&sort=id"),
            format!("{list}&sort=-id"),
        ] {
            let empty = meet(&zendesk, "empty_page", &list).unwrap().json();
            assert_eq!(
                (&empty[name], &empty["meta"]["has_more"]),
                (&json!([]), &json!(true))
            );
            let cursor = encoded(empty["meta"]["after_cursor"].as_str().unwrap());
            assert_eq!(
                get_json(&zendesk, &format!("{list}&page%5Bafter%5D={cursor}"))[name],
                get_json(&zendesk, &list)[name],
                "{list}"
            );
        }
        let second = get_json(&zendesk, &after(&first));
        let empty = meet(&zendesk, "empty_page", &after(&first)).unwrap().json();
        assert_eq!(
            (&empty[name], &empty["meta"]["has_more"]),
            (&json!([]), &json!(true))
        );
        assert_ne!(
            empty["meta"]["after_cursor"], first["meta"]["after_cursor"],
            "no cursor twice"
        );
        assert_eq!(get_json(&zendesk, &after(&empty))[name], second[name]);
    }
    let empty = meet(&zendesk, "empty_page", EXPORT).unwrap().json();
    assert_eq!(
        (&empty["tickets"], &empty["end_of_stream"]),
        (&json!([]), &json!(false))
    );
    let cursor = encoded(empty["after_cursor"].as_str().unwrap());
    let on = get_json(
        &zendesk,
        &format!("/api/v2/incremental/tickets/cursor?per_page=20&cursor={cursor}"),
    );
    assert_eq!(on["tickets"], get_json(&zendesk, EXPORT)["tickets"]);
}

#[test]
fn cursors_can_lead_astray() {
    let zendesk = account(7, 300);
    let first = get_json(&zendesk, RATINGS);
    let cursor = first["meta"]["after_cursor"].as_str().unwrap();
    let second = format!("{RATINGS}&page%5Bafter%5D={}", encoded(cursor));
    let repeated = meet(&zendesk, "repeated_cursor", &second).unwrap().json();
    assert_eq!(
        (&repeated["meta"]["after_cursor"], &repeated["meta"]["has_more"]),
        (&json!(cursor), &json!(true))
    );
    let expired = meet(&zendesk, "expired_cursor", &second).unwrap();
    assert_eq!((expired.status, expired.text().contains("expired")), (400, true));
    assert_eq!(
        meet(&zendesk, "expired_cursor", RATINGS).unwrap().status,
        200,
        "there is no cursor to expire"
    );
    let foreign = meet(&zendesk, "foreign_after_url", EXPORT).unwrap().json();
    assert!(
        foreign["after_url"]
            .as_str()
            .unwrap()
            .starts_with("http://elsewhere.invalid/")
    );
    assert!(
        meet(&zendesk, "foreign_after_url", RATINGS).unwrap().json()["links"]["next"]
            .as_str()
            .unwrap()
            .starts_with("http://elsewhere.invalid/")
    );
    let export = get_json(&zendesk, EXPORT);
    let next = format!(
        "/api/v2/incremental/tickets/cursor?per_page=20&cursor={}",
        encoded(export["after_cursor"].as_str().unwrap())
    );
    assert_eq!(
        meet(&zendesk, "repeated_cursor", &next).unwrap().json()["after_cursor"],
        export["after_cursor"]
    );
    assert_eq!(meet(&zendesk, "expired_cursor", &next).unwrap().status, 400);
}

#[test]
fn a_token_can_be_revoked_in_mid_walk() {
    let zendesk = account(7, 50);
    assert_eq!(meet(&zendesk, "token_revoked", RATINGS).unwrap().status, 401);
    assert_eq!(get(&zendesk, RATINGS).status, 401, "it stays revoked");
    control(&zendesk, "DELETE", "faults", "");
    assert_eq!(get(&zendesk, RATINGS).status, 200);
}

#[test]
fn a_script_may_wait_for_its_path_and_repeat() {
    let zendesk = account(7, 50);
    set(
        &zendesk,
        &json!({"script": [{"kind": "empty_body", "path": "reasons", "times": 2}, null, "html"]}),
    );
    let kind = |path: &str| {
        let answer = get(&zendesk, path);
        if answer.raw.is_empty() {
            "empty"
        } else if answer.text().starts_with('<') {
            "html"
        } else {
            "fine"
        }
    };
    assert_eq!(
        [
            RATINGS,
            "/api/v2/satisfaction_reasons",
            RATINGS,
            "/api/v2/satisfaction_reasons",
            RATINGS
        ]
        .map(kind),
        ["fine", "empty", "html", "empty", "fine"]
    );
    assert_eq!(control(&zendesk, "GET", "faults", "").json()["script"], json!([]));
}

#[test]
fn a_seed_reproduces_the_run_and_a_retry_draws_anew() {
    let run = |seed: u64| {
        let zendesk = account(7, 50);
        set(&zendesk, &json!({"seed": seed, "server_error": 0.2, "html": 0.2}));
        (0..60)
            .map(|page| get(&zendesk, &format!("{RATINGS}&x={}", page / 2)).text())
            .collect::<Vec<_>>()
    };
    let first = run(1);
    let strip = |texts: &[String]| {
        texts
            .iter()
            .map(|text| text.replace("127.0.0.1", ""))
            .map(|text| text.len())
            .collect::<Vec<_>>()
    };
    assert_eq!(strip(&first), strip(&run(1)));
    assert_ne!(strip(&first), strip(&run(2)));
    assert!(
        first
            .chunks(2)
            .any(|pair| pair[0].starts_with('{') != pair[1].starts_with('{')),
        "the same request fares otherwise again"
    );
    let spoiled = first
        .iter()
        .filter(|text| !text.contains("satisfaction_ratings"))
        .count();
    assert!((10..32).contains(&spoiled), "{spoiled} of 60 at a rate of 0.36");
}
