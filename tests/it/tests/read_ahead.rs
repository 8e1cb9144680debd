//! What a walk asks for, and when.
#![allow(clippy::unwrap_used)]

use futures::StreamExt;
use std::time::Duration;
use zendesk_csat::types::SatisfactionRating;
use zendesk_csat::{Error, ErrorKind, Page};
use zendesk_csat_it::{Answer, Scripted};

/// A page of one rating; the cursor is the number of the next page.
fn page(number: usize, cursor: impl ToString, has_more: bool) -> Answer {
    let (before, after) = (
        r#""links": {"next": "https://elsewhere.example/?page[size]=1"}"#,
        format!(
            r#""meta": {{"has_more": {has_more}, "after_cursor": "{}"}}"#,
            cursor.to_string()
        ),
    );
    let ratings = format!(r#""satisfaction_ratings":[{{"id": {number}, "comment": "[good]"}}]"#);
    // The service may write its members in any order.
    Answer::json(
        200,
        match number % 3 {
            0 => format!("{{{ratings},{before},{after}}}"),
            1 => format!("{{{after},{before},{ratings}}}"),
            _ => format!("{{{before},{ratings},{after}}}"),
        },
    )
}

fn pages(count: usize) -> Vec<Answer> {
    (1..=count)
        .map(|number| page(number, number + 1, number < count))
        .collect()
}

/// Lets pass what takes far longer than a request that is about to be made.
async fn some_calls_elsewhere() {
    let count = || Answer::json(200, r#"{"count": {"value": 1}}"#);
    let elsewhere = Scripted::start((0..20).map(|_| count())).await;
    let client = elsewhere.client();
    for _ in 0..20 {
        client.satisfaction_ratings().count().send().await.unwrap();
    }
}

async fn until_asked(service: &Scripted, requests: usize) {
    let asked = async {
        while service.requests().len() < requests {
            tokio::task::yield_now().await;
        }
    };
    let in_time = tokio::time::timeout(Duration::from_secs(30), asked).await;
    assert!(in_time.is_ok(), "asked for {} pages", service.requests().len());
}

fn outcome(page: Result<Page<SatisfactionRating>, Error>) -> Result<i64, ErrorKind> {
    page.map(|page| page.items[0].id.get())
        .map_err(|error| error.kind())
}

async fn walk(answers: Vec<Answer>) -> (Vec<Result<i64, ErrorKind>>, usize) {
    let service = Scripted::start(answers).await;
    let list = service.hasty_client().satisfaction_ratings().list();
    let walked = list.pages().map(outcome).collect().await;
    (walked, service.requests().len())
}

#[tokio::test]
async fn two_pages_ahead_from_the_second_on() {
    let service = Scripted::start(pages(9)).await;
    let mut walk = service.client().satisfaction_ratings().list().pages();
    some_calls_elsewhere().await;
    assert_eq!(service.requests().len(), 0);

    walk.next().await.unwrap().unwrap();
    some_calls_elsewhere().await;
    assert_eq!(service.requests().len(), 1);

    for taken in 2..=9 {
        assert_eq!(outcome(walk.next().await.unwrap()), Ok(taken as i64));
        let asked = (taken + 2).min(9);
        until_asked(&service, asked).await;
        some_calls_elsewhere().await;
        assert_eq!(service.requests().len(), asked);
    }
    assert!(walk.next().await.is_none());
    assert_eq!(service.requests().len(), 9);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn records_come_in_order() {
    let service = Scripted::start(pages(40)).await;
    let items = service.client().satisfaction_ratings().list().items();
    let ids: Vec<_> = items.map(|rating| rating.unwrap().id.get()).collect().await;
    assert_eq!(ids, (1..=40).collect::<Vec<_>>());
}

#[tokio::test]
async fn taking_the_records_of_one_page_asks_for_no_other() {
    let service = Scripted::start(pages(9)).await;
    let mut items = service.client().satisfaction_ratings().list().items();
    items.next().await.unwrap().unwrap();
    some_calls_elsewhere().await;
    assert_eq!(service.requests().len(), 1);
}

#[tokio::test]
async fn a_dropped_walk_drops_the_call_on_its_way() {
    let mut answers = pages(2);
    answers[1] = page(2, "3", true);
    answers.push(Answer::never());
    let service = Scripted::start(answers).await;
    let mut walk = service.client().satisfaction_ratings().list().pages();
    for _ in 0..2 {
        walk.next().await.unwrap().unwrap();
    }
    until_asked(&service, 3).await;
    drop(walk);
    let abandoned = tokio::time::timeout(Duration::from_secs(30), service.abandoned()).await;
    assert!(abandoned.is_ok(), "the call goes on");
}

#[tokio::test]
async fn an_error_comes_in_its_place_and_ends_the_walk() {
    let mut answers = pages(9);
    answers[3] = Answer::json(404, r#"{"error": "RecordNotFound"}"#);
    let (walked, requests) = walk(answers).await;
    assert_eq!(walked, [Ok(1), Ok(2), Ok(3), Err(ErrorKind::NotFound)]);
    assert_eq!(requests, 4);
}

#[tokio::test]
async fn a_page_that_cannot_be_read_is_an_error_in_its_place() {
    let broken = r#"{"satisfaction_ratings":7,"meta":{"has_more":true,"after_cursor":"4"}}"#;
    let mut answers = pages(9);
    answers.splice(2..3, vec![Answer::json(200, broken); 3]);
    let (walked, _) = walk(answers).await;
    assert_eq!(walked, [Ok(1), Ok(2), Err(ErrorKind::Decode)]);
    // One that comes once is asked for again.
    let mut answers = pages(9);
    answers.insert(2, Answer::json(200, broken));
    let (walked, _) = walk(answers).await;
    assert_eq!(walked, (1..=9).map(Ok).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_repeated_cursor_is_an_error_after_its_page() {
    for repeated in 2..=4 {
        let answers = vec![
            page(1, 2, true),
            page(2, 3, true),
            page(3, 4, true),
            page(4, repeated, true),
        ];
        let (walked, requests) = walk(answers).await;
        assert_eq!(walked, [Ok(1), Ok(2), Ok(3), Ok(4), Err(ErrorKind::Pagination)]);
        assert_eq!(requests, 4);
    }
}

#[tokio::test]
async fn more_without_a_cursor_is_an_error_after_its_page() {
    let mut answers = pages(3);
    answers[2] = Answer::json(
        200,
        r#"{"satisfaction_ratings": [{"id": 3}], "meta": {"has_more": true}}"#,
    );
    let (walked, requests) = walk(answers).await;
    assert_eq!(walked, [Ok(1), Ok(2), Ok(3), Err(ErrorKind::Pagination)]);
    assert_eq!(requests, 3);
}
