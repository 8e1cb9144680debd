//! Signing: tokens are asked for once, renewed ahead of their end and when refused, and never shown.
#![allow(missing_docs, clippy::unwrap_used)]

use futures::future::join_all;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use zendesk_csat::testing::TestClock;
use zendesk_csat::{Client, Credentials, Error, ErrorKind, SecretText};
use zendesk_csat_emulator::Emulator;
use zendesk_csat_it::{Answer, Scripted};

fn token(text: &str) -> Answer {
    Answer::json(
        200,
        format!(r#"{{"access_token": "{text}", "expires_in": 1799, "token_type": "bearer"}}"#),
    )
}

fn counted() -> Answer {
    Answer::json(200, r#"{"count": {"value": 3}}"#)
}

fn refused() -> Answer {
    Answer::json(401, r#"{"error": "invalid_token"}"#)
}

async fn count(client: &Client) -> Result<Option<i64>, Error> {
    client
        .satisfaction_ratings()
        .count()
        .send()
        .await
        .map(|count| count.value)
}

/// Path and bearer token of each request.
fn seen(service: &Scripted) -> Vec<String> {
    let bearer = |request: &str| {
        request
            .lines()
            .find_map(|line| line.strip_prefix("authorization: Bearer "))
            .unwrap_or("-")
            .to_owned()
    };
    let path = |request: &str| {
        request
            .split([' ', '\n'])
            .nth(1)
            .unwrap()
            .rsplit('/')
            .next()
            .unwrap()
            .to_owned()
    };
    service
        .requests()
        .iter()
        .map(|request| format!("{} {}", path(request), bearer(request)))
        .collect()
}

fn oauth_client(service: &Scripted) -> (Client, TestClock) {
    let clock = TestClock::default();
    let credentials = Credentials::oauth_client("csat", "PLANTED");
    (
        service
            .builder()
            .credentials(credentials)
            .clock(clock.clone())
            .build()
            .unwrap(),
        clock,
    )
}

#[tokio::test]
async fn many_tasks_share_one_token() {
    let service = Scripted::start([token("T1")].into_iter().chain((0..8).map(|_| counted()))).await;
    let (client, _) = oauth_client(&service);
    for counted in join_all((0..8).map(|_| count(&client))).await {
        assert_eq!(counted.unwrap(), Some(3));
    }
    let seen = seen(&service);
    assert_eq!(seen[0], "tokens -");
    assert_eq!(seen[1..], ["count T1"; 8]);
    assert_eq!((client.call_counts().oauth, client.call_counts().support), (1, 8));
}

#[tokio::test]
async fn a_token_lives_as_long_as_it_says_in_whatever_form() {
    for (lifetime, outlived) in [
        ("1799", true),
        (r#""1799""#, true),
        ("1799.0", true),
        ("9223372036854775807", false),
        ("null", false),
    ] {
        let minted = |text: &str| {
            Answer::json(
                200,
                format!(r#"{{"access_token": "{text}", "expires_in": {lifetime}}}"#),
            )
        };
        let service = Scripted::start([minted("T1"), counted(), minted("T2"), counted(), counted()]).await;
        let (client, clock) = oauth_client(&service);
        count(&client).await.unwrap();
        clock.advance(Duration::from_secs(1_740));
        let _ = count(&client).await;
        let minted = seen(&service)
            .iter()
            .filter(|line| line.starts_with("tokens"))
            .count();
        assert_eq!(minted, if outlived { 2 } else { 1 }, "{lifetime}");
    }
}

#[tokio::test]
async fn a_token_is_renewed_before_it_ends() {
    let service = Scripted::start([token("T1"), counted(), counted(), token("T2"), counted()]).await;
    let (client, clock) = oauth_client(&service);
    count(&client).await.unwrap();
    clock.advance(Duration::from_secs(1_738));
    count(&client).await.unwrap();
    clock.advance(Duration::from_secs(2));
    count(&client).await.unwrap();
    assert_eq!(
        seen(&service),
        ["tokens -", "count T1", "count T1", "tokens -", "count T2"]
    );
}

#[tokio::test]
async fn a_refused_token_is_renewed_once_a_call() {
    let service = Scripted::start([token("T1"), refused(), token("T2"), counted()]).await;
    let (client, _) = oauth_client(&service);
    assert_eq!(count(&client).await.unwrap(), Some(3));
    assert_eq!(seen(&service), ["tokens -", "count T1", "tokens -", "count T2"]);

    let service = Scripted::start([token("T1"), refused(), token("T2"), refused()]).await;
    let error = count(&oauth_client(&service).0).await.unwrap_err();
    assert_eq!(
        (error.kind(), service.requests().len()),
        (ErrorKind::Authentication, 4)
    );
}

#[tokio::test]
async fn a_hiccup_of_the_token_endpoint_costs_no_call() {
    for hiccup in [
        Answer::raw(503, b"<html>busy</html>"),
        Answer::raw(503, b"").header("retry-after", "1"),
        Answer::raw(502, b""),
        Answer::json(500, r#"{"error": "InternalError"}"#),
        Answer::raw(429, b"slow down").header("retry-after", "1"),
        Answer::raw(200, b""),
        Answer::raw(204, b""),
        Answer::json(200, "{}"),
        Answer::json(200, r#"{"access_token": null}"#),
        Answer::hang_up(),
    ] {
        let service = Scripted::start([hiccup.clone(), token("T1"), counted()]).await;
        let counted = count(&oauth_client(&service).0).await;
        assert_eq!(counted.unwrap(), Some(3), "{hiccup:?}");
        assert_eq!(seen(&service), ["tokens -", "tokens -", "count T1"], "{hiccup:?}");
    }
}

#[tokio::test]
async fn a_token_endpoint_that_stays_down_is_an_error_after_three_attempts() {
    let service = Scripted::lasting(Answer::json(200, "{}")).await;
    let error = count(&oauth_client(&service).0).await.unwrap_err();
    assert!(error.is_broken_answer() && error.is_retryable());
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Decode, 3));
    assert!(
        error.message().contains("no `access_token` in the answer"),
        "{error}"
    );
}

#[tokio::test]
async fn a_wrong_secret_is_an_authentication_error_that_does_not_show_it() {
    let invalid = Answer::json(
        401,
        r#"{"error": "invalid_client", "error_description": "No such client"}"#,
    );
    let service = Scripted::start([invalid]).await;
    let (client, _) = oauth_client(&service);
    let error = count(&client).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.code()),
        (ErrorKind::Authentication, Some("invalid_client"))
    );
    assert!(!format!("{error} {error:?} {client:?}").contains("PLANTED"));
}

#[tokio::test]
async fn a_source_of_tokens_is_asked_again_after_a_401() {
    let service = Scripted::start([counted(), refused(), counted()]).await;
    let asked = Arc::new(AtomicU32::new(0));
    let times = asked.clone();
    let credentials = Credentials::provider(move || {
        let token = SecretText::from(format!("T{}", times.fetch_add(1, Ordering::Relaxed) + 1));
        async { Ok(token) }
    });
    let client = service.builder().credentials(credentials).build().unwrap();
    count(&client).await.unwrap();
    count(&client).await.unwrap();
    assert_eq!(seen(&service), ["count T1", "count T1", "count T2"]);
    assert_eq!(asked.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn a_source_that_fails_says_why() {
    let service = Scripted::start([]).await;
    let credentials = Credentials::provider(|| async { Err("the vault is closed".into()) });
    let error = count(&service.builder().credentials(credentials).build().unwrap())
        .await
        .unwrap_err();
    assert!(error.to_string().contains("the vault is closed"), "{error}");
    assert!(service.requests().is_empty());
}

#[tokio::test]
async fn every_way_of_signing_in_opens_an_account() {
    let zendesk = Emulator::builder().seed(1).tickets(20).start().unwrap();
    let account = zendesk.account();
    for credentials in [
        Credentials::api_token(&account.email, account.api_token.as_str()),
        Credentials::oauth_token(account.oauth_token.as_str()),
        Credentials::oauth_client(&account.oauth_client_id, account.oauth_client_secret.as_str()),
    ] {
        let builder = Client::builder(&account.subdomain)
            .base_url(&account.base_url)
            .credentials(credentials);
        count(&builder.build().unwrap()).await.unwrap();
    }
}
