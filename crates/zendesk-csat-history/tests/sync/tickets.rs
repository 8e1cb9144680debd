//! Tickets by export or by their ids: whichever takes fewer calls, with the same table in the end.

use chrono::TimeDelta;
use serde_json::{Value, json};
use zendesk_csat_emulator::Emulator;
use zendesk_csat_history::{
    Because, CsatQuery, History, NoProgress, Progress, Since, Step, SyncOptions, SyncSummary, TicketsVia, Via,
};

use crate::account::{Account, DAY};
use crate::service::{RESPONSES, Script, Service, page, response};

const SHOW_MANY: &str = "/api/v2/tickets/show_many";

fn via(tickets: TicketsVia) -> SyncOptions {
    SyncOptions {
        tickets,
        ..SyncOptions::default()
    }
}

/// An account that asks few of its customers: so many more tickets, of which a row is about the last only.
fn sparse(seed: u64, tickets: u32, unrated: u32) -> Account {
    let account = Account::new(seed, tickets);
    put_unrated(&account.zendesk, unrated);
    account
}

fn put_unrated(zendesk: &Emulator, tickets: u32) {
    let mut last = Value::Null;
    for _ in 0..tickets {
        last = zendesk.put("tickets", &json!({"status": "open"})).unwrap();
    }
    zendesk.advance(3_600);
    // The rows reach to the newest ticket.
    let survey = json!({"ticket_id": last["ticket"]["id"]});
    zendesk.put("survey_responses", &survey).unwrap();
    zendesk.advance(61);
}

/// The calls of the journal that fetched tickets: by export, by their ids.
fn fetched(account: &Account) -> (usize, usize) {
    let journal = account.zendesk.journal();
    let count = |part| journal.iter().filter(|call| call.path.contains(part)).count();
    (count("incremental/tickets"), count("tickets/show_many"))
}

async fn sync(account: &mut Account, options: SyncOptions) -> SyncSummary {
    account.zendesk.clear_journal();
    account
        .history
        .sync(&account.client, options, &mut NoProgress)
        .await
        .unwrap()
}

#[tokio::test]
async fn where_most_tickets_have_rows_they_are_exported() {
    let mut account = Account::new(1, 600);
    let summary = sync(&mut account, SyncOptions::default()).await;
    assert_eq!(
        (summary.tickets.via, summary.tickets.because),
        (TicketsVia::Export, Because::Calls)
    );
    assert_eq!(fetched(&account), (1, 0));
    account.assert_equals_truth();
}

/// The survey responses that were stored before the first ticket was asked for, and after.
#[derive(Default)]
struct Order {
    before: u64,
    after: u64,
    exporting: bool,
}

impl Progress for Order {
    fn started(&mut self, step: Step) {
        self.exporting |= step == Step::Tickets;
    }

    fn advanced(&mut self, step: Step, rows: u64) {
        match (step, self.exporting) {
            (Step::SurveyResponses, false) => self.before += rows,
            (Step::SurveyResponses, true) => self.after += rows,
            _ => {}
        }
    }
}

#[tokio::test]
async fn the_export_begins_as_soon_as_it_is_sure_to_take_fewer_calls() {
    let mut account = Account::new(2, 8_000);
    for days in [Some(150), None] {
        let options = SyncOptions {
            since: days.map_or(Since::All, |days| {
                Since::Time(account.zendesk.now() - TimeDelta::days(days))
            }),
            ..SyncOptions::default()
        };
        let mut order = Order::default();
        let sync = account.history.sync(&account.client, options, &mut order);
        assert_eq!(sync.await.unwrap().tickets.because, Because::Calls);
        assert!(
            order.before < order.after,
            "{days:?}: {} before, {} after",
            order.before,
            order.after
        );
    }
}

#[tokio::test]
async fn where_few_tickets_have_rows_those_are_shown() {
    let mut account = sparse(2, 150, 2_500);
    let plan = account
        .history
        .plan(&account.client, &SyncOptions::default())
        .await
        .unwrap();
    assert_eq!(plan.tickets.via, TicketsVia::ShowMany, "{plan}");
    assert_eq!(plan.calls.incremental, 0, "{plan}");
    let summary = sync(&mut account, SyncOptions::default()).await;
    let choice = summary.tickets;
    assert_eq!(
        (choice.via, choice.because),
        (TicketsVia::ShowMany, Because::Calls),
        "{choice}"
    );
    assert_eq!((choice.export_calls, choice.show_many_calls), (Some(3), Some(2)));
    assert_eq!(fetched(&account), (0, 2));
    assert!(
        summary
            .to_string()
            .contains("tickets by their ids, 2 calls; the export takes about 3 calls")
    );
    assert_equals_truth_but_for_deleted(&account);
    // The export takes one call from here on.
    let plan = account
        .history
        .plan(&account.client, &SyncOptions::default())
        .await
        .unwrap();
    assert_eq!(
        (plan.first, plan.tickets.via, plan.calls.incremental),
        (false, TicketsVia::Export, 1),
        "{plan}"
    );
    let summary = sync(&mut account, SyncOptions::default()).await;
    assert_eq!(summary.tickets.via, TicketsVia::Export, "{}", summary.tickets);
    assert_eq!(fetched(&account), (1, 0));
}

