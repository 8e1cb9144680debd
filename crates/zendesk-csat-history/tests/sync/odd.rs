//! Answers that are odd in what they say: times that cannot be, what is not shown, what is refused, what is taken back.

use serde_json::{Value, json};
use zendesk_csat_emulator::Emulator;
use zendesk_csat_history::{
    AttributeBy, Attribution, Because, CsatQuery, CsatRow, Explained, History, HistoryError, NoProgress,
    Since, SyncOptions, SyncSummary, TicketsVia,
};

use crate::account::{Account, DAY};
use crate::service::{RATINGS, RESPONSES, Script, Service, TICKETS, page, rating, response, shown, tickets};

const SHOW_MANY: &str = "/api/v2/tickets/show_many";
const NEVER: &str = "2099-01-01T00:00:00Z";

async fn sync(history: &mut History, service: &Service) -> SyncSummary {
    sync_by(history, service, SyncOptions::default()).await
}

async fn sync_by(history: &mut History, service: &Service, options: SyncOptions) -> SyncSummary {
    history
        .sync(&service.client(), options, &mut NoProgress)
        .await
        .unwrap()
}

fn rows(history: &History) -> Vec<CsatRow> {
    history.csat(&CsatQuery::default()).unwrap()
}

fn refused(status: u16) -> (u16, Value) {
    (
        status,
        json!({ "error": "Refused", "description": "as the test says" }),
    )
}

fn with(mut record: Value, property: &str, value: Value) -> Value {
    record[property] = value;
    record
}

#[tokio::test]
async fn a_time_in_the_future_is_asked_for_again_and_moves_no_clock() {
    for property in ["created_at", "updated_at"] {
        // The first look has it, the second is right; a new rating comes later.
        let service = Script::default()
            .on(RATINGS, move |count, query| {
                let records = match (count, query.contains("start_time")) {
                    (0, _) => json!([rating(11), with(rating(12), property, json!(NEVER))]),
                    (_, false) => json!([rating(11), rating(12)]),
                    (_, true) => json!([with(rating(13), "created_at", json!("2026-03-05T10:00:00Z"))]),
                };
                (200, page(RATINGS, records, None))
            })
            .start();
        let mut history = History::open(":memory:").unwrap();
        let summary = sync(&mut history, &service).await;
        assert_eq!(summary.reconciliation.future_times, 0, "{property}: {summary}");
        let times = |history: &History| -> Vec<_> {
            let rows = rows(history);
            rows.iter().map(|row| (row.sent_at, row.rated_at)).collect()
        };
        assert_eq!(times(&history)[0], times(&history)[1], "{property}");
        sync(&mut history, &service).await;
        let mut asked = service.asked("start_time");
        asked.retain(|target| target.starts_with(RATINGS));
        assert!(
            asked[0].contains("start_time=1772355600"),
            "{property}: {asked:?}"
        );
        assert_eq!(rows(&history).len(), 3, "{property}");
    }
}

#[tokio::test]
async fn a_time_that_stays_in_the_future_is_said_and_the_record_stays() {
    let service = Script::default()
        .on(RATINGS, |_, _| {
            let records = json!([rating(11), with(rating(12), "updated_at", json!(NEVER))]);
            (200, page(RATINGS, records, None))
        })
        .start();
    let mut history = History::open(":memory:").unwrap();
    let summary = sync(&mut history, &service).await;
    assert_eq!(rows(&history).len(), 2);
    assert_eq!(summary.reconciliation.future_times, 1);
    assert!(
        summary
            .to_string()
            .contains("1 records with a time in the future"),
        "{summary}"
    );
    assert!(summary.is_complete());
    let gaps = history.gaps(None).unwrap();
    assert_eq!(gaps.len(), 1);
    assert_eq!(gaps[0].to_string(), "acme: 1 record has a time in the future");
}

