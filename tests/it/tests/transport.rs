//! What the transport does about failures, seen from outside: retries, waits, errors, guards.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use futures::future::join_all;
use futures::{StreamExt, TryStreamExt};
use std::iter;
use std::time::Duration;
use tokio::task::yield_now;
use zendesk_csat::testing::TestClock;
use zendesk_csat::types::{AnswerInput, RatingScoreInput};
use zendesk_csat::{Client, Credentials, Error, ErrorKind, Zrn};
use zendesk_csat_it::{Answer, Scripted};

const COUNT: &str = r#"{"count": {"value": 3}}"#;

async fn count(client: &Client) -> Result<Option<i64>, Error> {
    client
        .satisfaction_ratings()
        .count()
        .send()
        .await
        .map(|count| count.value)
}

/// A client of the script whose clock passes only by waiting.
fn with_clock(service: &Scripted) -> (Client, TestClock) {
    let clock = TestClock::default();
    (service.builder().clock(clock.clone()).build().unwrap(), clock)
}

#[tokio::test]
async fn a_read_is_tried_three_times() {
    let bad_gateway = || Answer::raw(502, b"<html>Bad Gateway</html>");
    let service = Scripted::start([bad_gateway(), bad_gateway(), Answer::json(200, COUNT)]).await;
    let (client, clock) = with_clock(&service);
    assert_eq!(count(&client).await.unwrap(), Some(3));
    assert_eq!((service.requests().len(), clock.slept().len()), (3, 2));
    assert_eq!(client.call_counts().support, 3);

    let service = Scripted::start([bad_gateway(), bad_gateway(), bad_gateway()]).await;
    let error = count(&with_clock(&service).0).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.status(), error.attempts()),
        (ErrorKind::Server, Some(502), 3)
    );
    assert!(
        error
            .to_string()
            .starts_with("cannot count satisfaction ratings: 502 Bad Gateway"),
        "{error}"
    );
    assert!(error.is_retryable());
}

#[tokio::test]
async fn a_500_now_and_then_is_asked_again() {
    let failed = || Answer::json(500, r#"{"error": "InternalError"}"#);
    let service = Scripted::start([failed(), Answer::json(200, COUNT)]).await;
    assert_eq!(count(&with_clock(&service).0).await.unwrap(), Some(3));
    let service = Scripted::start([failed()]).await;
    let rating = with_clock(&service)
        .0
        .satisfaction_ratings()
        .create(7, RatingScoreInput::Good);
    assert_eq!(rating.send().await.unwrap_err().code(), Some("InternalError"));
    assert_eq!(service.requests().len(), 1, "a write may have arrived");
}

#[tokio::test]
async fn a_write_that_may_have_arrived_is_not_repeated() {
    let service = Scripted::start([Answer::raw(502, b""), Answer::json(200, "{}")]).await;
    let (client, _) = with_clock(&service);
    let error = client
        .satisfaction_ratings()
        .create(7, RatingScoreInput::Good)
        .send()
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.attempts(), service.requests().len()),
        (ErrorKind::Server, 1, 1)
    );
}

#[tokio::test]
async fn a_write_that_was_refused_for_the_limit_is_repeated_after_the_wait() {
    let limited =
        Answer::raw(429, b"Number of allowed API requests per minute exceeded").header("retry-after", "7");
    let rated = Answer::json(200, r#"{"satisfaction_rating": {"id": 1}}"#);
    let service = Scripted::start([limited, rated]).await;
    let (client, clock) = with_clock(&service);
    client
        .satisfaction_ratings()
        .create(7, RatingScoreInput::Good)
        .send()
        .await
        .unwrap();
    assert_eq!(clock.slept(), [Duration::from_secs(7)]);
}

#[tokio::test]
async fn a_wait_beyond_max_wait_is_a_rate_limit_error_at_once() {
    let limited = Answer::json(
        429,
        r#"{"error":"APIRateLimitExceeded","description":"Too many"}"#,
    );
    let service = Scripted::start([limited.header("retry-after", "90")]).await;
    let clock = TestClock::default();
    let builder = service
        .builder()
        .clock(clock.clone())
        .max_wait(Duration::from_secs(60));
    let error = count(&builder.build().unwrap()).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.code()),
        (ErrorKind::RateLimit, Some("APIRateLimitExceeded"))
    );
    assert_eq!(error.retry_after(), Some(Duration::from_secs(90)));
    assert!(clock.slept().is_empty());
}

