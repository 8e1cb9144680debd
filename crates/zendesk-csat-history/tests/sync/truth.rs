//! One sync, several accounts.

use crate::account::{Account, client};
use zendesk_csat_emulator::Emulator;
use zendesk_csat_history::{CsatQuery, History, NoProgress, Since, SyncOptions};

#[tokio::test]
async fn a_first_sync_equals_the_truth() {
    for (seed, tickets) in [(1, 500), (2, 700), (3, 2_000), (4, 600), (5, 1_100)] {
        let mut account = Account::new(seed, tickets);
        account.sync().await;
        account.assert_equals_truth();
    }
}

#[tokio::test]
async fn copies_that_the_service_does_not_list_change_nothing() {
    let zendesk = Emulator::builder()
        .seed(6)
        .tickets(400)
        .mirrors(false)
        .start()
        .unwrap();
    let mut account = Account::of(zendesk);
    let summary = account.sync().await;
    account.assert_equals_truth();
    assert_eq!(summary.reconciliation.copies, 0);
    account.zendesk.advance(3 * crate::account::DAY);
    account.sync().await;
    account.assert_equals_truth();
}

#[tokio::test]
async fn a_second_account_in_the_same_file_changes_nothing_of_the_first() {
    let mut first = Account::new(1, 300);
    first.sync().await;
    let second = Emulator::builder().seed(2).tickets(300).start().unwrap();
    let other = zendesk_csat::Client::builder("another")
        .base_url(second.base_url())
        .credentials(zendesk_csat::Credentials::oauth_token(
            second.account().oauth_token.as_str(),
        ))
        .build()
        .unwrap();
    first
        .history
        .sync(&other, SyncOptions::default(), &mut NoProgress)
        .await
        .unwrap();
    let of = |subdomain: &str| {
        let query = CsatQuery {
            subdomain: Some(subdomain.to_owned()),
            ..CsatQuery::default()
        };
        first.history.csat(&query).unwrap()
    };
    assert_eq!(of(first.client.subdomain()).len(), first.zendesk.truth().len());
    assert_eq!(of("another").len(), second.truth().len());
}

#[tokio::test]
async fn nothing_is_asked_for_ticket_by_ticket() {
    let mut account = Account::new(7, 1_000);
    account.sync().await;
    let truth = account.zendesk.truth();
    let rated = truth.iter().filter(|row| !row["score"].is_null()).count();
    // Pages of 50 responses and of 100 ratings, a page of tickets a thousand, and a handful besides.
    let requests = account.requests();
    assert!(
        requests <= truth.len() / 50 + 20,
        "{requests} requests for {} rows",
        truth.len()
    );
    assert!(rated / requests > 5, "{requests} requests for {rated} answers");
}

#[tokio::test]
async fn what_was_sent_before_since_is_left_out_until_it_is_asked_for() {
    let zendesk = Emulator::builder().seed(3).tickets(400).start().unwrap();
    let mut account = Account::of(zendesk);
    account.sync().await;
    let all = account.history.csat(&CsatQuery::default()).unwrap();
    let since = all[all.len() / 2].sent_at;

    let mut later = History::open(":memory:").unwrap();
    let client = client(&account.zendesk);
    later
        .sync(
            &client,
            SyncOptions {
                since: since.into(),
                ..SyncOptions::default()
            },
            &mut NoProgress,
        )
        .await
        .unwrap();
    let query = CsatQuery {
        since,
        ..CsatQuery::default()
    };
    assert_eq!(later.csat(&query).unwrap(), account.history.csat(&query).unwrap());
    assert!(later.csat(&CsatQuery::default()).unwrap().len() < all.len());

    // A plain sync goes on with it.
    let summary = later
        .sync(&client, SyncOptions::default(), &mut NoProgress)
        .await
        .unwrap();
    assert_eq!(summary.since, since);
    assert!(summary.to_string().contains("--since all"), "{summary}");
    assert_eq!(
        later.csat(&CsatQuery::default()).unwrap(),
        account.history.csat(&query).unwrap()
    );
    assert_eq!(
        summary.reconciliation.sent as usize,
        later.csat(&query).unwrap().len()
    );

    let all_there_is = SyncOptions {
        since: Since::All,
        ..SyncOptions::default()
    };
    later.sync(&client, all_there_is, &mut NoProgress).await.unwrap();
    assert_eq!(later.csat(&CsatQuery::default()).unwrap(), all);
}

#[tokio::test]
async fn after_a_sync_the_file_alone_is_whole() {
    let mut account = Account::new(1, 200);
    account.sync().await;
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.db");
    std::fs::copy(account.history.path(), &copy).unwrap();
    let copied = History::open(&copy).unwrap();
    let rows = |history: &History| history.csat(&CsatQuery::default()).unwrap();
    assert_eq!(rows(&copied), rows(&account.history));
    assert_eq!(
        copied.as_of(Some("acme")).unwrap(),
        account.history.as_of(None).unwrap()
    );
    assert_eq!(copied.as_of(Some("nobody")).unwrap(), None);
}

#[tokio::test]
async fn a_sync_can_move_between_threads() {
    let mut account = Account::new(1, 50);
    let synced = tokio::spawn(async move {
        account.sync().await;
        account
    });
    synced.await.unwrap().assert_equals_truth();
}

/// The ratings that are copies, with the survey responses that they copy.
fn copies(account: &Account) -> Vec<(String, String)> {
    let connection = rusqlite::Connection::open(account.history.path()).unwrap();
    let mut copies: Vec<_> = connection
        .prepare("SELECT CAST(id AS TEXT), copy_of FROM ratings WHERE copy_of IS NOT NULL")
        .unwrap()
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    copies.sort();
    copies
}

#[tokio::test]
async fn the_copies_are_those_that_the_account_made_sync_after_sync() {
    for seed in 21..=24 {
        let mut account = Account::new(seed, 400);
        for _ in 0..3 {
            account.sync().await;
            account.assert_equals_truth();
            let text = |copy: &serde_json::Value, name: &str| copy[name].as_str().unwrap().to_owned();
            let made = account.zendesk.copies();
            let mut expected: Vec<_> = made
                .iter()
                .map(|copy| (text(copy, "rating_id"), text(copy, "survey_response_id")))
                .collect();
            expected.sort();
            assert!(!expected.is_empty());
            assert_eq!(copies(&account), expected, "seed {seed}");
            account.zendesk.advance(4 * crate::account::DAY);
        }
    }
}
