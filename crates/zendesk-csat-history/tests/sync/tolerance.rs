//! Services that lack something, forget something or send what cannot be read.

use serde_json::json;
use zendesk_csat::ErrorKind;
use zendesk_csat_history::{CsatQuery, CsatRow, History, HistoryError, NoProgress, Step, SyncSummary};

use crate::account::impatient;
use crate::service::{RATINGS, RESPONSES, Script, Service, TICKETS, page, rating, response, shown, tickets};

async fn sync(history: &mut History, service: &Service) -> Result<SyncSummary, HistoryError> {
    history
        .sync(&service.client(), impatient(), &mut NoProgress)
        .await
}

fn rows(history: &History) -> Vec<CsatRow> {
    history.csat(&CsatQuery::default()).unwrap()
}

fn ids(history: &History) -> Vec<String> {
    rows(history).into_iter().map(|row| row.id).collect()
}

fn refused(status: u16) -> (u16, serde_json::Value) {
    (
        status,
        json!({ "error": "Refused", "description": "as the test says" }),
    )
}

#[tokio::test]
async fn a_record_that_cannot_be_read_is_kept_and_its_neighbours_live() {
    let service = Script::default()
        .on(RATINGS, |_, query| {
            let records = match query.contains("start_time") {
                true => json!([]),
                false => json!([rating(11), { "id": 12, "created_at": [] }, 17, rating(13)]),
            };
            (200, page(RATINGS, records, None))
        })
        .start();
    let mut history = History::open(":memory:").unwrap();
    for _ in 0..11 {
        let summary = sync(&mut history, &service).await.unwrap();
        assert_eq!(ids(&history), ["11", "13"]);
        assert_eq!(summary.reconciliation.malformed, 2);
        assert!(summary.to_string().contains("2 records that could not be read"));
    }
    // The page was asked for once, ten times more in case what spoiled it would pass, and then no more.
    let whole = service
        .asked(RATINGS)
        .into_iter()
        .filter(|target| !target.contains("start_time") && !target.contains("/count"));
    assert_eq!(whole.count(), 11);
}

#[tokio::test]
async fn a_record_that_can_be_read_on_a_second_look_is_a_row() {
    let service = Script::default()
        .on(RATINGS, |count, _| {
            let second = if count == 0 { json!(null) } else { rating(12) };
            (200, page(RATINGS, json!([rating(11), second, rating(13)]), None))
        })
        .start();
    let mut history = History::open(":memory:").unwrap();
    let summary = sync(&mut history, &service).await.unwrap();
    assert_eq!(ids(&history), ["11", "12", "13"]);
    assert_eq!(summary.reconciliation.malformed, 0);
}

#[tokio::test]
async fn a_second_look_that_shows_nothing_settles_nothing() {
    let service = Script::default()
        .on(RATINGS, |count, query| {
            let records = match (count, query.contains("start_time")) {
                (0, _) => json!([rating(11), null]),
                (1, _) | (_, true) => json!([]),
                (_, false) => json!([rating(11), rating(12)]),
            };
            (200, page(RATINGS, records, None))
        })
        .start();
    let mut history = History::open(":memory:").unwrap();
    let summary = sync(&mut history, &service).await.unwrap();
    assert_eq!(
        (ids(&history), summary.reconciliation.malformed),
        (vec!["11".to_owned()], 1)
    );
    let summary = sync(&mut history, &service).await.unwrap();
    assert_eq!(ids(&history), ["11", "12"]);
    assert_eq!(summary.reconciliation.malformed, 0);
}

#[tokio::test]
async fn an_account_without_surveys_has_its_ratings() {
    for status in [403, 404] {
        let service = Script::default()
            .on(RESPONSES, move |_, _| refused(status))
            .on(RATINGS, |_, _| (200, page(RATINGS, json!([rating(11)]), None)))
            .start();
        let mut history = History::open(":memory:").unwrap();
        let summary = sync(&mut history, &service).await.unwrap();
        assert_eq!(ids(&history), ["11"]);
        assert_eq!(summary.unavailable.len(), 1);
        assert_eq!(summary.unavailable[0].step, Step::SurveyResponses);
        assert!(
            summary.to_string().contains("survey responses left out"),
            "{summary}"
        );
    }
}