/// Of a ticket that was deleted before it was first read, subject and assignee cannot be known by its id.
pub(crate) fn assert_equals_truth_but_for_deleted(account: &Account) {
    let synced = account.history.csat(&CsatQuery::default()).unwrap();
    let truth = account.zendesk.truth();
    let unknown = synced
        .iter()
        .filter(|row| row.ticket_status.as_deref() == Some("deleted") && row.ticket_subject.is_none());
    let unknown: Vec<_> = unknown.map(|row| row.ticket_id).collect();
    account.assert_equals(truth.into_iter().map(|mut row| {
        if unknown.contains(&row["ticket_id"].as_i64()) {
            assert_eq!(row["ticket_status"], "deleted");
            for column in [
                "ticket_subject",
                "brand_id",
                "brand",
                "organization_id",
                "organization",
                "ticket_form_id",
                "ticket_form",
                "priority",
                "tags",
                "channel",
            ] {
                row[column] = Value::Null;
            }
            if row["attribution"] == "ticket" {
                for column in ["assignee_id", "agent", "group_id", "group", "attribution"] {
                    row[column] = Value::Null;
                }
            }
        }
        row
    }));
}

#[tokio::test]
async fn showing_tickets_follows_time_as_the_export_does() {
    for seed in 1..=3 {
        let mut account = Account::new(seed, 300);
        for days in [0, 1, 3, 12, 40] {
            account.zendesk.advance(days * DAY);
            let summary = sync(&mut account, via(TicketsVia::ShowMany)).await;
            assert_eq!(summary.tickets.because, Because::Asked);
            let (exported, shown) = fetched(&account);
            assert!(exported == 0 && shown > 1, "{exported} exported, {shown} shown");
            assert_equals_truth_but_for_deleted(&account);
        }
    }
}

#[tokio::test]
async fn the_ways_can_be_taken_in_turns() {
    let (show, export) = (TicketsVia::ShowMany, TicketsVia::Export);
    for (seed, ways) in [
        (1, [export, show, show, export, show]),
        (2, [show, export, export, show, export]),
        (3, [show, export, show, export, TicketsVia::Auto]),
    ] {
        let mut account = Account::new(seed, 300);
        for (days, tickets) in [0, 2, 5, 12, 40].into_iter().zip(ways) {
            account.zendesk.advance(days * DAY);
            sync(&mut account, via(tickets)).await;
            assert_equals_truth_but_for_deleted(&account);
        }
    }
}

#[tokio::test]
async fn legacy_ratings_that_change_late_are_found_by_shown_tickets() {
    for (seed, one_in) in [(1, 40), (2, 5), (3, 1)] {
        let zendesk = Emulator::builder()
            .seed(seed)
            .tickets(300)
            .surveys(false)
            .start()
            .unwrap();
        let mut account = Account::of(zendesk);
        sync(&mut account, via(TicketsVia::ShowMany)).await;
        let truth = account.zendesk.truth();
        let offered = truth
            .iter()
            .filter(|row| row["score"].is_null() && row["ticket_status"] != "deleted")
            .map(|row| row["ticket_id"].as_i64().unwrap());
        for (nth, ticket) in offered.step_by(one_in).enumerate() {
            account.rate(ticket, ["good", "bad"][nth % 2], Some("at last"));
            if nth % 4 == 0 {
                account.rate(ticket, "good", Some("on second thought"));
            }
        }
        account.zendesk.advance(3_600);
        for _ in 0..2 {
            sync(&mut account, via(TicketsVia::ShowMany)).await;
            assert_equals_truth_but_for_deleted(&account);
        }
        // What was found to have changed is not asked for again.
        assert_eq!(
            account
                .zendesk
                .journal()
                .iter()
                .filter(|call| is_rating_shown(&call.path))
                .count(),
            0
        );
    }
}

fn is_rating_shown(path: &str) -> bool {
    path.split_once("satisfaction_ratings/")
        .is_some_and(|(_, rest)| rest.starts_with(|first: char| first.is_ascii_digit()))
}

