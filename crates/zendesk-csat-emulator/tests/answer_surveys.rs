//! Sending and answering surveys over HTTP: the rules, and what follows.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod support;

use serde_json::{Value, json};
use support::{Answer, account, exchange, export, get_as, get_json, post_as, ticket, token_of};
use zendesk_csat_emulator::Emulator;

fn survey(zendesk: &Emulator, place: usize) -> Value {
    get_json(zendesk, "/api/v2/guide/en-us/surveys")["surveys"][place].clone()
}

fn send(zendesk: &Emulator, survey_id: &Value, ticket: &Value) -> Answer {
    let body = json!({"survey_response": {
        "locale": "de",
        "survey_id": survey_id,
        "responder_id": ticket["requester_id"].to_string(),
        "subject_zrns": [format!("zen:ticket:{}", ticket["id"])],
    }});
    post_as(
        zendesk,
        &zendesk.account().oauth_token,
        "/api/v2/guide/survey_responses",
        &body,
    )
}

fn answers(survey: &Value, rating: u64) -> Value {
    json!([
        {"question_id": survey["questions"][0]["id"], "type": "rating_scale", "rating": rating},
        {"question_id": survey["questions"][1]["id"], "type": "closed_ended", "selections": [{"type": "pre_defined", "value": survey["questions"][1]["options"][0]["id"]}]},
        {"question_id": survey["questions"][2]["id"], "type": "open_ended", "value": "Répondez plus vite"},
        {"question_id": survey["questions"][3]["id"], "type": "skipped"},
    ])
}

#[test]
fn a_survey_is_sent_answered_and_edited() {
    let zendesk = account(7, 400);
    let survey = survey(&zendesk, 0);
    let (ticket, token) = ticket(&zendesk, |ticket| ticket["status"] == "solved");
    let sent = send(&zendesk, &survey["id"], &ticket);
    assert_eq!(sent.status, 200, "{}", sent.text());
    let sent = sent.json()["survey_response"].clone();
    let id = sent["id"].as_str().unwrap().to_owned();
    assert_eq!(sent["links"]["type"], "rating_link_emoji");
    assert_eq!(
        sent["links"]["rating_links"][4]["label"]["value"],
        "Sehr zufrieden"
    );
    assert!(
        sent["links"]["rating_links"][0]["url_path"]
            .as_str()
            .unwrap()
            .starts_with(&format!("/hc/de/survey_responses/{id}?access_token="))
    );
    let newest = get_json(&zendesk, "/api/v2/guide/survey_responses?page[size]=1");
    assert_eq!(
        (
            &newest["survey_responses"][0]["id"],
            &newest["survey_responses"][0]["answers"]
        ),
        (&json!(id), &json!([]))
    );

    zendesk.advance(3_600);
    let target = format!("/api/v2/guide/survey_responses/{id}");
    let first = post_as(
        &zendesk,
        &token,
        &target,
        &json!({"survey_response": {"answers": answers(&survey, 1), "locale": "en-us"}}),
    );
    assert_eq!(first.status, 200, "{}", first.text());
    let first = first.json()["survey_response"]["answers"].clone();
    assert_eq!(
        (
            &first[0]["rating_category"],
            &first[3]["type"],
            &first[3]["question"]["type"]
        ),
        (&json!("bad"), &json!("skipped"), &json!("open_ended"))
    );
    assert_eq!(
        first[1]["selections"],
        json!([{"type": "predefined", "option_id": survey["questions"][1]["options"][0]["id"]}])
    );
    let mirrors = || {
        let path = "/api/v2/satisfaction_ratings?page[size]=100&sort=-id";
        let ratings = get_json(&zendesk, path)["satisfaction_ratings"]
            .as_array()
            .unwrap()
            .clone();
        ratings
            .into_iter()
            .filter(|rating| rating["ticket_id"] == ticket["id"])
            .collect::<Vec<_>>()
    };
    let mirror = mirrors().remove(0);
    assert_eq!(
        (&mirror["score"], &mirror["reason"]),
        (&json!("bad"), &json!("It took too long"))
    );
    let known = mirrors().len();

    zendesk.advance(3_600);
    let edit = json!({"survey_response": {"answers": [{"question_id": survey["questions"][0]["id"], "type": "rating_scale", "rating": 5}]}});
    let second = post_as(&zendesk, &token, &target, &edit).json()["survey_response"]["answers"].clone();
    assert_eq!(second.as_array().unwrap().len(), 4);
    assert_eq!(
        (&second[0]["rating"], &second[0]["created_at"]),
        (&json!(5), &first[0]["created_at"])
    );
    assert!(second[0]["updated_at"].as_str() > first[0]["updated_at"].as_str());
    assert_eq!(second[2], first[2]);
    assert_eq!(mirrors().len(), known, "an edit changes the mirror in place");
    assert_eq!(
        (&mirrors()[0]["id"], &mirrors()[0]["score"]),
        (&mirror["id"], &json!("good"))
    );

    let row = zendesk
        .truth()
        .into_iter()
        .find(|row| row["id"] == id.as_str())
        .unwrap();
    assert_eq!(
        (&row["score"], &row["rating"], &row["comment"]),
        (&json!("good"), &json!(5), &json!("Répondez plus vite"))
    );
    let audits = get_json(
        &zendesk,
        &format!(
            "/api/v2/tickets/{}/audits?filter_events[]=SurveyResponseSubmitted",
            ticket["id"]
        ),
    );
    let submitted = audits["audits"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|audit| audit["events"][0]["survey_response_id"] == id.as_str());
    assert_eq!(submitted.count(), 2);
    zendesk.advance(61);
    let exported = export(&zendesk, "")
        .into_iter()
        .find(|other| other["id"] == ticket["id"])
        .unwrap();
    assert_eq!(exported["satisfaction_rating"]["score"], "good");
}