#[tokio::test]
async fn an_account_without_ratings_has_its_surveys() {
    let service = Script::default()
        .on(RATINGS, |_, _| refused(403))
        .on("/api/v2/satisfaction_reasons", |_, _| refused(403))
        .on(RESPONSES, |_, _| {
            (200, page(RESPONSES, json!([response("01A", 1, &[])]), None))
        })
        .start();
    let mut history = History::open(":memory:").unwrap();
    let summary = sync(&mut history, &service).await.unwrap();
    assert_eq!(ids(&history), ["01A"]);
    let steps: Vec<_> = summary
        .unavailable
        .iter()
        .map(|unavailable| unavailable.step)
        .collect();
    assert_eq!(steps, [Step::Reasons, Step::Ratings]);
}

#[tokio::test]
async fn what_one_failure_leaves_untouched_is_stored() {
    let service = Script::default()
        .on(TICKETS, |_, _| refused(500))
        .on(RESPONSES, |_, _| {
            (200, page(RESPONSES, json!([response("01A", 1, &[])]), None))
        })
        .start();
    let mut history = History::open(":memory:").unwrap();
    let error = sync(&mut history, &service).await.unwrap_err();
    assert!(
        matches!(
            error,
            HistoryError::Api {
                step: Step::Tickets,
                ..
            }
        ),
        "{error:?}"
    );
    assert!(
        error.to_string().starts_with("cannot export tickets: "),
        "{error}"
    );
    assert_eq!(ids(&history), ["01A"]);
}

#[tokio::test]
async fn an_empty_page_is_not_the_end() {
    let service = Script::default()
        .on(RESPONSES, |count, _| {
            (
                200,
                match count {
                    0 => page(RESPONSES, json!([]), Some("a")),
                    1 => page(RESPONSES, json!([response("01A", 1, &[])]), Some("b")),
                    _ => page(RESPONSES, json!([]), None),
                },
            )
        })
        .start();
    let mut history = History::open(":memory:").unwrap();
    sync(&mut history, &service).await.unwrap();
    assert_eq!(ids(&history), ["01A"]);
}

#[tokio::test]
async fn a_walk_whose_cursor_has_expired_begins_again() {
    let service = Script::default()
        .on(RATINGS, |count, query| match (count, query.contains("after")) {
            (1, _) => refused(500),
            (2, true) => refused(400),
            (0 | 3, false) => (200, page(RATINGS, json!([rating(11)]), Some("a"))),
            (_, true) => (200, page(RATINGS, json!([rating(12)]), None)),
            (_, false) => (200, page(RATINGS, json!([]), None)),
        })
        .start();
    let mut history = History::open(":memory:").unwrap();
    sync(&mut history, &service).await.unwrap_err();
    assert_eq!(ids(&history), ["11"]);
    sync(&mut history, &service).await.unwrap();
    assert_eq!(ids(&history), ["11", "12"]);
}

#[tokio::test]
async fn an_export_whose_cursor_has_expired_begins_at_the_last_ticket_seen() {
    let ticket = |id: i64| json!({ "id": id, "generated_timestamp": 1_772_359_200 + id, "status": "open" });
    let service = Script::default()
        .on(RATINGS, |_, _| (200, page(RATINGS, json!([rating(11)]), None)))
        .on(TICKETS, move |count, _| match count {
            0 => (200, tickets(json!([ticket(10)]), "kept", true)),
            1 => refused(422),
            _ => (200, tickets(json!([ticket(11)]), "new", true)),
        })
        .start();
    let mut history = History::open(":memory:").unwrap();
    sync(&mut history, &service).await.unwrap();
    sync(&mut history, &service).await.unwrap();
    assert_eq!(rows(&history)[0].ticket_status.as_deref(), Some("open"));
    let asked = service.asked(TICKETS);
    assert!(asked[0].contains("start_time=0"), "{asked:?}");
    assert!(
        asked[1].contains("cursor=kept") && !asked[1].contains("start_time"),
        "{asked:?}"
    );
    assert!(
        asked[2].contains("start_time=1772359210") && !asked[2].contains("cursor="),
        "{asked:?}"
    );
}