#[tokio::test]
async fn a_version_with_a_time_in_the_future_gives_way_to_one_that_can_be() {
    let ticket = |status: &str, generated: i64| json!([{ "id": 1, "status": status, "generated_timestamp": generated }]);
    let service = Script::default()
        .on(RESPONSES, |count, _| {
            let mut answered = response("01A", 1, &["scale"]);
            if count == 0 {
                answered["answers"][0]["updated_at"] = json!(NEVER);
            }
            answered["answers"][0]["rating_category"] = json!(if count == 0 { "good" } else { "bad" });
            (200, page(RESPONSES, json!([answered]), None))
        })
        .on(TICKETS, move |count, _| match count {
            0 => (200, tickets(ticket("open", 4_070_908_800), "first", true)),
            _ => (200, tickets(ticket("solved", 1_772_445_600), "second", true)),
        })
        .start();
    let mut history = History::open(":memory:").unwrap();
    for _ in 0..2 {
        sync(&mut history, &service).await;
    }
    let row = &rows(&history)[0];
    assert_eq!(row.score.as_deref(), Some("bad"));
    assert_eq!(row.ticket_status.as_deref(), Some("solved"));
}

#[tokio::test]
async fn a_rating_without_a_time_that_changes_later_is_found_by_its_ticket() {
    let undated = |score: &str| with(with(rating(12), "created_at", Value::Null), "score", json!(score));
    let service = Script::default()
        .on(RATINGS, move |_, query| {
            let records = match query.contains("start_time") {
                true => json!([]),
                false => json!([rating(11), with(undated("offered"), "updated_at", Value::Null)]),
            };
            (200, page(RATINGS, records, None))
        })
        .on("/api/v2/satisfaction_ratings/12", move |_, _| {
            (200, json!({ "satisfaction_rating": undated("bad") }))
        })
        .on(TICKETS, |count, _| {
            let changed = json!([{
                "id": 12, "status": "solved", "generated_timestamp": 1_772_532_000,
                "satisfaction_rating": { "id": 12, "score": "bad" },
            }]);
            match count {
                0 => (200, tickets(json!([]), "first", true)),
                _ => (200, tickets(changed, "second", true)),
            }
        })
        .start();
    let mut history = History::open(":memory:").unwrap();
    sync(&mut history, &service).await;
    sync(&mut history, &service).await;
    let scores: Vec<_> = rows(&history).into_iter().map(|row| row.score).collect();
    // Without a time of asking it comes first.
    assert_eq!(scores, [Some("bad".to_owned()), Some("good".to_owned())]);
}

#[tokio::test]
async fn a_ticket_whose_audits_do_not_come_costs_itself_and_is_asked_for_again() {
    for status in [403, 500, 504] {
        let audits = |ticket: i64| {
            json!({ "audits": [{ "id": ticket, "ticket_id": ticket, "created_at": "2026-03-02T10:00:00Z", "events": [{
                "id": 1, "type": "SurveyResponseSubmitted", "survey_response_id": format!("01{ticket}"),
                "assigned_user_id": 77, "assigned_group_id": 88,
            }] }], "meta": { "has_more": false } })
        };
        let service = Script::default()
            .on(RESPONSES, |_, _| {
                let responses = (1..=3).map(|ticket| response(&format!("01{ticket}"), ticket, &["scale"]));
                (200, page(RESPONSES, responses.collect(), None))
            })
            .on("/api/v2/tickets/1/audits", move |_, _| (200, audits(1)))
            .on("/api/v2/tickets/2/audits", move |count, _| match count {
                0 | 1 => refused(status),
                _ => (200, audits(2)),
            })
            .on("/api/v2/tickets/3/audits", move |_, _| (200, audits(3)))
            .start();
        let mut history = History::open(":memory:").unwrap();
        let options = || SyncOptions {
            attribution: AttributeBy::Audit,
            ..SyncOptions::default()
        };
        for expected in [2, 2, 3] {
            let summary = sync_by(&mut history, &service, options()).await;
            let by_audit = rows(&history)
                .iter()
                .filter(|row| row.attribution == Some(Attribution::Audit) && row.assignee_id == Some(77))
                .count();
            assert_eq!(by_audit, expected, "{status}: {summary}");
            let mut noted = Vec::new();
            let note = |record: Explained| {
                noted.extend((record.kind == "audits").then_some(record.id));
                Ok::<(), HistoryError>(())
            };
            history.explain("acme", note).unwrap();
            assert_eq!(
                noted,
                if expected < 3 { vec!["2"] } else { vec![] },
                "{status}: {summary}"
            );
        }
        // Those that came are not asked for again.
        assert_eq!(service.asked("tickets/1/audits").len(), 1, "{status}");
    }
}

