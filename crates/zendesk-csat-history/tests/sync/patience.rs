//! Trouble that passes is waited out, and what is one record's own is not.

use std::time::Duration;

use serde_json::{Value, json};
use zendesk_csat::testing::TestClock;
use zendesk_csat::{Client, ErrorKind, Wait, WaitReason};
use zendesk_csat_history::{
    CsatQuery, History, HistoryError, NoProgress, Progress, SyncOptions, SyncSummary, Via,
};

use crate::account::impatient;
use crate::service::{RATINGS, RESPONSES, Script, Service, page, rating, response, shown, tickets};

const COUNT: &str = "/api/v2/satisfaction_ratings/count";

#[derive(Default)]
struct Told(Vec<Wait>);

impl Progress for Told {
    fn waiting(&mut self, wait: &Wait) {
        self.0.push(*wait);
    }
}

/// A client of the service whose waits take no time.
fn client(service: &Service) -> (Client, TestClock) {
    let clock = TestClock::default();
    (service.builder().clock(clock.clone()).build().unwrap(), clock)
}

async fn sync(
    service: &Service,
    options: SyncOptions,
    told: &mut dyn Progress,
) -> (Result<SyncSummary, HistoryError>, usize) {
    let (client, _) = client(service);
    let mut history = History::open(":memory:").unwrap();
    let summary = history.sync(&client, options, told).await;
    (summary, history.csat(&CsatQuery::default()).unwrap().len())
}

fn unavailable() -> (u16, Value) {
    (503, json!({ "error": "as the test says" }))
}

/// Two pages of ratings, the second of which is not to be had for the first `failures` times.
fn ratings(failures: usize) -> Script {
    Script::default().on(RATINGS, move |count, _| match count {
        0 => (200, page(RATINGS, json!([rating(11)]), Some("second"))),
        count if count <= failures => unavailable(),
        _ => (200, page(RATINGS, json!([rating(12)]), None)),
    })
}

#[tokio::test]
async fn a_list_that_fails_for_minutes_is_waited_for() {
    let mut told = Told::default();
    let (summary, rows) = sync(&ratings(20).start(), SyncOptions::default(), &mut told).await;
    assert!(summary.unwrap().is_complete());
    assert_eq!(rows, 2);
    assert!(!told.0.is_empty());
    let is_right =
        |wait: &Wait| wait.reason == WaitReason::Status(503) && wait.duration >= Duration::from_secs(2);
    assert!(told.0.iter().all(is_right), "{:?}", told.0);
}

#[tokio::test]
async fn patience_ends_and_what_came_before_stays() {
    let (ended, rows) = sync(&ratings(20).start(), impatient(), &mut NoProgress).await;
    assert!(matches!(ended, Err(HistoryError::Api { source, .. }) if source.kind() == ErrorKind::Server));
    assert_eq!(rows, 1);
    let service = ratings(usize::MAX).start();
    let (client, clock) = client(&service);
    let mut history = History::open(":memory:").unwrap();
    let ended = history
        .sync(&client, SyncOptions::default(), &mut NoProgress)
        .await;
    assert!(ended.is_err());
    let slept: Duration = clock.slept().iter().sum();
    assert!(slept <= Duration::from_secs(11 * 60), "{slept:?}");
    assert!(slept >= Duration::from_secs(5 * 60), "{slept:?}");
}

#[tokio::test]
async fn a_service_that_never_answered_is_not_waited_for() {
    let service = Script::default()
        .on("/api/v2/satisfaction_reasons", |_, _| unavailable())
        .start();
    let (client, clock) = client(&service);
    let mut history = History::open(":memory:").unwrap();
    let ended = history
        .sync(&client, SyncOptions::default(), &mut NoProgress)
        .await;
    assert!(ended.is_err());
    assert_eq!(clock.slept(), []);
}

