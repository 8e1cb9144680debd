//! A service that fails all the time, in every way it can.

use serde_json::json;
use zendesk_csat::{Client, Credentials};
use zendesk_csat_history::{HistoryError, NoProgress, SyncOptions, SyncSummary, TicketsVia};

use crate::account::{Account, DAY, impatient};
use crate::tickets::assert_equals_truth_but_for_deleted;

/// Runs until one of them ends well, as a scheduler would start them.
async fn sync_until_done(account: &mut Account, tickets: TicketsVia) -> u32 {
    for failed in 0..1_000 {
        if try_sync(account, tickets).await.is_ok() {
            return failed;
        }
        // A role that sees less lasts for an hour.
        account.zendesk.advance(600);
    }
    unreachable!("a thousand syncs failed");
}

async fn try_sync(account: &mut Account, tickets: TicketsVia) -> Result<SyncSummary, HistoryError> {
    let options = SyncOptions {
        tickets,
        ..impatient()
    };
    account
        .history
        .sync(&account.client, options, &mut NoProgress)
        .await
}

#[tokio::test]
async fn faults_of_every_kind_end_in_the_truth() {
    assert!(faults(1..=5, TicketsVia::Auto).await > 20);
}

#[tokio::test]
async fn faults_of_every_kind_end_in_the_truth_where_tickets_are_shown() {
    assert!(faults(6..=8, TicketsVia::ShowMany).await > 12);
}

/// How many syncs failed.
async fn faults(seeds: std::ops::RangeInclusive<u64>, tickets: TicketsVia) -> u32 {
    let mut failed = 0;
    for seed in seeds {
        let mut account = Account::new(seed, 250);
        // Whatever fails ends the sync: waiting and trying again is what the next one does.
        account.client = Client::builder(account.client.subdomain())
            .base_url(account.zendesk.base_url())
            .credentials(Credentials::oauth_token(
                account.zendesk.account().oauth_token.as_str(),
            ))
            .max_retries(0)
            .build()
            .unwrap();
        for round in 0..3 {
            account.set_faults(&json!({
                "seed": seed * 10 + round,
                "server_error": 0.02, "reset_before": 0.02, "reset_in_body": 0.02, "reset_after": 0.02,
                "truncated_gzip": 0.02, "corrupt_gzip": 0.02, "html": 0.02, "empty_body": 0.02,
                "wrong_type": 0.05, "malformed_record": 0.05, "unknown_field": 0.1,
                "duplicated_record": 0.1, "reordered_records": 0.1,
                "empty_page": 0.1, "repeated_cursor": 0.03, "expired_cursor": 0.03, "foreign_after_url": 0.1,
                "empty_object": 0.02, "error_200": 0.02, "no_end": 0.02, "null_list": 0.02,
                "future_time": 0.05, "not_utf8": 0.05, "half_emoji": 0.05, "narrow_role": 0.1, "capital_scores": 0.05,
            }));
            failed += sync_until_done(&mut account, tickets).await;
            account.zendesk.advance(4 * DAY);
        }
        account.set_faults(&json!({}));
        try_sync(&mut account, tickets).await.unwrap();
        assert_equals_truth_but_for_deleted(&account);
        if tickets == TicketsVia::Auto {
            account.assert_equals_truth();
        }
    }
    failed
}