fn seven_and_eight() -> Script {
    Script::default().on(RESPONSES, |_, _| {
        (
            200,
            page(
                RESPONSES,
                json!([response("01A", 7, &[]), response("01B", 8, &[])]),
                None,
            ),
        )
    })
}

fn ticket(id: i64) -> Value {
    json!({ "id": id, "subject": format!("About {id}"), "status": "solved", "updated_at": "2026-03-02T10:00:00Z" })
}

#[tokio::test]
async fn a_ticket_that_a_narrower_role_does_not_see_keeps_what_is_known() {
    // From the second sync on whoever asks may not list ratings, and sees ticket 8 alone.
    let narrow = |count: usize, empty: Value| match count {
        0 => (200, empty),
        _ => refused(403),
    };
    let service = seven_and_eight()
        .on(RATINGS, move |count, _| {
            narrow(count, page(RATINGS, json!([rating(11)]), None))
        })
        .on("/api/v2/satisfaction_reasons", move |count, _| {
            narrow(count, json!({ "reasons": [] }))
        })
        .on("/api/v2/satisfaction_ratings/count", move |count, _| {
            narrow(
                count,
                json!({ "count": { "value": 1, "refreshed_at": "2026-03-02T10:00:00Z" } }),
            )
        })
        .on(SHOW_MANY, |count, _| {
            let seen = match count {
                0 => json!([ticket(7), ticket(8), ticket(11)]),
                _ => json!([ticket(8)]),
            };
            (200, json!({ "tickets": seen }))
        })
        .start();
    let mut history = History::open(":memory:").unwrap();
    let show_many = || SyncOptions {
        tickets: TicketsVia::ShowMany,
        ..SyncOptions::default()
    };
    sync_by(&mut history, &service, show_many()).await;
    let before = rows(&history);
    let summary = sync_by(&mut history, &service, show_many()).await;
    assert_eq!(rows(&history), before);
    assert!(
        !summary.is_complete() && summary.reconciliation.deleted == 0,
        "{summary}"
    );
}

#[tokio::test]
async fn a_page_without_any_ticket_deletes_none() {
    let service = seven_and_eight()
        .on(SHOW_MANY, |count, _| {
            let seen = match count {
                0 => json!([ticket(7), ticket(8)]),
                _ => json!([]),
            };
            (200, json!({ "tickets": seen }))
        })
        .start();
    let mut history = History::open(":memory:").unwrap();
    for _ in 0..2 {
        let options = SyncOptions {
            tickets: TicketsVia::ShowMany,
            ..SyncOptions::default()
        };
        let summary = sync_by(&mut history, &service, options).await;
        assert_eq!(summary.reconciliation.deleted, 0, "{summary}");
    }
    let statuses: Vec<_> = rows(&history).into_iter().map(|row| row.ticket_status).collect();
    assert_eq!(statuses, [Some("solved".to_owned()), Some("solved".to_owned())]);
}

#[tokio::test]
async fn an_export_that_is_refused_leaves_the_tickets_by_their_ids_in_every_run() {
    let service = seven_and_eight()
        .on(TICKETS, |_, _| refused(403))
        .on(SHOW_MANY, |_, _| {
            (200, json!({ "tickets": [ticket(7), ticket(8)] }))
        })
        .start();
    let mut history = History::open(":memory:").unwrap();
    for tickets in [TicketsVia::Export, TicketsVia::Auto, TicketsVia::Export] {
        let options = SyncOptions {
            tickets,
            ..SyncOptions::default()
        };
        let summary = sync_by(&mut history, &service, options).await;
        assert!(summary.is_complete(), "{tickets}: {summary}");
        if summary.tickets.because != Because::Calls {
            assert_eq!(summary.tickets.because, Because::Refused, "{summary}");
        }
        assert!(
            rows(&history).iter().all(|row| row.ticket_subject.is_some()),
            "{tickets}"
        );
    }
}