#[tokio::test]
async fn fewer_calls_are_under_way_at_once_when_less_is_left() {
    for (remaining, at_once) in [("690", 10), ("13", 3), ("7", 1)] {
        let told = Answer::json(200, COUNT)
            .header("x-rate-limit", "700")
            .header("x-rate-limit-remaining", remaining)
            .header("ratelimit-reset", "50");
        let service = Scripted::start(iter::once(told).chain(iter::repeat_n(Answer::never(), 10))).await;
        let (client, _) = with_clock(&service);
        count(&client).await.unwrap();

        let ten = join_all((0..10).map(|_| count(&client)));
        let arrived = async {
            while service.requests().len() < 1 + at_once {
                yield_now().await;
            }
            // Long enough for others to arrive, if they were sent.
            for _ in 0..1_000 {
                yield_now().await;
            }
        };
        tokio::select! {
            _ = ten => panic!("a call that is never answered ended"),
            () = arrived => {}
        }
        assert_eq!(service.requests().len(), 1 + at_once, "{remaining} left");
    }
}

#[tokio::test]
async fn every_status_has_its_kind() {
    for (status, kind) in [
        (400, ErrorKind::BadRequest),
        (401, ErrorKind::Authentication),
        (403, ErrorKind::PermissionDenied),
        (404, ErrorKind::NotFound),
        (409, ErrorKind::Conflict),
        (422, ErrorKind::Unprocessable),
        (418, ErrorKind::UnexpectedStatus),
        (501, ErrorKind::Server),
    ] {
        let body = r#"{"error":"Code","description":"What happened"}"#;
        let service = Scripted::start([Answer::json(status, body).header("x-request-id", "r-1")]).await;
        let error = count(&with_clock(&service).0).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.status(), error.code()),
            (kind, Some(status), Some("Code"))
        );
        assert_eq!(
            (error.message(), error.request_id()),
            ("What happened", Some("r-1"))
        );
        assert_eq!(
            service.requests().len(),
            1,
            "{status} is not worth another attempt"
        );
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Scripted::start([Answer::json(200, COUNT)]).await;
    for status in [301, 302, 303, 307, 308] {
        let redirect = Answer::raw(status, b"").header("location", elsewhere.base_url());
        let service = Scripted::start([redirect]).await;
        let error = count(&service.client()).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.status()),
            (ErrorKind::UnexpectedStatus, Some(status))
        );
        let host = elsewhere.base_url().strip_prefix("http://").unwrap();
        let said = format!(
            "cannot count satisfaction ratings: {status} a redirect to {host}, which is not followed; if the account is \
             there, change the base URL (ZENDESK_BASE_URL) or the subdomain (ZENDESK_SUBDOMAIN)"
        );
        assert_eq!(error.to_string(), said);
        assert_eq!(
            service.requests().len(),
            1,
            "{status} is not worth another attempt"
        );
    }
    assert!(elsewhere.requests().is_empty());
}

#[tokio::test]
async fn a_redirect_to_another_page_or_nowhere_says_so() {
    for (location, says) in [
        (
            Some("/access/unauthenticated?token=PLANTED"),
            "a redirect to another page of 127.0.0.1:",
        ),
        (Some("http://["), "a redirect that does not say where to"),
        (None, "a redirect that does not say where to"),
    ] {
        let redirect = Answer::raw(302, b"<html><title>Moved</title>");
        let redirect = match location {
            Some(location) => redirect.header("location", location),
            None => redirect,
        };
        let service = Scripted::start([redirect]).await;
        let error = count(&service.client()).await.unwrap_err();
        assert!(error.message().starts_with(says), "{error}");
        assert!(error.to_string().contains("ZENDESK_SUBDOMAIN"), "{error}");
        assert!(!format!("{error:#} {error:?}").contains("PLANTED"));
    }
}