#[test]
fn an_access_token_answers_for_the_responder() {
    let zendesk = account(7, 400);
    let survey = survey(&zendesk, 0);
    let (ticket, _) = ticket(&zendesk, |ticket| ticket["status"] == "solved");
    let sent = send(&zendesk, &survey["id"], &ticket).json()["survey_response"].clone();
    let path = sent["links"]["url_path"].as_str().unwrap();
    let token = path.split("access_token=").nth(1).unwrap();
    let target = format!("/api/v2/guide/survey_responses/{}", sent["id"].as_str().unwrap());
    let body = |token: Option<&str>| {
        let mut body = json!({"survey_response": {"id": sent["id"], "answers": answers(&survey, 4)}});
        if let Some(token) = token {
            body["survey_response"]["access_token"] = json!(token);
        }
        body.to_string()
    };
    let post = |body: String| exchange(&zendesk, "POST", &target, &[], &body).unwrap().status;
    assert_eq!(post(body(None)), 401);
    assert_eq!(post(body(Some("wrong"))), 403);
    assert_eq!(post(body(Some(token))), 200);
    let admin = post_as(
        &zendesk,
        &zendesk.account().oauth_token,
        &target,
        &json!({"survey_response": {"answers": answers(&survey, 4)}}),
    );
    assert_eq!(admin.status, 403, "an admin is not the responder");
}

#[test]
fn surveys_are_refused_where_they_cannot_be_sent() {
    let zendesk = account(7, 200);
    let (ticket, token) = ticket(&zendesk, |ticket| ticket["status"] == "solved");
    let enabled = survey(&zendesk, 0);
    let disabled = send(&zendesk, &survey(&zendesk, 2)["id"], &ticket);
    assert_eq!(
        (disabled.status, &disabled.json()["errors"][0]["status"]),
        (409, &json!("409"))
    );
    assert_eq!(
        send(&zendesk, &json!("01J58KJ9RAE0D2EK7HRVM7Z8F2"), &ticket).status,
        404
    );
    let post = |token: &str, response: Value| {
        post_as(
            &zendesk,
            token,
            "/api/v2/guide/survey_responses",
            &json!({"survey_response": response}),
        )
        .status
    };
    assert_eq!(post(&token, json!({})), 403);
    let admin = &zendesk.account().oauth_token;
    let zrns = json!([format!("zen:ticket:{}", ticket["id"])]);
    assert_eq!(
        post(admin, json!({"survey_id": enabled["id"], "subject_zrns": zrns})),
        400
    );
    assert_eq!(
        post(
            admin,
            json!({"survey_id": enabled["id"], "responder_id": 17, "subject_zrns": zrns})
        ),
        400
    );
    assert_eq!(
        post(
            admin,
            json!({"survey_id": enabled["id"], "responder_id": ticket["requester_id"], "subject_zrns": ["zen:ticket:999999"]})
        ),
        400
    );
    assert_eq!(
        post(
            admin,
            json!({"survey_id": enabled["id"], "responder_id": ticket["requester_id"], "subject_zrns": []})
        ),
        400
    );
    let conversation = "zen:conversation:4295a81b-ccdd-4998-88d9-0eff5e76dc44";
    assert_eq!(
        post(
            admin,
            json!({"survey_id": enabled["id"], "responder_id": ticket["requester_id"], "subject_zrns": [conversation]})
        ),
        200
    );
    let found = get_json(
        &zendesk,
        &format!("/api/v2/guide/survey_responses?filter[subject_zrns]={conversation}"),
    );
    assert_eq!(
        found["survey_responses"][0]["subject_zrns"],
        json!([conversation])
    );
}

