//! Syncs that end early, and syncs that meet.

use std::time::Duration;

use crate::account::{Account, DAY};
use zendesk_csat_history::{CsatQuery, History, HistoryError, NoProgress, Progress, Step, SyncOptions};

/// Cut off after so long, which is at a different place of the work each time.
async fn cut_short(account: &mut Account, after: Duration) -> bool {
    tokio::time::timeout(after, account.try_sync()).await.is_err()
}

#[tokio::test]
async fn a_sync_cut_short_anywhere_goes_on_to_the_truth() {
    let mut cut = 0;
    for seed in 1..=5 {
        let mut account = Account::new(seed, 700);
        for attempt in 1..=6 {
            let after = Duration::from_millis(attempt * (5 + seed * 3));
            cut += u32::from(cut_short(&mut account, after).await);
        }
        account.sync().await;
        account.assert_equals_truth();
    }
    assert!(cut > 5, "{cut} syncs were cut short");
}

#[tokio::test]
async fn a_sync_cut_short_and_resumed_days_later_equals_the_truth_of_then() {
    let mut cut = 0;
    for seed in 1..=5 {
        let mut account = Account::new(seed, 700);
        for days in [1, 2, 9, 33] {
            cut += u32::from(cut_short(&mut account, Duration::from_millis(10 + 10 * seed)).await);
            account.zendesk.advance(days * DAY);
        }
        account.sync().await;
        account.assert_equals_truth();
        cut += u32::from(cut_short(&mut account, Duration::from_millis(5 * seed)).await);
        account.zendesk.advance(2 * DAY);
        account.sync().await;
        account.assert_equals_truth();
    }
    assert!(cut > 5, "{cut} syncs were cut short");
}

#[tokio::test]
async fn what_was_read_before_the_cut_is_not_read_again() {
    let mut account = Account::new(2, 2_000);
    account.sync().await;
    let whole = account.requests();

    let mut again = Account::new(2, 2_000);
    let mut pages = CutAfter { pages: 12 };
    let sync = again
        .history
        .sync(&again.client, SyncOptions::default(), &mut pages);
    let cut = std::panic::AssertUnwindSafe(sync);
    let cut = futures::FutureExt::catch_unwind(cut).await;
    assert!(cut.is_err());
    let before = again.requests();
    again.sync().await;
    again.assert_equals_truth();
    // The page that was cut off, the reasons, and the windows that are read again since time may have passed.
    let requests = again.requests();
    assert!(
        before > 10 && requests < whole + whole / 2,
        "{requests} requests in two parts, {whole} in one"
    );
}

/// Ends the sync after so many pages.
struct CutAfter {
    pages: u32,
}

impl Progress for CutAfter {
    fn advanced(&mut self, _step: Step, _rows: u64) {
        self.pages -= 1;
        assert!(self.pages > 0, "cut");
    }
}

#[tokio::test]
async fn of_two_syncs_on_one_file_the_second_says_so_and_leaves() {
    let mut account = Account::new(1, 1_500);
    let mut second = History::open(account.history.path()).unwrap();
    let client = account.client.clone();
    let meanwhile = async {
        tokio::time::sleep(Duration::from_millis(5)).await;
        second
            .sync(&client, SyncOptions::default(), &mut NoProgress)
            .await
    };
    let (first, busy) = tokio::join!(account.try_sync(), meanwhile);
    first.unwrap();
    assert!(matches!(busy, Err(HistoryError::Busy { .. })), "{busy:?}");
    account.assert_equals_truth();
    second
        .sync(&client, SyncOptions::default(), &mut NoProgress)
        .await
        .unwrap();
    assert_eq!(
        second.csat(&CsatQuery::default()).unwrap(),
        account.history.csat(&CsatQuery::default()).unwrap()
    );
}