#[tokio::test]
async fn what_the_service_says_is_told_and_steers_nothing() {
    for (status, body, says) in [
        (
            403,
            r#"{"status": "403", "title": "Sorry, you have been blocked"}"#,
            "403 Sorry, you have been blocked; it takes an admin, a token with the scope read, and a plan that has it",
        ),
        (400, r#"{"message": "Bad start_time"}"#, "400 Bad start_time"),
        (
            422,
            r#"{"errors": {"score": ["is invalid"]}}"#,
            "422 score is invalid",
        ),
        (400, r#"{"errors": ["first", "second"]}"#, "400 first; second"),
        (
            404,
            "<html><title>Help Center Closed | Zendesk</title></html>",
            "404 an HTML page, \"Help Center Closed | Zendesk\"; check the subdomain, and that the account has this part \
             of Zendesk",
        ),
        (
            400,
            "\u{1b}[2Jgood\n\u{9b}31m \u{202e}dlog",
            "400 [2Jgood 31m dlog",
        ),
        (
            400,
            r#"{"error": "\u001b]0;x\u0007", "description": "a\u202eb\nc"}"#,
            "400 ]0;x: ab c",
        ),
    ] {
        let service = Scripted::start([Answer::json(status, body).header("x-request-id", "r-1")]).await;
        let error = count(&with_clock(&service).0).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("cannot count satisfaction ratings: {says}")
        );
        let whole = format!("{error:#}");
        assert!(
            whole.contains(" (count_satisfaction_ratings, ") && whole.ends_with("request r-1)"),
            "{whole}"
        );
        assert_eq!(error.operation(), Some("count_satisfaction_ratings"));
    }
}

#[tokio::test]
async fn a_cursor_is_data_and_never_an_address() {
    let evil = "http://127.0.0.1:1/steal?x=";
    let first = format!(
        r#"{{"satisfaction_ratings": [{{"id": 1}}], "meta": {{"has_more": true, "after_cursor": "{evil}"}},
            "links": {{"next": "{evil}"}}}}"#
    );
    let last = r#"{"satisfaction_ratings": [{"id": 2}], "meta": {"has_more": false, "after_cursor": "x"}}"#;
    let service = Scripted::start([Answer::json(200, first), Answer::json(200, last)]).await;
    let ratings: Vec<_> = service
        .client()
        .satisfaction_ratings()
        .list()
        .items()
        .try_collect()
        .await
        .unwrap();
    assert_eq!(ratings.len(), 2);
    assert!(service.requests()[1].contains("page%5Bafter%5D=http%3A%2F%2F127.0.0.1%3A1%2Fsteal%3Fx%3D"));
}

#[tokio::test]
async fn a_malformed_record_leaves_its_neighbours_alone() {
    let body = r#"{"satisfaction_ratings": [{"id": 1}, {"id": 2, "ticket_id": "a private word"}, {"id": 3}], "next_page": null}"#;
    let service = Scripted::start([Answer::json(200, body)]).await;
    let ratings: Vec<_> = service
        .client()
        .satisfaction_ratings()
        .list()
        .items()
        .collect()
        .await;
    assert_eq!(ratings[0].as_ref().unwrap().id.get(), 1);
    let error = ratings[1].as_ref().unwrap_err();
    assert_eq!(
        (error.kind(), error.json_path()),
        (ErrorKind::Decode, Some("$.satisfaction_ratings[1].ticket_id"))
    );
    assert!(!format!("{error} {error:?}").contains("private"));
    assert_eq!(ratings[2].as_ref().unwrap().id.get(), 3);
}

#[tokio::test]
async fn a_body_beyond_the_bound_is_an_error() {
    let service = Scripted::start([Answer::json(200, format!("{COUNT}{}", " ".repeat(2_000)))]).await;
    let error = count(&service.builder().max_body(1_000).build().unwrap())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.message().contains("larger than 1000 bytes"), "{error}");
}

#[tokio::test]
async fn nobody_there_is_a_connection_error_that_names_no_address() {
    let client = Client::builder("acme")
        .base_url("http://127.0.0.1:1")
        .credentials(Credentials::oauth_token("TOKEN"));
    let error = count(&client.clock(TestClock::default()).build().unwrap())
        .await
        .unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connection, 3));
    assert!(!error.to_string().contains("127.0.0.1"), "{error}");
}