#[test]
fn answers_must_fit_and_come_in_time() {
    let zendesk = account(7, 200);
    let survey = survey(&zendesk, 0);
    let (ticket, token) = ticket(&zendesk, |ticket| ticket["status"] == "solved");
    let sent = send(&zendesk, &survey["id"], &ticket).json()["survey_response"].clone();
    let target = format!("/api/v2/guide/survey_responses/{}", sent["id"].as_str().unwrap());
    let submit = |answers: Value| {
        post_as(
            &zendesk,
            &token,
            &target,
            &json!({"survey_response": {"answers": answers}}),
        )
        .status
    };
    let question = |place: usize| survey["questions"][place]["id"].clone();
    for wrong in [
        json!([]),
        json!([{"question_id": "01J1WBE8QR0YQVE373K2JDJR0F", "type": "skipped"}]),
        json!([{"question_id": question(0), "type": "rating_scale", "rating": 6}]),
        json!([{"question_id": question(0), "type": "open_ended", "value": "text"}]),
        json!([{"question_id": question(1), "type": "closed_ended", "selections": [{"type": "pre_defined", "value": "x"}]}]),
        json!([{"question_id": question(2), "type": "open_ended"}]),
    ] {
        assert_eq!(submit(wrong.clone()), 400, "{wrong}");
    }
    assert_eq!(
        get_as(
            &zendesk,
            &token,
            &format!(
                "/api/v2/guide/de/survey_responses/{}",
                sent["id"].as_str().unwrap()
            )
        )
        .status,
        200
    );
    assert_eq!(submit(answers(&survey, 3)), 200);
    zendesk.advance(28 * 86_400);
    assert_eq!(submit(answers(&survey, 4)), 403);
    let unknown = post_as(
        &zendesk,
        &token,
        "/api/v2/guide/survey_responses/01J1WB51MG6HXTYWE6Q0C93RNW",
        &json!({"survey_response": {"answers": []}}),
    );
    assert_eq!(unknown.status, 404);
}

#[test]
fn a_disabled_surveys_response_cannot_be_answered() {
    let zendesk = account(7, 2_000);
    let responses = support::walk(
        &zendesk,
        "/api/v2/guide/survey_responses",
        "page%5Bsize%5D=50",
        "survey_responses",
    );
    let of_disabled = responses
        .iter()
        .find(|response| response["survey"]["state"] == "disabled")
        .unwrap();
    let token = token_of(&zendesk, &of_disabled["responder_id"]);
    let target = format!(
        "/api/v2/guide/survey_responses/{}",
        of_disabled["id"].as_str().unwrap()
    );
    let answer = post_as(
        &zendesk,
        &token,
        &target,
        &json!({"survey_response": {"answers": [{"type": "skipped"}]}}),
    );
    assert_eq!(
        (answer.status, &answer.json()["errors"][0]["code"]),
        (409, &json!("Conflict"))
    );
}

#[test]
fn writing_needs_the_scope_to_write() {
    let zendesk = account(7, 100);
    let info = zendesk.account();
    let body = json!({"client_id": info.oauth_client_id, "client_secret": info.oauth_client_secret, "grant_type": "client_credentials", "scope": "read"});
    let minted = exchange(&zendesk, "POST", "/oauth/tokens", &[], &body.to_string())
        .unwrap()
        .json();
    let answer = post_as(
        &zendesk,
        minted["access_token"].as_str().unwrap(),
        "/api/v2/guide/survey_responses",
        &json!({}),
    );
    assert_eq!(
        (
            answer.status,
            answer.json()["description"].as_str().unwrap().contains("write")
        ),
        (403, true)
    );
}