#[tokio::test]
async fn an_export_goes_on_from_its_cursor_after_tickets_were_shown() {
    let mut account = Account::new(4, 300);
    sync(&mut account, via(TicketsVia::Export)).await;
    account.zendesk.advance(DAY);
    sync(&mut account, via(TicketsVia::ShowMany)).await;
    account.zendesk.advance(DAY);
    sync(&mut account, via(TicketsVia::Export)).await;
    let journal = account.zendesk.journal();
    let export = journal
        .iter()
        .find(|call| call.path.contains("incremental"))
        .unwrap();
    assert!(
        export.query.contains("cursor=") && !export.query.contains("start_time"),
        "{export:?}"
    );
    account.assert_equals_truth();
}

#[tokio::test]
async fn the_first_export_after_tickets_were_shown_begins_there() {
    let mut account = Account::new(4, 300);
    sync(&mut account, via(TicketsVia::ShowMany)).await;
    account.zendesk.advance(DAY);
    let summary = sync(&mut account, via(TicketsVia::Export)).await;
    assert!(summary.rows.tickets < 100, "{:?}", summary.rows);
    assert_equals_truth_but_for_deleted(&account);
    // Audits need the tickets that no row is about as well.
    let audits = SyncOptions {
        via: Via::Audits,
        ..via(TicketsVia::ShowMany)
    };
    let summary = sync(&mut account, audits).await;
    assert_eq!(summary.tickets.because, Because::Audits);
    assert!(summary.rows.tickets >= 300, "{:?}", summary.rows);
    account.assert_equals_truth();
}

#[tokio::test]
async fn an_export_that_is_asked_for_tells_of_tickets_that_were_deleted_before_they_were_shown() {
    let mut account = Account::new(5, 1_500);
    let shown = sync(&mut account, via(TicketsVia::ShowMany)).await;
    assert!(shown.reconciliation.deleted > 0, "{shown}");
    let subjects = |account: &Account| {
        let rows = account.history.csat(&CsatQuery::default()).unwrap();
        rows.iter()
            .filter(|row| row.ticket_id.is_some() && row.ticket_subject.is_none())
            .count()
    };
    assert!(subjects(&account) > 0);
    for (advanced, everything) in [(DAY, true), (DAY, false)] {
        account.zendesk.advance(advanced);
        let summary = sync(&mut account, via(TicketsVia::Export)).await;
        assert_eq!(summary.rows.tickets >= 1_500, everything, "{:?}", summary.rows);
        account.assert_equals_truth();
    }
}

#[tokio::test]
async fn a_ticket_deleted_after_it_was_read_keeps_what_is_known_of_it() {
    let service = about([7, 8]).start_with(|count| {
        let tickets = if count == 0 {
            json!([ticket(7), ticket(8)])
        } else {
            json!([ticket(8)])
        };
        (200, json!({ "tickets": tickets }))
    });
    let mut history = History::open(":memory:").unwrap();
    for status in ["solved", "deleted"] {
        let summary = show(&mut history, &service).await;
        let row = &history.csat(&CsatQuery::default()).unwrap()[0];
        assert_eq!(row.ticket_status.as_deref(), Some(status));
        assert_eq!(
            (row.ticket_subject.as_deref(), row.assignee_id),
            (Some("About 7"), Some(70))
        );
        assert_eq!(summary.reconciliation.deleted, u64::from(status == "deleted"));
        assert_eq!(summary.reconciliation.unmatched, 0);
    }
}

#[tokio::test]
async fn a_ticket_that_is_back_is_shown_as_it_is() {
    let service = about([7, 8]).start_with(|count| {
        let tickets = if count == 1 {
            json!([ticket(7), ticket(8)])
        } else {
            json!([ticket(8)])
        };
        (200, json!({ "tickets": tickets }))
    });
    let mut history = History::open(":memory:").unwrap();
    for (status, subject) in [
        ("deleted", None),
        ("solved", Some("About 7")),
        ("deleted", Some("About 7")),
    ] {
        show(&mut history, &service).await;
        let row = &history.csat(&CsatQuery::default()).unwrap()[0];
        assert_eq!(
            (row.ticket_status.as_deref(), row.ticket_subject.as_deref()),
            (Some(status), subject)
        );
    }
}