#[tokio::test]
async fn wrong_parameters_are_refused_before_any_request() {
    let service = Scripted::start([]).await;
    let client = service.client();
    let page_size = client
        .survey_responses()
        .list()
        .page_size(51u32)
        .send()
        .await
        .unwrap_err();
    assert!(
        page_size
            .to_string()
            .contains("cannot list survey responses: page_size is 51, and can be 1 to 50"),
        "{page_size}"
    );
    let responses = client.survey_responses();
    let locales = [
        client.surveys().list().locale("..").send().await.unwrap_err(),
        responses.show("R").locale("en/us").send().await.unwrap_err(),
        responses
            .create("S", 1, [Zrn::ticket(7)])
            .locale("")
            .send()
            .await
            .unwrap_err(),
        responses
            .submit("R", [AnswerInput::rating("Q", 1)])
            .locale("en us")
            .send()
            .await
            .unwrap_err(),
    ];
    let id = client.survey_responses().show("a/b").send().await.unwrap_err();
    let start = client.tickets().export().send().await.unwrap_err();
    for error in locales.iter().chain([&id, &start]) {
        assert_eq!(error.kind(), ErrorKind::Configuration, "{error}");
    }
    assert!(
        locales.iter().all(|error| error.message().starts_with("locale ")),
        "{locales:?}"
    );
    assert!(service.requests().is_empty());
}

#[tokio::test]
async fn a_list_too_long_for_one_address_is_asked_for_in_parts() {
    let page = |id: usize, has_more: bool| {
        let id = format!("01JQ7W3M8T4K2V9XN5B6C0{id:04}");
        Answer::json(
            200,
            format!(
                r#"{{"survey_responses": [{{"id": "{id}"}}], "meta": {{"has_more": {has_more}, "after_cursor": "c:1"}}}}"#
            ),
        )
    };
    // About 73 tickets fit in 2,000 bytes of an address.
    let service = Scripted::start([page(0, true), page(1, false), page(2, false), page(3, false)]).await;
    let zrns: Vec<_> = (0..200).map(|ticket| Zrn::ticket(10_000_000 + ticket)).collect();
    let list = service.client().survey_responses().list().subject_zrns(zrns);
    let ids: Vec<_> = list
        .clone()
        .items()
        .map_ok(|response| response.id)
        .try_collect()
        .await
        .unwrap();
    assert_eq!(ids.len(), 4);
    let requests = service.requests();
    assert!(
        requests
            .iter()
            .all(|request| request.lines().next().unwrap().len() < 2_300)
    );
    let asked: usize = [0, 2, 3]
        .into_iter()
        .map(|part: usize| requests[part].matches("zen%3Aticket%3A").count())
        .sum();
    assert_eq!(asked, 200);
    assert!(
        requests[1].contains("page%5Bafter%5D=c%3A1"),
        "the service's own cursor: {}",
        requests[1]
    );
    assert!(
        !requests[2].contains("page%5Bafter%5D"),
        "a new part starts at its beginning: {}",
        requests[2]
    );
}

#[tokio::test]
async fn a_walk_in_parts_can_be_taken_up_again() {
    let page = |has_more: bool| {
        Answer::json(
            200,
            format!(
                r#"{{"survey_responses": [], "meta": {{"has_more": {has_more}, "after_cursor": "c2"}}}}"#
            ),
        )
    };
    let service = Scripted::start([page(true), page(false)]).await;
    let list = service
        .client()
        .survey_responses()
        .list()
        .subject_zrns((0..200).map(|ticket| Zrn::ticket(10_000_000 + ticket)));
    let first = list.clone().after("1:").send().await.unwrap();
    assert_eq!((first.has_more, first.cursor.as_deref()), (true, Some("1:c2")));
    let second = list.clone().after("1:c2").send().await.unwrap();
    assert_eq!((second.has_more, second.cursor.as_deref()), (true, Some("2:")));
    let error = list.after("7:c2").send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
}

#[tokio::test]
async fn a_deadline_ends_a_call_before_a_wait_that_it_cannot_take() {
    let limited = Answer::raw(429, b"Too many").header("retry-after", "20");
    let service = Scripted::start([limited]).await;
    let (client, clock) = with_clock(&service);
    let error = count(&client.with_deadline(Duration::from_secs(10)))
        .await
        .unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::RateLimit, 1));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(20)));
    assert!(clock.slept().is_empty());
}

#[tokio::test]
async fn a_deadline_that_passes_without_an_answer_is_a_timeout() {
    // Takes connections and says nothing.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let client = Client::builder("acme")
        .base_url(format!("http://{}", silent.local_addr().unwrap()))
        .credentials(Credentials::oauth_token("TOKEN"))
        .clock(TestClock::default())
        .deadline(Duration::from_nanos(1));
    let error = count(&client.build().unwrap()).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 1));
}

