//! A service that fails all the time, in every way it can.

use serde_json::json;
use zendesk_csat::{Client, Credentials};

use crate::account::{Account, DAY};

/// Runs until one of them ends well, as a scheduler would start them.
async fn sync_until_done(account: &mut Account) -> u32 {
    for failed in 0..1_000 {
        if account.try_sync().await.is_ok() {
            return failed;
        }
    }
    unreachable!("a thousand syncs failed");
}

#[tokio::test]
async fn faults_of_every_kind_end_in_the_truth() {
    let mut failed = 0;
    for seed in 1..=5 {
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
            }));
            failed += sync_until_done(&mut account).await;
            account.zendesk.advance(4 * DAY);
        }
        account.set_faults(&json!({}));
        account.sync().await;
        account.assert_equals_truth();
    }
    assert!(failed > 20, "{failed} syncs failed");
}