#[tokio::test]
async fn a_cursor_that_repeats_is_an_error_and_the_next_sync_asks_for_its_page_again() {
    let service = Script::default()
        .on(RATINGS, |count, _| {
            let (id, after) = [(11, Some("a")), (12, Some("a")), (12, Some("b")), (13, None)][count.min(3)];
            (200, page(RATINGS, json!([rating(id)]), after))
        })
        .start();
    let mut history = History::open(":memory:").unwrap();
    match sync(&mut history, &service).await.unwrap_err() {
        HistoryError::Api {
            step: Step::Ratings,
            source,
        } => assert_eq!(source.kind(), ErrorKind::Pagination),
        other => panic!("{other:?}"),
    }
    assert_eq!(ids(&history), ["11", "12"]);
    sync(&mut history, &service).await.unwrap();
    assert_eq!(ids(&history), ["11", "12", "13"]);
}

fn answered() -> Script {
    let responses = json!([
        response("01D", 4, &["scale"]),
        response("01C", 3, &["scale", "reasons"]),
        response("01B", 2, &["scale", "reasons"]),
        response("01A", 1, &["scale"]),
    ]);
    Script::default().on(RESPONSES, move |_, _| {
        (200, page(RESPONSES, responses.clone(), None))
    })
}

#[tokio::test]
async fn one_response_of_a_survey_version_is_shown_once() {
    let service = answered()
        .on("/api/v2/guide/en-us/survey_responses/01C", |_, _| {
            (200, shown("01C", 3, &["scale", "reasons"]))
        })
        .start();
    let mut history = History::open(":memory:").unwrap();
    for _ in 0..2 {
        let summary = sync(&mut history, &service).await.unwrap();
        assert_eq!(summary.reconciliation.forbidden, 0);
    }
    assert_eq!(service.asked("en-us/survey_responses").len(), 1);
    let rows = rows(&history);
    assert!(
        rows.iter()
            .all(|row| row.scale == Some(2) && row.locale.as_deref() == Some("en-us"))
    );
    let reasons: Vec<_> = rows.iter().map(|row| row.reason.as_deref()).collect();
    assert_eq!(reasons, [None, Some("Too slow"), Some("Too slow"), None]);
}

#[tokio::test]
async fn where_a_response_is_not_shown_another_one_is() {
    let service = answered()
        .on("/api/v2/guide/en-us/survey_responses/01C", |_, _| refused(404))
        .on("/api/v2/guide/en-us/survey_responses/01B", |_, _| {
            let mut shown = shown("01B", 2, &["scale", "reasons"]);
            shown["survey_response"]["answers"][1]["question"]["options"] = json!(null);
            (200, shown)
        })
        .start();
    let mut history = History::open(":memory:").unwrap();
    let summary = sync(&mut history, &service).await.unwrap();
    assert_eq!(summary.reconciliation.unknown_questions, 1);
    assert!(summary.is_complete());
    assert!(rows(&history).iter().all(|row| row.scale == Some(2)));
    // Nobody showed the reasons: the ids are there, and the next sync tries again.
    assert!(rows(&history).iter().all(|row| row.reason.is_none()));
    assert_eq!(rows(&history)[1].reason_id.as_deref(), Some("slow"));
    assert_eq!(service.asked("en-us/survey_responses").len(), 2);
}
