//! What the service sends and the spec does not know: kept, written again, and nobody else's loss.
#![allow(missing_docs, clippy::unwrap_used)]

use futures::StreamExt;
use serde::Serialize;
use serde_json::{Value, json};
use zendesk_csat::types::{SurveyId, UserId};
use zendesk_csat::{ErrorKind, Zrn};
use zendesk_csat_it::{Answer, Scripted};

fn page(name: &str, records: &[&Value]) -> Answer {
    Answer::json(
        200,
        json!({name: records, "meta": {"has_more": false}}).to_string(),
    )
}

fn written(record: &impl Serialize) -> Value {
    serde_json::to_value(record).unwrap()
}

#[tokio::test]
async fn a_round_trip_loses_nothing() {
    let plain = json!({"id": 1, "score": "good", "created_at": "2026-01-05T10:00:00Z"});
    let newer =
        json!({"id": 2, "score": "good", "tone": {"of": ["voice", null, 1.5]}, "weight": 3, "": true});
    let service = Scripted::start([page("satisfaction_ratings", &[&plain, &newer])]).await;
    let ratings = service
        .client()
        .satisfaction_ratings()
        .list()
        .send()
        .await
        .unwrap();
    assert!(ratings.malformed.is_empty());
    assert!(ratings.items[0].extra.is_empty());
    assert_eq!(ratings.items[1].extra["tone"]["of"][0], "voice");
    assert_eq!(
        [written(&ratings.items[0]), written(&ratings.items[1])],
        [plain, newer]
    );
}

#[tokio::test]
async fn records_inside_of_records_keep_theirs() {
    let response = json!({
        "id": "01JQ7W3M8T4K2V9XN5B6C0DEFG", "channel": "email",
        "survey": {"id": "S", "version": 3, "theme": "dark"},
        "subjects": [{"id": "7", "type": "ticket", "title": "Where is it?"}],
        "answers": [{"type": "closed_ended", "seconds": 4,
            "selections": [{"type": "predefined", "option_id": "O", "rank": 1}],
            "question": {"id": "Q", "type": "closed_ended", "page": 2,
                "headline": {"type": "static", "value": "Why?", "html": "<b>Why?</b>"},
                "options": [{"id": "O", "icon": "x", "follow_up": {"question_id": "Q2", "after": 1}}]}}],
    });
    let ticket = json!({
        "id": 7, "sentiment": "calm", "satisfaction_rating": {"score": "good", "by": "phone"},
        "via": {"channel": "web", "app": 1, "source": {"rel": "x", "city": "y", "from": {"id": 2, "shop": "z"}}},
        "custom_fields": [{"id": 3, "value": "a", "unit": "kg"}],
    });
    let service = Scripted::start([
        page("survey_responses", &[&response]),
        page("tickets", &[&ticket]),
    ])
    .await;
    let client = service.client();
    let responses = client.survey_responses().list().send().await.unwrap();
    assert_eq!(written(&responses.items[0]), response);
    let tickets = client.tickets().show_many([7]).send().await.unwrap();
    assert_eq!(written(&tickets.items[0]), ticket);
}

#[tokio::test]
async fn records_that_come_alone_keep_theirs() {
    let created = json!({"id": "01JQ7W3M8T4K2V9XN5B6C0DEFG", "qr": "code", "links": {
        "type": "rating_link_emoji", "url_path": "/s?access_token=hush", "expires": 3,
        "rating_links": [{"rating": 1, "url_path": "/1?access_token=hush", "colour": "red"}]}});
    let service = Scripted::start([
        Answer::json(
            200,
            json!({"satisfaction_rating": [{"id": 1, "tone": "calm"}]}).to_string(),
        ),
        Answer::json(200, json!({"survey_response": created}).to_string()),
        Answer::json(
            200,
            json!({"count": {"value": 3, "exact": true}, "took": 1}).to_string(),
        ),
    ])
    .await;
    let client = service.client();
    let rating = client.satisfaction_ratings().show(1).send().await.unwrap();
    assert_eq!(rating.extra["tone"], "calm");
    let offer = client
        .survey_responses()
        .create(SurveyId::from("S"), UserId::new(1), [Zrn::ticket(7)]);
    let offered = offer.send().await.unwrap();
    assert_eq!(written(&offered), created);
    let count = client.satisfaction_ratings().count().send().await.unwrap();
    assert_eq!(count.extra["exact"], true);
}

#[tokio::test]
async fn an_unknown_secret_is_in_no_debug() {
    let rating = json!({"id": 1, "access_token": "hush", "owner": {"token": "hush"}});
    let service = Scripted::start([page("satisfaction_ratings", &[&rating])]).await;
    let page = service
        .client()
        .satisfaction_ratings()
        .list()
        .send()
        .await
        .unwrap();
    let debug = format!("{page:?}");
    assert!(
        debug.contains("access_token") && !debug.contains("hush"),
        "{debug}"
    );
}

#[tokio::test]
async fn a_record_that_does_not_fit_leaves_its_neighbours_theirs() {
    let newer = json!({"id": 1, "tone": "calm"});
    let misfit = json!({"id": 2, "tone": "calm", "score": {"not": "a text"}});
    let service = Scripted::start([page("satisfaction_ratings", &[&newer, &misfit])]).await;
    let page = service
        .client()
        .satisfaction_ratings()
        .list()
        .send()
        .await
        .unwrap();
    assert_eq!(page.malformed[0].path(), "$.satisfaction_ratings[1].score");
    assert_eq!(page.items[0].extra["tone"], "calm");
    let error = page.into_results().nth(1).unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
}

#[tokio::test]
async fn a_choice_of_fields_is_a_choice_of_the_unknown_ones_too() {
    let ticket = json!({"id": 7, "subject": "Where is it?", "sentiment": "calm"});
    let service = Scripted::start([page("tickets", &[&ticket])]).await;
    let tickets = service.client().tickets();
    let chosen = tickets.show_many([7]).fields(["subject"]).send().await.unwrap();
    assert_eq!(chosen.items[0].subject.as_deref(), Some("Where is it?"));
    assert!(chosen.items[0].extra.is_empty());
}

#[tokio::test]
async fn what_stands_beside_the_records_is_kept_with_the_page() {
    let tickets = json!({"tickets": [{"id": 7}], "users": [{"id": 1, "name": "A"}], "after_cursor": "c",
        "end_of_stream": true});
    let service = Scripted::start(vec![Answer::json(200, tickets.to_string()); 2]).await;
    let export = service.client().tickets().export().cursor("b").include("users");
    let page = export.clone().send().await.unwrap();
    assert_eq!(page.extra["users"][0]["name"], "A");
    assert_eq!(page.extra.len(), 1);
    let columns = export.columns().next().await.unwrap().unwrap();
    assert_eq!(columns.extra, page.extra);
}
