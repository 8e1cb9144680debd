//! Later syncs: what is new, what was answered late, what was edited, what was rated again.

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

#[tokio::test]
async fn a_sync_of_an_unchanged_account_costs_its_window_only() {
    let mut account = Account::new(2, 2_000);
    account.sync().await;
    let first = account.requests();
    account.zendesk.clear_journal();
    let summary = account.sync().await;
    account.assert_equals_truth();
    assert_eq!(account.requests() as u64, summary.calls.total());
    assert!(
        account.requests() < first / 2,
        "{} of {first}",
        account.requests()
    );
    assert_eq!(summary.rows.questions, 0);
    assert_eq!(summary.calls.incremental, 1);
}
