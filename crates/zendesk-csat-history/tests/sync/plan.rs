//! What a plan says and what the sync then takes, by the account's own journal.

use chrono::TimeDelta;
use zendesk_csat::CallCounts;
use zendesk_csat_emulator::Emulator;
use zendesk_csat_history::{AttributeBy, NoProgress, Plan, SyncOptions, Via};

use crate::account::{Account, DAY};

/// Plans, then syncs; gives the plan, whose own calls are those of the journal, and the calls in the journal of the sync.
async fn planned(account: &mut Account, options: SyncOptions) -> (Plan, CallCounts) {
    account.zendesk.clear_journal();
    let plan = account.history.plan(&account.client, &options).await.unwrap();
    assert_eq!(account.requests() as u64, plan.spent.total());
    account.zendesk.clear_journal();
    account
        .history
        .sync(&account.client, options, &mut NoProgress)
        .await
        .unwrap();
    let mut calls = CallCounts::default();
    for call in account.zendesk.journal() {
        match call.bucket {
            "support" => calls.support += 1,
            "help_center" => calls.help_center += 1,
            "incremental" => calls.incremental += 1,
            _ => calls.oauth += 1,
        }
    }
    (plan, calls)
}

/// A plan is right within a fifth, and within three calls of a small number.
fn assert_close(plan: &Plan, calls: CallCounts) {
    let close = |planned: u64, taken: u64| planned.abs_diff(taken) <= 3 + taken / 5;
    assert!(
        close(plan.calls.support, calls.support)
            && close(plan.calls.help_center, calls.help_center)
            && close(plan.calls.incremental, calls.incremental),
        "{plan:?}\n{calls:?}"
    );
}

#[tokio::test]
async fn a_first_sync_takes_what_was_planned() {
    for (seed, tickets) in [(1, 0), (1, 100), (2, 3_000), (3, 6_000)] {
        let mut account = Account::new(seed, tickets);
        let (plan, calls) = planned(&mut account, SyncOptions::default()).await;
        assert!(plan.first);
        assert!(plan.spent.total() <= 5, "{plan:?}");
        assert_close(&plan, calls);
    }
}

#[tokio::test]
async fn a_first_sync_of_a_part_takes_what_was_planned() {
    let mut account = Account::new(4, 6_000);
    for days in [60, 200] {
        let since = account.zendesk.now() - TimeDelta::days(days);
        let options = SyncOptions {
            since: since.into(),
            ..SyncOptions::default()
        };
        let (plan, calls) = planned(&mut account, options).await;
        assert!(plan.first);
        assert!(plan.spent.total() <= 5, "{plan:?}");
        assert_close(&plan, calls);
    }
}

#[tokio::test]
async fn later_syncs_take_what_was_planned() {
    let mut account = Account::new(5, 4_000);
    account.sync().await;
    for days in [0, 1, 7, 7] {
        account.zendesk.advance(days * DAY);
        let (plan, calls) = planned(&mut account, SyncOptions::default()).await;
        assert!(!plan.first, "{plan:?}");
        assert_eq!(plan.spent.total(), 1, "{plan:?}");
        assert_close(&plan, calls);
        account.assert_equals_truth();
    }
}

#[tokio::test]
async fn audits_are_planned_for() {
    let mut account = Account::new(6, 2_000);
    let audits = SyncOptions {
        via: Via::Audits,
        ..SyncOptions::default()
    };
    let plan = account.history.plan(&account.client, &audits).await.unwrap();
    account.sync().await;
    let attributed = SyncOptions {
        attribution: AttributeBy::Audit,
        ..SyncOptions::default()
    };
    let (second, calls) = planned(&mut account, attributed).await;
    assert_close(&second, calls);
    assert!(plan.calls.support > 2 * second.calls.help_center, "{plan:?}");
}

#[tokio::test]
async fn minutes_are_those_of_the_limits_seen() {
    let zendesk = Emulator::builder()
        .seed(1)
        .tickets(2_000)
        .plan("suite-professional")
        .start()
        .unwrap();
    let account = Account::of(zendesk);
    let options = SyncOptions::default();
    let plan = account.history.plan(&account.client, &options).await.unwrap();
    assert_eq!(
        (plan.limits.support, plan.limits.help_center),
        (Some(400), Some(400))
    );
    let minutes = plan.minutes.unwrap();
    let longest = (plan.calls.support + plan.calls.incremental).max(plan.calls.help_center);
    assert!((minutes - longest as f64 / 400.0).abs() < 1e-9, "{plan:?}");
    let text = plan.to_string();
    assert!(
        text.contains("400 a minute") && text.lines().all(|line| line.len() <= 100),
        "{text}"
    );
    assert!(
        account.history.subdomains().unwrap().is_empty(),
        "a plan stores nothing"
    );
}
