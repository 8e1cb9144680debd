//! What changes after it was read: late answers to legacy offers, and answers edited while a sync lay broken.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use zendesk_csat_history::{CsatQuery, History, NoProgress};

use crate::account::impatient;
use crate::service::{RATINGS, RESPONSES, Script, Service, TICKETS, page, rating, response, tickets};

/// 2026-03-01T10:00:00Z, when the ratings of the service are made.
const MADE: i64 = 1_772_359_200;
const DAY: i64 = 86_400;

async fn sync(history: &mut History, service: &Service) -> u64 {
    let summary = history
        .sync(&service.client(), impatient(), &mut NoProgress)
        .await;
    summary.unwrap().calls.total()
}

fn scores(history: &History) -> Vec<Option<String>> {
    history
        .csat(&CsatQuery::default())
        .unwrap()
        .into_iter()
        .map(|row| row.score)
        .collect()
}

fn offered(id: i64) -> Value {
    let mut rating = rating(id);
    rating["score"] = "offered".into();
    rating["updated_at"] = rating["created_at"].clone();
    rating
}

fn ticket(id: i64, generated_at: i64, rating: Value) -> Value {
    json!({ "id": id, "generated_timestamp": generated_at, "status": "solved", "satisfaction_rating": rating })
}

/// Ratings of as many tickets, all offered, of which these are answered once `answered` is set; the newest rating is a
/// day younger than the rest.
fn legacy(count: i64, late: &'static [i64], answered: &Arc<AtomicBool>) -> Service {
    let newest = move |mut rating: Value| {
        if rating["id"] == count {
            rating["created_at"] = "2026-03-02T10:00:00Z".into();
            rating["updated_at"] = "2026-03-02T10:00:00Z".into();
        }
        rating
    };
    let now = move |id: i64, answered: bool| {
        newest(if answered && late.contains(&id) {
            rating(id)
        } else {
            offered(id)
        })
    };
    let (listed, exported) = (Arc::clone(answered), Arc::clone(answered));
    let mut script = Script::default()
        .on(RATINGS, move |_, query| {
            let answered = listed.load(Ordering::SeqCst);
            let start: i64 = query
                .split("start_time=")
                .nth(1)
                .map_or(0, |rest| rest.split('&').next().unwrap().parse().unwrap());
            let ids = (1..=count).filter(|id| *id == count || start <= MADE);
            (
                200,
                page(RATINGS, ids.map(|id| now(id, answered)).collect(), None),
            )
        })
        .on(TICKETS, move |_, query| {
            if !exported.load(Ordering::SeqCst) {
                let all = (1..=count).map(|id| ticket(id, MADE + 2 * DAY, json!({ "score": "offered" })));
                return (200, tickets(all.collect(), "first", true));
            }
            let changed = late.iter().filter(|_| query.contains("cursor=first"));
            let changed = changed.map(|id| ticket(*id, MADE + 9 * DAY, json!({ "id": id, "score": "good" })));
            (200, tickets(changed.collect(), "second", true))
        });
    for id in late {
        let path: &'static str = Box::leak(format!("{RATINGS}/{id}").into_boxed_str());
        script = script.on(path, move |_, _| {
            (200, json!({ "satisfaction_rating": now(*id, true) }))
        });
    }
    script.start()
}

#[tokio::test]
async fn a_late_answer_to_an_old_offer_is_found_by_its_ticket() {
    let answered = Arc::default();
    let service = legacy(250, &[7], &answered);
    let mut history = History::open(":memory:").unwrap();
    sync(&mut history, &service).await;
    assert_eq!(scores(&history).iter().flatten().count(), 0);

    answered.store(true, Ordering::SeqCst);
    // Reasons, responses, tickets, new ratings, their count, and the one that changed; nothing but the first five when
    // nothing did.
    assert_eq!(sync(&mut history, &service).await, 6);
    let rows = history.csat(&CsatQuery::default()).unwrap();
    let rated: Vec<_> = rows
        .iter()
        .filter(|row| row.score.is_some())
        .map(|row| row.id.as_str())
        .collect();
    assert_eq!(rated, ["7"]);
    assert_eq!(sync(&mut history, &service).await, 5);
}

#[tokio::test]
async fn many_late_answers_are_found_in_one_page() {
    let answered = Arc::default();
    let service = legacy(30, &[3, 4, 5, 6, 7, 8, 9, 10, 11, 12], &answered);
    let mut history = History::open(":memory:").unwrap();
    sync(&mut history, &service).await;
    answered.store(true, Ordering::SeqCst);
    assert_eq!(sync(&mut history, &service).await, 5);
    assert_eq!(scores(&history).iter().flatten().count(), 10);
    let by_id = service.asked(&format!("{RATINGS}/"));
    assert!(by_id.iter().all(|target| target.ends_with("/count")), "{by_id:?}");
}

#[tokio::test]
async fn an_answer_edited_while_a_sync_lay_broken_is_read_again() {
    let newest = Arc::new(Mutex::new(response("01B", 2, &["scale"])));
    let listed = Arc::clone(&newest);
    let service = Script::default()
        .on(RESPONSES, move |count, query| match count {
            1 => (500, json!({})),
            _ if query.contains("after") => (200, page(RESPONSES, json!([response("01A", 1, &[])]), None)),
            _ => (
                200,
                page(RESPONSES, json!([*listed.lock().unwrap()]), Some("01B")),
            ),
        })
        .on("/api/v2/guide/en-us/survey_responses/01B", |_, _| {
            (404, json!({}))
        })
        .start();
    let mut history = History::open(":memory:").unwrap();
    let broken = history
        .sync(&service.client(), impatient(), &mut NoProgress)
        .await;
    assert!(broken.is_err());
    assert_eq!(scores(&history), [Some("bad".to_owned())]);

    {
        let answer = &mut newest.lock().unwrap()["answers"][0];
        answer["rating_category"] = "good".into();
        answer["updated_at"] = "2026-03-05T10:00:00.000Z".into();
    }
    sync(&mut history, &service).await;
    assert_eq!(scores(&history), [None, Some("good".to_owned())]);
}
