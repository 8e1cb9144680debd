//! A service that means harm, or is broken: bounds hold, and nothing of it shows.
#![allow(missing_docs, clippy::unwrap_used)]

use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;
use std::time::Duration;
use zendesk_csat::types::Count;
use zendesk_csat::{Client, Error, ErrorKind};
use zendesk_csat_it::{Answer, Scripted};

fn packed(body: &[u8]) -> Answer {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(body).unwrap();
    Answer::raw(200, &gzip.finish().unwrap()).header("content-encoding", "gzip")
}

async fn count(client: &Client) -> Result<Count, Error> {
    client.satisfaction_ratings().count().send().await
}

#[tokio::test]
async fn a_bomb_of_a_few_bytes_stops_at_the_bound() {
    let service = Scripted::start([packed(&vec![b' '; 20 << 20])]).await;
    let client = service.builder().max_body(1 << 20).build().unwrap();
    let error = count(&client).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Decode, 1));
    assert!(error.message().contains("larger than 1048576 bytes"), "{error}");
}

#[tokio::test]
async fn a_packed_body_up_to_the_bound_is_read() {
    let mut body = br#"{"count": {"value": 3}}"#.to_vec();
    body.resize(1 << 20, b' ');
    let service = Scripted::start([packed(&body)]).await;
    let client = service.builder().max_body(1 << 20).build().unwrap();
    assert_eq!(count(&client).await.unwrap().value, Some(3));
}

#[tokio::test]
async fn nesting_without_end_is_an_error_and_no_crash() {
    let deep = "[".repeat(100_000);
    let bodies = [
        deep.clone(),
        format!(r#"{{"count": {deep}"#),
        format!(r#"{{"count": {{"new": {deep}"#),
    ];
    for body in bodies {
        let service = Scripted::lasting(Answer::json(200, body)).await;
        let error = count(&service.hasty_client()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
    }
}

#[tokio::test]
async fn a_record_nested_too_deep_is_kept_apart() {
    let deep = ["[".repeat(200), "]".repeat(200)].concat();
    let body = format!(
        r#"{{"satisfaction_ratings": [{{"id": 1}}, {{"id": 2, "new": {deep}}}, {{"id": 3}}], "next_page": null}}"#
    );
    let service = Scripted::start([Answer::json(200, body)]).await;
    let page = service
        .client()
        .satisfaction_ratings()
        .list()
        .send()
        .await
        .unwrap();
    let ids: Vec<_> = page.items.iter().map(|rating| rating.id.get()).collect();
    assert_eq!((ids, page.malformed.len()), (vec![1, 3], 1));
}

#[tokio::test]
async fn ids_that_would_leave_their_place_are_refused() {
    let service = Scripted::start([]).await;
    let client = service.client();
    for id in [
        "", ".", "..", "a/b", "../users", "a\\b", "a?b", "a#b", "a%2fb", "a b",
    ] {
        let error = client.survey_responses().show(id).send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{id:?}");
    }
    assert!(service.requests().is_empty());
}

#[tokio::test]
async fn a_dropped_call_is_given_up() {
    let service = Scripted::start([Answer::never()]).await;
    let client = service.client();
    let call = tokio::spawn(async move { count(&client).await });
    while service.requests().is_empty() {
        tokio::task::yield_now().await;
    }
    call.abort();
    let abandoned = tokio::time::timeout(Duration::from_secs(30), service.abandoned()).await;
    assert!(abandoned.is_ok(), "the call goes on");
}

#[tokio::test]
async fn every_shape_of_an_error_is_read() {
    let shapes = [
        (
            404,
            r#"{"error": "RecordNotFound", "description": "No such rating"}"#,
            Some("RecordNotFound"),
            "No such rating",
        ),
        (
            401,
            r#"{"error": "Couldn't sign you in"}"#,
            Some("Couldn't sign you in"),
            "Couldn't sign you in",
        ),
        (
            400,
            r#"{"error": {"title": "Invalid attribute", "message": "too large"}}"#,
            Some("Invalid attribute"),
            "too large",
        ),
        (
            409,
            r#"{"errors": [{"code": "Conflict", "status": "409", "title": "Switched off"}]}"#,
            Some("Conflict"),
            "Switched off",
        ),
        (
            400,
            r#"{"errors": [{"code": "Depth", "title": "Too deep", "detail": "Use cursors"}]}"#,
            Some("Depth"),
            "Use cursors",
        ),
        (
            400,
            r#"{"error": "invalid_scope", "error_description": "No such scope"}"#,
            Some("invalid_scope"),
            "No such scope",
        ),
        (404, "", None, "Not Found"),
        (403, "Not for you", None, "Not for you"),
        (
            500,
            "<html><body>planted</body></html>",
            None,
            "Internal Server Error",
        ),
    ];
    for (status, body, code, message) in shapes {
        let service = Scripted::lasting(Answer::raw(status, body.as_bytes())).await;
        let error = count(&service.hasty_client()).await.unwrap_err();
        assert_eq!(
            (error.status(), error.code(), error.message()),
            (Some(status), code, message),
            "{body}"
        );
        assert!(!format!("{error} {error:?}").contains("planted"), "{error:?}");
    }
}

#[tokio::test]
async fn what_is_wrong_with_each_property_is_kept() {
    let body = r#"{"error": "RecordInvalid", "description": "Refused", "details": {"score": [{"description": "is not valid"}]}}"#;
    let service = Scripted::start([Answer::json(422, body)]).await;
    let error = count(&service.client()).await.unwrap_err();
    assert_eq!(
        error.details().unwrap()["score"][0]["description"],
        "is not valid"
    );
}
