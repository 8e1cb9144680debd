//! Later syncs: what is new, what was answered late, what was edited, what was rated again.

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