/// One survey answer, found by the audits of its ticket, which come after `failures` failures.
fn audits(failures: usize) -> Script {
    let exported = json!([{ "id": 1, "status": "solved", "satisfaction_rating": { "score": "offered" },
        "generated_timestamp": 1_772_445_600 }]);
    let submitted = json!({ "id": 8, "ticket_id": 1, "created_at": "2026-03-01T12:00:00Z", "events": [{ "id": 9,
        "type": "SurveyResponseSubmitted", "survey_response_id": "01A", "assigned_user_id": 6, "assigned_group_id": 7 }] });
    Script::default()
        .on("/api/v2/incremental/tickets/cursor", move |_, _| {
            (200, tickets(exported.clone(), "end", true))
        })
        .on("/api/v2/tickets/1/audits", move |count, _| {
            if count < failures {
                unavailable()
            } else {
                let audits = json!({ "audits": [submitted], "meta": { "has_more": false } });
                (200, audits)
            }
        })
        .on("/api/v2/guide/en-us/survey_responses/01A", |_, _| {
            (200, shown("01A", 1, &["scale"]))
        })
}

fn by_audits() -> SyncOptions {
    SyncOptions {
        via: Via::Audits,
        ..SyncOptions::default()
    }
}

#[tokio::test]
async fn a_record_is_asked_for_again_once_the_service_is_out_of_trouble() {
    // The first failure is the record's, the count then shows that of all.
    let service = audits(1)
        .on(COUNT, |count, _| {
            if count < 12 {
                unavailable()
            } else {
                (200, json!({ "count": { "value": 0, "refreshed_at": null } }))
            }
        })
        .start();
    let (summary, rows) = sync(&service, by_audits(), &mut NoProgress).await;
    let summary = summary.unwrap();
    assert!(summary.is_complete(), "{summary}");
    assert_eq!(rows, 1);
    assert_eq!(service.asked("/audits").len(), 2);
}

#[tokio::test]
async fn a_record_that_fails_by_itself_is_left_at_once() {
    let service = audits(usize::MAX).start();
    let (client, clock) = client(&service);
    let mut history = History::open(":memory:").unwrap();
    let summary = history.sync(&client, by_audits(), &mut NoProgress).await.unwrap();
    assert!(!summary.is_complete());
    assert_eq!(service.asked("/audits").len(), 1);
    assert_eq!(clock.slept(), []);
}

#[tokio::test]
async fn a_surveys_list_that_is_broken_from_its_first_page_on_is_waited_for_too() {
    let service = Script::default()
        .on(RESPONSES, |count, _| match count {
            0..6 => unavailable(),
            _ => (
                200,
                page(RESPONSES, json!([response("01A", 1, &["scale"])]), None),
            ),
        })
        .start();
    let (summary, rows) = sync(&service, SyncOptions::default(), &mut NoProgress).await;
    assert!(summary.is_ok());
    assert_eq!(rows, 1);
}

#[tokio::test]
async fn a_list_by_page_numbers_is_not_gone_on_with_by_a_later_sync() {
    let by_number = |records: Value, next: Option<u8>| {
        let next = next.map(|next| format!("https://acme.zendesk.com{RATINGS}.json?page={next}"));
        (
            200,
            json!({ "satisfaction_ratings": records, "next_page": next, "previous_page": null, "count": 3 }),
        )
    };
    // Between the two syncs a record comes before the others, and each moves on by one.
    let service = Script::default()
        .on(RATINGS, move |count, query| {
            match (count, query.contains("page=2")) {
                (0, _) => by_number(json!([rating(12), rating(11)]), Some(2)),
                (1, _) => unavailable(),
                (_, false) => by_number(json!([rating(13), rating(12)]), Some(2)),
                (_, true) => by_number(json!([rating(11), rating(10)]), None),
            }
        })
        .start();
    let mut history = History::open(":memory:").unwrap();
    let ended = history
        .sync(&service.client(), impatient(), &mut NoProgress)
        .await;
    assert!(ended.is_err());
    history
        .sync(&service.client(), impatient(), &mut NoProgress)
        .await
        .unwrap();
    assert_eq!(history.csat(&CsatQuery::default()).unwrap().len(), 4);
}