#[tokio::test]
async fn a_ticket_that_cannot_be_read_takes_no_other_along() {
    let service = about(1..=100).start_with(|_| {
        let tickets = (1..=99).map(|id| {
            if id == 50 {
                json!({"id": 50, "subject": []})
            } else {
                ticket(id)
            }
        });
        (200, json!({ "tickets": tickets.collect::<Vec<_>>() }))
    });
    let mut history = History::open(":memory:").unwrap();
    let summary = show(&mut history, &service).await;
    assert_eq!(summary.reconciliation.malformed, 1);
    let status = |id: i64| {
        let rows = history.csat(&CsatQuery::default()).unwrap();
        rows.into_iter()
            .find(|row| row.ticket_id == Some(id))
            .unwrap()
            .ticket_status
    };
    assert_eq!(status(49).as_deref(), Some("solved"));
    assert_eq!(status(50), None);
    assert_eq!(status(100).as_deref(), Some("deleted"));
}

#[tokio::test]
async fn beside_a_record_without_an_id_no_ticket_is_taken_for_deleted() {
    let service = about(1..=3).start_with(|count| {
        let second = if count < 3 { Value::Null } else { ticket(2) };
        (200, json!({ "tickets": [ticket(1), second] }))
    });
    let mut history = History::open(":memory:").unwrap();
    let statuses = |history: &History| -> Vec<_> {
        let rows = history.csat(&CsatQuery::default()).unwrap();
        rows.into_iter().map(|row| row.ticket_status).collect()
    };
    let solved = || Some("solved".to_owned());
    let summary = show(&mut history, &service).await;
    assert_eq!(
        (summary.reconciliation.malformed, summary.reconciliation.unmatched),
        (1, 2)
    );
    assert_eq!(statuses(&history), [solved(), None, None]);
    let summary = show(&mut history, &service).await;
    assert_eq!(summary.reconciliation.malformed, 0);
    assert_eq!(
        statuses(&history),
        [solved(), solved(), Some("deleted".to_owned())]
    );
}

#[tokio::test]
async fn tickets_that_are_refused_leave_the_rest_of_the_history() {
    for status in [403, 404] {
        let service = about(1..=150).start_with(move |count| match count {
            0 => (
                status,
                json!({ "error": "Refused", "description": "as the test says" }),
            ),
            _ => (
                200,
                json!({ "tickets": (101..=150).map(ticket).collect::<Vec<_>>() }),
            ),
        });
        let mut history = History::open(":memory:").unwrap();
        let summary = show(&mut history, &service).await;
        assert_eq!(summary.unavailable.len(), 1, "{summary}");
        assert_eq!(summary.unavailable[0].step, Step::Tickets);
        assert!(!summary.is_complete());
        let rows = history.csat(&CsatQuery::default()).unwrap();
        let known = rows.iter().filter(|row| row.ticket_status.is_some()).count();
        // Either page may have been the one that was refused.
        assert!(
            rows.len() == 150 && [50, 100].contains(&known),
            "{known} of {}",
            rows.len()
        );
    }
}

#[tokio::test]
async fn the_longest_ids_fit_into_a_call() {
    let first = 12_345_678_901_000;
    let ids = first..first + 100;
    let service = about(ids.clone()).start_with(move |_| {
        (
            200,
            json!({ "tickets": (first..first + 100).map(ticket).collect::<Vec<_>>() }),
        )
    });
    let mut history = History::open(":memory:").unwrap();
    let summary = show(&mut history, &service).await;
    assert_eq!(summary.rows.tickets, 100);
    let asked = service.asked(SHOW_MANY);
    assert_eq!(asked.len(), 1);
    assert!(ids.into_iter().all(|id| asked[0].contains(&id.to_string())));
    assert!(asked[0].len() < 2_048, "{}", asked[0].len());
}

fn ticket(id: i64) -> Value {
    json!({
        "id": id, "subject": format!("About {id}"), "status": "solved", "assignee_id": id * 10,
        "updated_at": "2026-03-02T10:00:00Z",
    })
}

/// A service with a survey response about each of the tickets.
struct About(Script);

fn about(tickets: impl IntoIterator<Item = i64>) -> About {
    let responses = tickets
        .into_iter()
        .map(|id| response(&format!("01A{id:020}"), id, &[]))
        .collect::<Value>();
    About(Script::default().on(RESPONSES, move |_, _| {
        (200, page(RESPONSES, responses.clone(), None))
    }))
}

impl About {
    /// `answer` gets the number of the request for tickets by their ids.
    fn start_with(self, answer: impl Fn(usize) -> (u16, Value) + Send + 'static) -> Service {
        self.0.on(SHOW_MANY, move |count, _| answer(count)).start()
    }
}

async fn show(history: &mut History, service: &Service) -> SyncSummary {
    history
        .sync(&service.client(), via(TicketsVia::ShowMany), &mut NoProgress)
        .await
        .unwrap()
}
