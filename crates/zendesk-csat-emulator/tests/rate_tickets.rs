//! Rating a ticket over HTTP: the rules, and what follows from it.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod support;

use serde_json::{Value, json};
use support::{Answer, account, control, exchange, export, get_json, post_as, ticket, token_of};
use zendesk_csat_emulator::Emulator;

/// An account that never changed to surveys.
fn legacy() -> Emulator {
    Emulator::builder()
        .seed(7)
        .tickets(400)
        .clock_speed(0.0)
        .surveys(false)
        .start()
        .unwrap()
}

fn rate(zendesk: &Emulator, token: &str, ticket: &Value, rating: Value) -> Answer {
    post_as(
        zendesk,
        token,
        &format!("/api/v2/tickets/{}/satisfaction_rating.json", ticket["id"]),
        &json!({"satisfaction_rating": rating}),
    )
}

fn solved(score: &'static str) -> impl Fn(&Value) -> bool {
    move |ticket| ticket["status"] == "solved" && ticket["satisfaction_rating"]["score"] == score
}

#[test]
fn the_first_rating_answers_the_offer_and_the_next_is_a_new_record() {
    let zendesk = legacy();
    let (ticket, token) = ticket(&zendesk, solved("offered"));
    let offers = |count: usize| {
        let path = "/api/v2/satisfaction_ratings?page[size]=100&sort=-id";
        let ratings = get_json(&zendesk, path)["satisfaction_ratings"]
            .as_array()
            .unwrap()
            .clone();
        let own: Vec<Value> = ratings
            .into_iter()
            .filter(|rating| rating["ticket_id"] == ticket["id"])
            .collect();
        assert_eq!(own.len(), count);
        own
    };
    let offer = offers(1).remove(0);
    zendesk.advance(60);
    let answer = rate(
        &zendesk,
        &token,
        &ticket,
        json!({"score": "bad", "comment": "Needed more detail.", "reason_code": 5}),
    );
    assert_eq!(answer.status, 200, "{}", answer.text());
    let rating = answer.json()["satisfaction_rating"].clone();
    assert_eq!(
        (&rating["id"], &rating["created_at"]),
        (&offer["id"], &offer["created_at"])
    );
    assert_eq!(rating["updated_at"], "2026-06-01T08:01:00Z");
    assert_eq!(rating["reason"], "The issue took too long to resolve");
    zendesk.advance(60);
    let again =
        rate(&zendesk, &token, &ticket, json!({"score": "good"})).json()["satisfaction_rating"].clone();
    assert_ne!(again["id"], rating["id"]);
    assert_eq!(
        (&again["created_at"], &again["reason"]),
        (&again["updated_at"], &Value::Null)
    );
    assert_eq!(offers(2)[0], again);

    zendesk.advance(61);
    let exported = export(&zendesk, "")
        .into_iter()
        .find(|other| other["id"] == ticket["id"])
        .unwrap();
    assert_eq!(exported["satisfaction_rating"]["id"], again["id"]);
    assert!(exported["generated_timestamp"].as_u64() > ticket["generated_timestamp"].as_u64());
    let audits = get_json(
        &zendesk,
        &format!("/api/v2/tickets/{}/audits?page[size]=100", ticket["id"]),
    );
    let scores: Vec<&Value> = audits["audits"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|audit| audit["events"].as_array().unwrap())
        .filter(|event| event["field_name"] == "satisfaction_score")
        .map(|event| &event["value"])
        .collect();
    assert_eq!(scores, ["offered", "bad", "good"]);
    let rows: Vec<Value> = zendesk
        .truth()
        .into_iter()
        .filter(|row| row["ticket_id"] == ticket["id"])
        .collect();
    assert_eq!(
        rows.iter()
            .map(|row| row["score"].as_str().unwrap())
            .collect::<Vec<_>>(),
        ["bad", "good"]
    );
}

