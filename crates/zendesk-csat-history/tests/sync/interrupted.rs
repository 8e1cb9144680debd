//! Syncs that end early, and syncs that meet.

use std::time::Duration;

use tokio::sync::oneshot;
use zendesk_csat_emulator::Emulator;
use zendesk_csat_history::{CsatQuery, History, HistoryError, NoProgress, Progress, Step, SyncOptions};

use crate::account::{Account, DAY};

/// Drops the sync after so long, wherever it is then. Whether it was still running.
async fn drop_after(account: &mut Account, time: Duration) -> bool {
    tokio::time::timeout(time, account.try_sync()).await.is_err()
}

/// Drops the sync after so many pages. Whether it had not finished by then.
async fn drop_after_pages(account: &mut Account, pages: usize) -> bool {
    let (enough, cut) = oneshot::channel();
    let mut progress = Pages {
        left: pages,
        enough: Some(enough),
    };
    let sync = account
        .history
        .sync(&account.client, SyncOptions::default(), &mut progress);
    tokio::select! {
        biased;
        Ok(()) = cut => true,
        finished = sync => {
            finished.unwrap();
            false
        }
    }
}

struct Pages {
    left: usize,
    enough: Option<oneshot::Sender<()>>,
}

impl Progress for Pages {
    fn advanced(&mut self, _step: Step, _rows: u64) {
        self.left = self.left.saturating_sub(1);
        if self.left == 0
            && let Some(enough) = self.enough.take()
        {
            enough.send(()).unwrap();
        }
    }
}

#[tokio::test]
async fn a_sync_dropped_anywhere_goes_on_to_the_truth() {
    let mut dropped = 0;
    for seed in 1..=5 {
        let mut account = Account::new(seed, 300);
        for attempt in 1..=6 {
            let time = Duration::from_millis(attempt * (5 + seed * 3));
            dropped += u32::from(drop_after(&mut account, time).await);
        }
        account.sync().await;
        account.assert_equals_truth();
    }
    assert!(dropped > 5, "{dropped} syncs were dropped");
}

#[tokio::test]
async fn a_sync_dropped_at_any_page_and_resumed_days_later_equals_the_truth_of_then() {
    let mut account = Account::new(8, 2_200);
    let mut dropped = 0;
    for (pages, days) in [
        (1, 1),
        (2, 3),
        (5, 9),
        (9, 2),
        (13, 30),
        (20, 1),
        (3, 2),
        (2, 40),
        (7, 1),
    ] {
        dropped += u32::from(drop_after_pages(&mut account, pages).await);
        account.zendesk.advance(days * DAY);
    }
    assert!(dropped > 6, "{dropped} syncs were dropped");
    account.sync().await;
    account.assert_equals_truth();
}

#[tokio::test]
async fn what_was_read_before_the_end_is_not_read_again() {
    let start = || Emulator::builder().seed(2).tickets(2_200).start().unwrap();
    let mut whole = Account::of(start());
    whole.sync().await;
    let mut parts = Account::of(start());
    const STORED: usize = 20;
    assert!(drop_after_pages(&mut parts, STORED).await);
    let before = parts.requests();
    parts.sync().await;
    parts.assert_equals_truth();
    // Besides what is left: the reasons, and the windows in which something may have changed meanwhile.
    let after = parts.requests() - before;
    assert!(
        after + STORED < whole.requests() + 12,
        "{after} after {before}, and {} in one",
        whole.requests()
    );
}

#[tokio::test]
async fn of_two_syncs_on_one_file_the_second_says_so_and_leaves() {
    let mut account = Account::new(1, 300);
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
    let rows = |history: &History| history.csat(&CsatQuery::default()).unwrap();
    assert_eq!(rows(&second), rows(&account.history));
}
