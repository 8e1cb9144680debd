//! The report of a synced account against the truth of that account.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use zendesk_csat::{Client, Credentials};
use zendesk_csat_emulator::Emulator;
use zendesk_csat_history::report::{CountBasis, Dimension, Report, ReportOptions};
use zendesk_csat_history::{History, NoProgress, SyncOptions, SyncSummary};

async fn synced(seed: u64, count: CountBasis) -> (Vec<Value>, SyncSummary, Report) {
    let zendesk = Emulator::builder().seed(seed).tickets(400).start().unwrap();
    let account = zendesk.account();
    let client = Client::builder(&account.subdomain)
        .base_url(zendesk.base_url())
        .credentials(Credentials::api_token(&account.email, &account.api_token))
        .build()
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut history = History::open(folder.path().join("csat.db")).unwrap();
    let summary = history
        .sync(&client, SyncOptions::default(), &mut NoProgress)
        .await
        .unwrap();
    let options = ReportOptions {
        by: Dimension::ALL.to_vec(),
        count,
        ..ReportOptions::default()
    };
    (zendesk.truth(), summary, history.report(&options).unwrap())
}

type Key = fn(&Value) -> Option<String>;

/// Sent or rated without being asked, answered, good, neutral and bad.
type Counts = [u64; 5];

fn counts_by(rows: &[Value], key: impl Fn(&Value) -> Option<String>) -> BTreeMap<Option<String>, Counts> {
    let mut groups: BTreeMap<Option<String>, Counts> = BTreeMap::new();
    for row in rows {
        let counts = groups.entry(key(row)).or_default();
        let score = row["score"].as_str();
        counts[0] += 1;
        counts[1] += u64::from(score.is_some());
        for (count, name) in counts[2..].iter_mut().zip(["good", "neutral", "bad"]) {
            *count += u64::from(score == Some(name));
        }
    }
    groups
}

fn reported(report: &Report, by: Dimension) -> BTreeMap<Option<String>, Counts> {
    let buckets = report
        .breakdown(by)
        .unwrap()
        .buckets
        .iter()
        .filter(|bucket| bucket.score.sent > 0);
    buckets
        .map(|bucket| {
            let score = &bucket.score;
            (
                bucket.key.clone(),
                [
                    score.sent + score.unasked,
                    score.answered,
                    score.good,
                    score.neutral,
                    score.bad,
                ],
            )
        })
        .collect()
}

fn number(row: &Value, column: &str) -> Option<String> {
    row[column].as_i64().map(|number| number.to_string())
}

fn text(row: &Value, column: &str) -> Option<String> {
    row[column].as_str().map(str::to_owned)
}

#[tokio::test]
async fn every_count_of_answers_is_the_truths() {
    for seed in [1, 7] {
        let (truth, _, report) = synced(seed, CountBasis::Answers).await;
        let all = counts_by(&truth, |_| None)[&None];
        let total = &report.total;
        assert_eq!(
            [
                total.sent + total.unasked,
                total.answered,
                total.good,
                total.neutral,
                total.bad
            ],
            all,
            "seed {seed}"
        );
        assert!(
            all[2..].iter().all(|&count| count > 0),
            "seed {seed} says too little: {all:?}"
        );
        let keys: [(Dimension, Key); 5] = [
            (Dimension::Day, |row| {
                text(row, "sent_at").map(|time| time[..10].to_owned())
            }),
            (Dimension::Month, |row| {
                text(row, "sent_at").map(|time| time[..7].to_owned())
            }),
            (Dimension::Agent, |row| number(row, "assignee_id")),
            (Dimension::Group, |row| number(row, "group_id")),
            (Dimension::Source, |row| text(row, "source")),
        ];
        for (by, key) in keys {
            assert_eq!(
                reported(&report, by),
                counts_by(&truth, key),
                "seed {seed} by {by}"
            );
        }
    }
}

#[tokio::test]
async fn each_ticket_counts_once() {
    for seed in [1, 7] {
        let (truth, _, report) = synced(seed, CountBasis::Tickets).await;
        let (with, without): (Vec<&Value>, Vec<&Value>) =
            truth.iter().partition(|row| row["ticket_id"].is_i64());
        let tickets = |rows: &mut dyn Iterator<Item = &Value>| -> u64 {
            rows.map(|row| row["ticket_id"].as_i64())
                .collect::<BTreeSet<_>>()
                .len() as u64
        };
        let is_answer = |row: &&Value| row["score"].is_string();
        let asked = tickets(&mut with.iter().copied()) + without.len() as u64;
        let answered = tickets(&mut with.iter().copied().filter(is_answer))
            + without.iter().copied().filter(is_answer).count() as u64;
        let total = &report.total;
        assert_eq!(
            (total.sent + total.unasked, total.answered),
            (asked, answered),
            "seed {seed}"
        );
        assert!(
            (asked as usize) < truth.len(),
            "seed {seed} has no ticket with several records"
        );
        for breakdown in &report.breakdowns {
            // Each in one group; but for reasons, of which a rating may have several.
            let sum: u64 = breakdown.buckets.iter().map(|bucket| bucket.score.answered).sum();
            assert!(
                breakdown.by == Dimension::Reason || sum == answered,
                "seed {seed} by {}",
                breakdown.by
            );
        }
    }
}

#[tokio::test]
async fn the_report_and_the_reconciliation_of_the_sync_agree() {
    let (_, summary, report) = synced(3, CountBasis::Answers).await;
    let (reconciled, total) = (summary.reconciliation, &report.total);
    assert_eq!(
        (total.sent + total.unasked, total.answered),
        (reconciled.sent, reconciled.answered)
    );
    assert_eq!(total.unanswered_expired, reconciled.expired);
    assert_eq!(total.unanswered_open, reconciled.unanswered);
    assert_eq!(report.as_of, reconciled.as_of);
    assert!(reconciled.expired > 0 && total.unanswered_open > 0);
}