#[tokio::test]
async fn options_that_are_not_shown_are_asked_for_again() {
    let service = Script::default()
        .on(RESPONSES, |_, _| {
            (
                200,
                page(
                    RESPONSES,
                    json!([response("01A", 1, &["scale", "reasons"])]),
                    None,
                ),
            )
        })
        .on("/api/v2/guide/en-us/survey_responses/01A", |count, _| {
            let mut whole = shown("01A", 1, &["scale", "reasons"]);
            if count == 0 {
                for answer in whole["survey_response"]["answers"].as_array_mut().unwrap() {
                    answer["question"]["options"] = Value::Null;
                }
            }
            (200, whole)
        })
        .start();
    let mut history = History::open(":memory:").unwrap();
    sync(&mut history, &service).await;
    assert_eq!(
        (rows(&history)[0].scale, rows(&history)[0].reason.clone()),
        (None, None)
    );
    sync(&mut history, &service).await;
    assert_eq!(rows(&history)[0].scale, Some(2));
    assert_eq!(rows(&history)[0].reason.as_deref(), Some("Too slow"));
}

#[tokio::test]
async fn a_rating_that_the_service_fails_to_show_is_asked_for_again_until_it_comes() {
    for listed in [false, true] {
        let zendesk = Emulator::builder().seed(4).tickets(2_000).surveys(false);
        let mut account = Account::of(zendesk.start().unwrap());
        let since = Since::Time(account.zendesk.now() - chrono::TimeDelta::days(300));
        let by = |since| SyncOptions {
            since,
            ..SyncOptions::default()
        };
        account
            .history
            .sync(&account.client, by(since), &mut NoProgress)
            .await
            .unwrap();
        let offer = rows(&account.history)
            .into_iter()
            .find(|row| row.score.is_none() && row.ticket_status.as_deref() != Some("deleted"))
            .unwrap();
        account.rate(offer.ticket_id.unwrap(), "bad", Some("late words"));
        account.zendesk.advance(3_600);
        // Every way to the rating by its id ends in a page of HTML.
        let path = format!("satisfaction_ratings/{}", offer.id);
        account.set_faults(&json!({ "script": [{ "kind": "html", "path": path, "times": 100 }] }));
        let found = |history: &History| {
            let rows = rows(history);
            rows.into_iter().find(|row| row.id == offer.id).unwrap().score
        };
        for _ in 0..2 {
            let summary = account.sync().await;
            assert_eq!(summary.reconciliation.forbidden, 1, "{summary}");
            assert!(!summary.is_complete());
            assert_eq!(found(&account.history), None);
        }
        let since = if listed {
            Since::All
        } else {
            account.set_faults(&json!({}));
            Since::Remembered
        };
        let summary = account
            .history
            .sync(&account.client, by(since), &mut NoProgress)
            .await
            .unwrap();
        assert_eq!(found(&account.history).as_deref(), Some("bad"));
        assert!(summary.is_complete(), "{listed}: {summary}");
    }
}

#[tokio::test]
async fn what_was_taken_back_at_the_service_is_taken_back() {
    let mut account = Account::new(3, 400);
    account.sync().await;
    let answered = account
        .zendesk
        .truth()
        .into_iter()
        .rev()
        .find(|row| row["source"] == "survey" && !row["score"].is_null() && !row["ticket_id"].is_null())
        .unwrap();
    let id = answered["id"].as_str().unwrap();
    account
        .zendesk
        .put(&format!("survey_responses/{id}"), &json!({ "answers": [] }))
        .unwrap();
    account.zendesk.advance(3_600);
    account.sync().await;
    let row = rows(&account.history)
        .into_iter()
        .find(|row| row.id == id)
        .unwrap();
    assert_eq!((row.score, row.rated_at, row.comment), (None, None, None));
    account.assert_equals_truth();
}

#[tokio::test]
async fn surveys_that_stay_open_longer_are_listed_again_for_as_long() {
    for days in [7, 42, 60] {
        let zendesk = Emulator::builder()
            .seed(5)
            .tickets(600)
            .open_days(days)
            .start()
            .unwrap();
        let mut account = Account::of(zendesk);
        account.sync().await;
        account.assert_equals_truth();
        for passed in [1, 20, 45] {
            account.zendesk.advance(passed * DAY);
            account.sync().await;
            account.assert_equals_truth();
        }
    }
}

