//! Signing: tokens are asked for once, renewed ahead of their end and when refused, and never shown.
#![allow(missing_docs, clippy::unwrap_used)]

use futures::future::join_all;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};
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
        (r#""1799.5""#, true),
        ("1799.5", true),
        ("9223372036854775807", false),
        ("1e300", false),
        (r#""soon""#, false),
        ("-5", false),
        ("0", false),
        ("[]", false),
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
    assert_eq!(
        error.to_string(),
        "cannot count satisfaction ratings: the source of tokens gave none: the vault is closed"
    );
    assert!(service.requests().is_empty());
}

/// A client whose source of tokens is made from the client itself.
fn of_its_own(service: &Scripted, source: impl Fn(Arc<OnceLock<Client>>) -> Credentials) -> Client {
    let own = Arc::new(OnceLock::new());
    let client = service
        .builder()
        .credentials(source(own.clone()))
        .build()
        .unwrap();
    own.set(client.clone()).unwrap();
    client
}

#[tokio::test]
async fn a_source_that_uses_its_own_client_is_told_why_it_cannot() {
    let says = "the function that gives tokens uses the client that waits for one from it";
    let service = Scripted::lasting(counted()).await;
    let asynchronous = of_its_own(&service, |own| {
        Credentials::provider(move || {
            let own = own.clone();
            async move {
                count(own.get().unwrap()).await?;
                Ok("T1".into())
            }
        })
    });
    let blocking = of_its_own(&service, |own| {
        Credentials::blocking_provider(move || {
            tokio::runtime::Handle::current().block_on(count(own.get().unwrap()))?;
            Ok("T1".into())
        })
    });
    for client in [asynchronous, blocking] {
        let error = count(&client).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(error.to_string().contains(says), "{error}");
    }
    assert!(service.requests().is_empty());
}

#[tokio::test]
async fn a_source_may_use_another_client_and_its_own_token_endpoint() {
    let service = Scripted::start([token("T1"), counted(), counted()]).await;
    let other = service.client();
    let client = of_its_own(&service, |own| {
        let other = other.clone();
        Credentials::provider(move || {
            let (own, other) = (own.clone(), other.clone());
            async move {
                let endpoint = own.get().unwrap().oauth();
                let minted = endpoint.client_credentials("csat", "PLANTED").send().await?;
                count(&other).await?;
                Ok(minted.access_token)
            }
        })
    });
    assert_eq!(count(&client).await.unwrap(), Some(3));
    assert_eq!(seen(&service), ["tokens -", "count TOKEN", "count T1"]);
}

#[tokio::test]
async fn a_source_that_never_ends_is_bounded_by_timeout_and_deadline() {
    let service = Scripted::lasting(counted()).await;
    let silent = service
        .builder()
        .credentials(Credentials::provider(std::future::pending))
        .build()
        .unwrap();
    let (hasty, short) = (
        silent.clone().with_timeout(Duration::from_nanos(1)),
        silent.with_deadline(Duration::from_nanos(1)),
    );
    // Those who wait for another's token are bounded too.
    for (client, bound) in [(hasty, "timeout"), (short, "deadline")] {
        for counted in join_all((0..4).map(|_| count(&client))).await {
            let error = counted.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
            assert!(error.message().contains(bound), "{error}");
        }
    }
    assert!(service.requests().is_empty());
}

#[tokio::test]
async fn the_line_end_of_a_file_is_not_sent() {
    let service = Scripted::start([counted(), counted(), counted(), token("T2\\n"), counted()]).await;
    for credentials in [
        Credentials::oauth_token("T1\r\n"),
        Credentials::provider(|| async { Ok("T1\n".into()) }),
        Credentials::blocking_provider(|| Ok("T1\n".into())),
        Credentials::oauth_client(" csat\n", "PLANTED\n"),
    ] {
        let client = service.builder().credentials(credentials).build().unwrap();
        count(&client).await.unwrap();
    }
    assert_eq!(
        seen(&service),
        ["count T1", "count T1", "count T1", "tokens -", "count T2"]
    );
    let asked = &service.requests()[3];
    assert!(
        asked.contains(r#""client_id": "csat""#) && asked.contains(r#""client_secret": "PLANTED""#),
        "{asked}"
    );
}

#[tokio::test]
async fn no_bound_is_too_long_for_a_source() {
    let service = Scripted::start([counted()]).await;
    let builder = service.builder().timeout(Duration::MAX).max_wait(Duration::MAX);
    let credentials = Credentials::provider(|| async { Ok("T1".into()) });
    let client = builder
        .deadline(Duration::MAX)
        .credentials(credentials)
        .build()
        .unwrap();
    assert_eq!(count(&client).await.unwrap(), Some(3));
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
