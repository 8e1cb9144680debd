//! Later syncs: what is new, what was answered late, what was edited, what was rated again.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use zendesk_csat_emulator::Emulator;

use crate::account::{Account, DAY};

#[tokio::test]
async fn syncs_that_follow_time_equal_the_truth_each_time() {
    for seed in 1..=5 {
        let mut account = Account::new(seed, 300);
        account.sync().await;
        for days in [1, 3, 12, 40] {
            account.zendesk.advance(days * DAY);
            account.sync().await;
            account.assert_equals_truth();
        }
    }
}

#[tokio::test]
async fn legacy_offers_answered_late_and_ratings_given_again_equal_the_truth() {
    for (seed, one_in) in [(1, 40), (2, 5), (3, 1)] {
        let zendesk = Emulator::builder()
            .seed(seed)
            .tickets(300)
            .surveys(false)
            .start()
            .unwrap();
        let mut account = Account::of(zendesk);
        account.sync().await;
        account.assert_equals_truth();
        let offered: Vec<i64> = account
            .zendesk
            .truth()
            .iter()
            .filter(|row| row["score"].is_null() && row["ticket_status"] != "deleted")
            .map(|row| row["ticket_id"].as_i64().unwrap())
            .step_by(one_in)
            .collect();
        assert!(offered.len() > 2);
        for (nth, ticket) in offered.into_iter().enumerate() {
            account.rate(
                ticket,
                ["good", "bad"][nth % 2],
                (nth % 3 == 0).then_some("at last"),
            );
            if nth % 4 == 0 {
                account.rate(ticket, "good", Some("on second thought"));
            }
        }
        account.zendesk.advance(3_600);
        account.sync().await;
        account.assert_equals_truth();
    }
}

#[tokio::test]
async fn time_changes_the_truth() {
    let mut account = Account::new(1, 600);
    account.sync().await;
    let before = account.zendesk.truth();
    account.zendesk.advance(3 * DAY);
    let after = account.zendesk.truth();
    assert!(after.len() > before.len());
    let changed = before.iter().filter(|row| !after.contains(row)).count();
    assert!(changed > 0);
}

/// The paths of the journal and how often each was asked for.
fn asked(account: &Account) -> BTreeMap<String, usize> {
    let mut asked = BTreeMap::new();
    for call in account.zendesk.journal() {
        let path = call.path.trim_start_matches("/api/v2/").trim_end_matches(".json");
        *asked.entry(path.to_owned()).or_default() += 1;
    }
    asked
}

fn time(row: &Value, column: &str) -> Option<DateTime<Utc>> {
    row[column].as_str().map(|time| time.parse().unwrap())
}

#[tokio::test]
async fn a_sync_of_an_unchanged_account_costs_its_window_only() {
    for (seed, tickets) in [(2, 2_000), (3, 6_000)] {
        let mut account = Account::new(seed, tickets);
        account.sync().await;
        let mut surveys = account.zendesk.truth();
        surveys.retain(|row| row["source"] == "survey");
        // The newest survey tells when the list was read. The answers that could be changed then, an hour for the
        // service's clocks, may have changed since.
        let read_at = surveys
            .iter()
            .filter_map(|row| time(row, "sent_at"))
            .max()
            .unwrap();
        let can_change = |row: &&Value| time(row, "expires_at") >= Some(read_at - TimeDelta::hours(1));
        let window = surveys.iter().filter(can_change).count();
        assert!(
            window > 50 && window < surveys.len() / 2,
            "{window} of {}",
            surveys.len()
        );

        account.zendesk.clear_journal();
        let summary = account.sync().await;
        account.assert_equals_truth();
        assert_eq!(summary.rows.survey_responses, window as u64);
        let pages = [
            ("guide/survey_responses", window.div_ceil(50)),
            ("incremental/tickets/cursor", 1),
            ("satisfaction_ratings", 1),
            ("satisfaction_ratings/count", 1),
            ("satisfaction_reasons", 1),
        ];
        assert_eq!(
            asked(&account),
            BTreeMap::from(pages.map(|(path, calls)| (path.to_owned(), calls)))
        );
        assert_eq!(account.requests() as u64, summary.calls.total());
    }
}

#[tokio::test]
async fn unchanged_legacy_ratings_cost_a_call() {
    let zendesk = Emulator::builder().seed(1).tickets(2_000).surveys(false);
    let mut account = Account::of(zendesk.start().unwrap());
    account.sync().await;
    account.zendesk.clear_journal();
    let summary = account.sync().await;
    assert!(
        summary.rows.ratings < 100 && summary.rows.tickets == 0,
        "{:?}",
        summary.rows
    );
    let calls = asked(&account);
    assert_eq!(calls.len(), 5, "{calls:?}");
    assert!(calls.values().all(|calls| *calls == 1), "{calls:?}");
}