#[tokio::test]
async fn copies_at_the_edge_of_since_are_no_rows() {
    for seed in 1..=5 {
        let mut account = Account::new(seed, 1_500);
        let truth = account.zendesk.truth();
        let surveys: Vec<_> = truth.iter().filter(|row| row["source"] == "survey").collect();
        // In the midst of surveys that were sent before and answered after.
        let since = surveys[surveys.len() / 2]["sent_at"].as_str().unwrap();
        let options = SyncOptions {
            since: Since::Time(since.parse().unwrap()),
            ..SyncOptions::default()
        };
        account
            .history
            .sync(&account.client, options, &mut NoProgress)
            .await
            .unwrap();
        let later = truth
            .iter()
            .filter(|row| row["sent_at"].as_str() >= Some(since))
            .cloned();
        account.assert_equals(later);
    }
}

#[tokio::test]
async fn times_at_the_ends_of_what_can_be_written_end_nothing() {
    let extremes = [i64::MIN, -1, 0, i64::MAX];
    let service = Script::default()
        .on(RATINGS, |_, _| {
            let records: Vec<Value> = ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"]
                .iter()
                .zip(11..)
                .map(|(time, id)| {
                    with(
                        with(rating(id), "created_at", json!(time)),
                        "updated_at",
                        json!(time),
                    )
                })
                .collect();
            (200, page(RATINGS, json!(records), None))
        })
        .on(RESPONSES, |_, _| {
            // The highest time that a ULID can have.
            let last = with(
                response("7ZZZZZZZZZZZZZZZZZZZZZZZZZ", 1, &["scale"]),
                "expires_at",
                json!("9999-12-31T23:59:59.000Z"),
            );
            (200, page(RESPONSES, json!([last]), None))
        })
        .on(TICKETS, move |_, _| {
            let versions: Vec<Value> = extremes
                .iter()
                .zip(1..)
                .map(
                    |(generated, id)| json!({ "id": id, "status": "open", "generated_timestamp": generated }),
                )
                .collect();
            (200, tickets(json!(versions), "end", true))
        })
        .start();
    let mut history = History::open(":memory:").unwrap();
    for _ in 0..2 {
        sync(&mut history, &service).await;
    }
    assert_eq!(rows(&history).len(), 3);
    for table in zendesk_csat_history::export::Table::ALL {
        for batch in history.batches(table, &CsatQuery::default()).unwrap() {
            batch.unwrap();
        }
    }
}

#[tokio::test]
async fn texts_are_read_in_the_locale_that_was_named_once() {
    const SHOWN: &str = "/api/v2/guide/de/survey_responses/01A";
    let service = Script::default()
        .on(RESPONSES, |_, _| {
            (
                200,
                page(
                    RESPONSES,
                    json!([response("01A", 1, &["scale", "reasons"])]),
                    None,
                ),
            )
        })
        .on("/api/v2/guide/en-us/survey_responses/01A", |_, _| refused(404))
        .on(SHOWN, |_, _| (200, shown("01A", 1, &["scale", "reasons"])))
        .start();
    let mut history = History::open(":memory:").unwrap();
    let summary = sync(&mut history, &service).await;
    assert_eq!(summary.reconciliation.unknown_questions, 2, "{summary}");
    assert!(summary.is_complete());
    let said = history.gaps(None).unwrap()[0].to_string();
    assert!(
        said.contains("2 questions have no texts") && said.contains("--locale"),
        "{said}"
    );

    let german = SyncOptions {
        locale: Some("de".parse().unwrap()),
        ..SyncOptions::default()
    };
    sync_by(&mut history, &service, german).await;
    let summary = sync(&mut history, &service).await;
    assert_eq!(summary.reconciliation.unknown_questions, 0, "{summary}");
    assert_eq!(history.gaps(None).unwrap(), []);
    let row = &rows(&history)[0];
    assert_eq!(
        (row.scale, row.reason.as_deref(), row.locale.as_deref()),
        (Some(2), Some("Too slow"), Some("de"))
    );
    assert_eq!(service.asked(SHOWN).len(), 1);
    assert_eq!(service.asked("guide/en-us").len(), 1);
}