#[test]
fn only_the_verified_requester_rates() {
    let zendesk = legacy();
    let (ticket, _) = ticket(&zendesk, solved("offered"));
    let users = &zendesk.account().users;
    for token in [
        &users.admin.oauth_token,
        &users.agent.oauth_token,
        &users.unverified_end_user.oauth_token,
    ] {
        assert_eq!(
            rate(&zendesk, token, &ticket, json!({"score": "good"})).status,
            403
        );
    }
    let unverified = export(&zendesk, "")
        .into_iter()
        .filter(|ticket| ticket["status"] == "solved")
        .find(|ticket| control(&zendesk, "GET", &format!("users/{}", ticket["requester_id"]), "").json()["user"]["verified"] == false);
    if let Some(ticket) = unverified {
        let token = token_of(&zendesk, &ticket["requester_id"]);
        assert_eq!(
            rate(&zendesk, &token, &ticket, json!({"score": "good"})).status,
            403
        );
    }
}

#[test]
fn an_admin_rates_on_behalf_of_the_requester() {
    let zendesk = legacy();
    let (ticket, _) = ticket(&zendesk, solved("offered"));
    let email =
        control(&zendesk, "GET", &format!("users/{}", ticket["requester_id"]), "").json()["user"]["email"]
            .as_str()
            .unwrap()
            .to_owned();
    let target = format!("/api/v2/tickets/{}/satisfaction_rating", ticket["id"]);
    let body = json!({"satisfaction_rating": {"score": "good"}}).to_string();
    let users = &zendesk.account().users;
    let post = |token: &str| {
        exchange(
            &zendesk,
            "POST",
            &target,
            &[
                ("Authorization", &support::bearer(token)),
                ("X-On-Behalf-Of", &email),
            ],
            &body,
        )
        .unwrap()
        .status
    };
    assert_eq!(post(&users.agent.oauth_token), 403);
    assert_eq!(post(&users.admin.oauth_token), 200);
}

#[test]
fn what_is_no_rating_is_refused() {
    let zendesk = legacy();
    let (ticket, token) = ticket(&zendesk, solved("offered"));
    for rating in [
        json!({"score": "offered"}),
        json!({"score": "great"}),
        json!({}),
        json!({"score": "good", "reason_code": 5}),
        json!({"score": "bad", "comment": 5}),
    ] {
        let answer = rate(&zendesk, &token, &ticket, rating.clone());
        assert_eq!(
            (answer.status, &answer.json()["error"]),
            (422, &json!("RecordInvalid")),
            "{rating}"
        );
        assert!(answer.json()["details"].is_object());
    }
    let target = format!("/api/v2/tickets/{}/satisfaction_rating", ticket["id"]);
    assert_eq!(
        post_as(&zendesk, &token, &target, &json!({"score": "good"})).status,
        400
    );
    assert_eq!(
        post_as(
            &zendesk,
            &token,
            "/api/v2/tickets/999999/satisfaction_rating",
            &json!({})
        )
        .status,
        404
    );
    let sample = rate(
        &zendesk,
        &token,
        &ticket,
        json!({"score": "bad", "comment": "Needed more detail.", "reason_code": 100}),
    );
    assert_eq!(
        (sample.status, &sample.json()["satisfaction_rating"]["reason"]),
        (200, &json!("No reason provided"))
    );
}

#[test]
fn only_tickets_solved_once_can_be_rated() {
    let zendesk = legacy();
    for (status, expected) in [("pending", 422), ("closed", 422)] {
        let (ticket, token) = ticket(&zendesk, |ticket| ticket["status"] == status);
        assert_eq!(
            rate(&zendesk, &token, &ticket, json!({"score": "good"})).status,
            expected,
            "{status}"
        );
    }
}

#[test]
fn legacy_ratings_end_with_the_change_to_surveys() {
    let zendesk = account(7, 400);
    let (ticket, token) = ticket(&zendesk, |ticket| ticket["status"] == "solved");
    let answer = rate(&zendesk, &token, &ticket, json!({"score": "good"}));
    assert_eq!(answer.status, 422);
    assert!(answer.text().contains("not enabled"));
}