#[tokio::test]
async fn a_broken_answer_is_repeated_within_the_bounds_of_the_call() {
    let broken = || Answer::raw(200, b"");
    let service = Scripted::start([broken(), broken(), Answer::json(200, COUNT)]).await;
    let (client, clock) = with_clock(&service);
    assert_eq!(count(&client).await.unwrap(), Some(3));
    assert_eq!((service.requests().len(), clock.slept().len()), (3, 2));

    let service = Scripted::start([broken(), broken()]).await;
    let client = with_clock(&service).0.with_max_retries(1);
    let error = count(&client).await.unwrap_err();
    assert_eq!((error.attempts(), error.status()), (2, Some(200)));
    assert!(error.is_broken_answer() && error.is_retryable());
    assert!(
        error
            .to_string()
            .starts_with("cannot count satisfaction ratings: an empty answer"),
        "{error}"
    );

    let service = Scripted::lasting(broken()).await;
    let client = with_clock(&service).0.with_deadline(Duration::from_nanos(1));
    let error = count(&client).await.unwrap_err();
    // The deadline may pass before the request arrives.
    assert!(service.requests().len() <= 1);
    assert!(error.attempts() <= 1, "{error}");
}

#[tokio::test]
async fn a_body_that_breaks_off_is_a_broken_answer() {
    let service = Scripted::lasting(Answer::hang_up()).await;
    let error = count(&with_clock(&service).0).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connection, 3));
    assert!(error.is_broken_answer(), "{error}");

    let no_gzip = Answer::json(200, COUNT).header("content-encoding", "gzip");
    let service = Scripted::lasting(no_gzip).await;
    let error = count(&with_clock(&service).0).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Decode, 3));
    assert!(error.is_broken_answer(), "{error}");
}

#[tokio::test]
async fn a_record_that_does_not_fit_is_no_broken_answer() {
    let service = Scripted::start([Answer::json(200, r#"{"satisfaction_rating": {"id": "abc"}}"#)]).await;
    let rating = service.client().satisfaction_ratings().show(1).send().await;
    let error = rating.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Decode, 1));
    assert_eq!(error.json_path(), Some("$.satisfaction_rating.id"));
    assert!(!error.is_broken_answer() && !error.is_retryable(), "{error}");
}

#[tokio::test]
async fn an_answer_tells_the_time_of_the_service() {
    let page = Answer::json(200, r#"{"satisfaction_ratings": [], "next_page": null}"#);
    let service = Scripted::start([page.header("date", "Tue, 15 Nov 1994 08:12:31 GMT")]).await;
    let page = service
        .client()
        .satisfaction_ratings()
        .list()
        .send()
        .await
        .unwrap();
    assert_eq!(page.meta.date().unwrap().timestamp(), 784_887_151);
}

#[test]
fn an_account_has_one_name() {
    let build = |subdomain: &str, base_url: Option<&str>| {
        let builder = Client::builder(subdomain).credentials(Credentials::oauth_token("TOKEN"));
        match base_url {
            Some(url) => builder.base_url(url).build(),
            None => builder.build(),
        }
    };
    for base_url in [None, Some("https://proxy.example/zendesk")] {
        for subdomain in ["acme", "Acme", " ACME\n"] {
            assert_eq!(
                build(subdomain, base_url).unwrap().subdomain(),
                "acme",
                "{subdomain:?}"
            );
        }
        for (subdomain, says) in [
            ("https://acme.zendesk.com/agent", "write \"acme\""),
            ("ACME.zendesk.com", "write \"acme\""),
            ("evil.example/", "\"acme\" for acme.zendesk.com"),
            ("acme@evil.example", "\"acme\" for acme.zendesk.com"),
            ("../x", "\"acme\" for acme.zendesk.com"),
            ("ac me", "\"ac me\""),
            (
                "ac_me",
                "has the character '_'; write letters, digits and hyphens only",
            ),
            ("acm\u{e9}", "letters, digits and hyphens"),
            ("-acme", "hyphen"),
            ("  ", "empty"),
            (&"a".repeat(70), "longer than 63"),
        ] {
            let error = build(subdomain, base_url).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Configuration);
            assert!(error.message().contains(says), "{subdomain:?}: {error}");
            let is_named = error.message().contains(&format!("{subdomain:?}"));
            assert_eq!(is_named, !subdomain.contains('@'), "{subdomain:?}: {error}");
        }
    }
}

#[tokio::test]
async fn patience_without_end_is_no_overflow() {
    let limited = Answer::raw(429, b"Too many").header("retry-after", "7");
    let service = Scripted::start([limited.clone(), limited, Answer::json(200, COUNT)]).await;
    let (client, clock) = with_clock(&service);
    clock.advance(Duration::from_secs(1));
    let client = client.with_deadline(Duration::MAX).with_max_wait(Duration::MAX);
    assert_eq!(count(&client).await.unwrap(), Some(3));
}

#[tokio::test]
async fn options_of_one_client_leave_its_clone_alone() {
    let bad_gateway = || Answer::raw(502, b"");
    let service = Scripted::start([bad_gateway(), bad_gateway(), Answer::json(200, COUNT)]).await;
    let (client, _) = with_clock(&service);
    let hasty = client.clone().with_max_retries(0);
    assert_eq!(count(&hasty).await.unwrap_err().attempts(), 1);
    assert_eq!(count(&client).await.unwrap(), Some(3));
    assert_eq!(client.call_counts().support, 3, "clones share their counts");
}

#[tokio::test]
async fn a_gateway_that_repeats_the_request_gives_no_secret_away() {
    for body in [
        "what came:\nAuthorization: Bearer PLANTED",
        r#"{"message": "no such token PLANTED", "errors": {"PLANTED": ["PLANTED"]}}"#,
        "<title>PLANTED</title>",
    ] {
        let service = Scripted::start([Answer::raw(400, body.as_bytes())]).await;
        let client = service.builder().credentials(Credentials::oauth_token("PLANTED"));
        let error = count(&client.build().unwrap()).await.unwrap_err();
        assert!(error.message().contains("[secret]"), "{error}");
        assert!(!format!("{error:#} {error:?}").contains("PLANTED"), "{error:?}");
    }
}

#[tokio::test]
async fn a_secret_that_is_repeated_anywhere_is_hidden() {
    let long = format!("{}PLANTED", "x".repeat(294));
    let repeated = [
        // Under a status of success, escaped, among bytes that are no text, where the words are cut, and as an id.
        Answer::json(200, r#"{"error": "no such token PLANTED"}"#),
        Answer::json(200, format!(r#"{{"error": "{long}"}}"#)),
        Answer::json(
            400,
            r#"{"error": {"title": "\u0050LANTED", "message": "PL\u0041NTED"}}"#,
        ),
        Answer::json(
            400,
            r#"{"error": "No", "details": {"\u0050LANTED": [{"description": "PLANTE\u0044"}]}}"#,
        ),
        Answer::raw(400, b"\xff Bearer PLANTED"),
        Answer::raw(400, b"PLAN\xe2\x80\xaeTED"),
        Answer::raw(400, long.as_bytes()),
        Answer::raw(404, b"").header("x-request-id", "of PLANTED"),
    ];
    for answer in repeated {
        let told = format!("{answer:?}");
        let service = Scripted::lasting(answer).await;
        for credentials in [
            Credentials::oauth_token("PLANTED"),
            Credentials::api_token("ada@acme.example", "PLANTED"),
            // Not in a header, but in the body of the call for a token.
            Credentials::oauth_client("csat", "PLANTED"),
        ] {
            let builder = service.builder().credentials(credentials);
            let client = builder.clock(TestClock::default()).build().unwrap();
            let error = count(&client).await.unwrap_err();
            let shown = format!("{error:#} {error:?} {:?}", error.request_id());
            assert!(!shown.contains("PLAN"), "{shown}, of {told}");
        }
    }
}

#[tokio::test]
async fn a_request_id_is_bounded() {
    let service = Scripted::start([Answer::raw(404, b"").header("x-request-id", "r".repeat(2_000))]).await;
    let error = count(&service.client()).await.unwrap_err();
    assert_eq!(error.request_id().unwrap().chars().count(), 300);
}

#[tokio::test]
async fn secrets_are_in_no_text_that_the_client_makes() {
    let service = Scripted::start([Answer::json(401, r#"{"error":"Couldn't authenticate you"}"#)]).await;
    let builder = service
        .builder()
        .credentials(Credentials::api_token("ada@acme.example", "PLANTED"));
    let shown = format!("{builder:?}");
    let client = builder.build().unwrap();
    let error = count(&client).await.unwrap_err();
    let shown = format!(
        "{shown} {client:?} {:?} {error} {error:?}",
        client.satisfaction_ratings().list()
    );
    assert!(!shown.contains("PLANTED"), "{shown}");
}
