//! The report of a synced account against the truth of that account.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use zendesk_csat::{Client, Credentials};
use zendesk_csat_emulator::Emulator;
use zendesk_csat_history::report::{CountBasis, Dimension, Report, ReportOptions};
use zendesk_csat_history::{History, NoProgress, SyncOptions, SyncSummary};

fn client(zendesk: &Emulator) -> Client {
    let account = zendesk.account();
    Client::builder(&account.subdomain)
        .base_url(zendesk.base_url())
        .credentials(Credentials::api_token(&account.email, &account.api_token))
        .build()
        .unwrap()
}

async fn synced(seed: u64, count: CountBasis) -> (Vec<Value>, SyncSummary, Report) {
    let zendesk = Emulator::builder().seed(seed).tickets(400).start().unwrap();
    let client = client(&zendesk);
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

fn reported(report: &Report, by: &Dimension) -> BTreeMap<Option<String>, Counts> {
    let buckets = report
        .breakdown(by)
        .unwrap()
        .buckets
        .iter()
        .filter(|bucket| bucket.score.sent + bucket.score.answered > 0);
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
        let keys: [(Dimension, Key); 10] = [
            (Dimension::Day, |row| {
                text(row, "sent_at").map(|time| time[..10].to_owned())
            }),
            (Dimension::Month, |row| {
                text(row, "sent_at").map(|time| time[..7].to_owned())
            }),
            (Dimension::Agent, |row| number(row, "assignee_id")),
            (Dimension::Group, |row| number(row, "group_id")),
            (Dimension::Source, |row| text(row, "source")),
            (Dimension::Brand, |row| number(row, "brand_id")),
            (Dimension::Organization, |row| number(row, "organization_id")),
            (Dimension::Form, |row| number(row, "ticket_form_id")),
            (Dimension::Priority, |row| text(row, "priority")),
            (Dimension::Account, |_| Some("acme".to_owned())),
        ];
        for (by, key) in keys {
            assert_eq!(
                reported(&report, &by),
                counts_by(&truth, key),
                "seed {seed} by {by}"
            );
        }
        // A row counts under each of its tags.
        let tagged = truth.iter().flat_map(|row| {
            let tags = row["tags"].as_array().cloned().unwrap_or_default();
            let none = tags.is_empty().then_some(Value::Null);
            let of = |tag| {
                let mut row = row.clone();
                row["tag"] = tag;
                row
            };
            tags.into_iter().chain(none).map(of).collect::<Vec<_>>()
        });
        let tagged: Vec<Value> = tagged.collect();
        assert!(tagged.len() > truth.len());
        assert_eq!(
            reported(&report, &Dimension::Tag),
            counts_by(&tagged, |row| text(row, "tag")),
            "seed {seed}"
        );
    }
}

/// By score, and by agent, group and system: what the account itself calls the latest answers of its tickets.
#[tokio::test]
async fn each_ticket_counts_once_by_its_latest_answer() {
    for seed in [1, 7] {
        let (truth, _, report) = synced(seed, CountBasis::Tickets).await;
        let latest: Vec<Value> = truth
            .iter()
            .filter(|row| row["is_latest"] == true)
            .cloned()
            .collect();
        let answers = |counts: BTreeMap<Option<String>, Counts>| -> BTreeMap<_, [u64; 4]> {
            let answers = counts.into_iter().map(|(key, [_, answers @ ..])| (key, answers));
            answers.filter(|(_, answers)| answers[0] > 0).collect()
        };
        let keys: [(Dimension, Key); 4] = [
            (Dimension::Agent, |row| number(row, "assignee_id")),
            (Dimension::Group, |row| number(row, "group_id")),
            (Dimension::Source, |row| text(row, "source")),
            (Dimension::Scale, |row| match text(row, "source").as_deref() {
                Some("rating") => Some("legacy".to_owned()),
                _ => number(row, "scale"),
            }),
        ];
        for (by, key) in keys {
            assert_eq!(
                answers(reported(&report, &by)),
                answers(counts_by(&latest, key)),
                "seed {seed} by {by}"
            );
        }
        let offers = truth.iter().filter(|row| row["is_offer"] == true);
        let (with, without): (Vec<&Value>, Vec<&Value>) = offers.partition(|row| row["ticket_id"].is_i64());
        let tickets: BTreeSet<Option<i64>> = with.iter().map(|row| row["ticket_id"].as_i64()).collect();
        assert_eq!(
            report.total.sent,
            (tickets.len() + without.len()) as u64,
            "seed {seed}"
        );
        assert!(
            tickets.len() < with.len()
                && latest.len() < truth.iter().filter(|row| row["score"].is_string()).count()
        );
    }
}

#[tokio::test]
async fn groups_and_bad_comments_have_the_names_that_the_account_has() {
    let (truth, _, report) = synced(7, CountBasis::Answers).await;
    for (by, id, name) in [
        (Dimension::Agent, "assignee_id", "agent"),
        (Dimension::Group, "group_id", "group"),
        (Dimension::Brand, "brand_id", "brand"),
        (Dimension::Organization, "organization_id", "organization"),
        (Dimension::Form, "ticket_form_id", "ticket_form"),
    ] {
        let expected: BTreeMap<_, _> = truth
            .iter()
            .map(|row| (number(row, id), text(row, name)))
            .collect();
        let buckets = &report.breakdown(&by).unwrap().buckets;
        let found: BTreeMap<_, _> = buckets
            .iter()
            .map(|bucket| (bucket.key.clone(), bucket.label.clone()))
            .collect();
        assert_eq!(found, expected, "by {by}");
        assert!(found.values().flatten().count() > 1, "by {by}");
    }
    let of: BTreeMap<_, _> = truth.iter().map(|row| (text(row, "id"), row)).collect();
    assert!(!report.latest_bad_comments.is_empty());
    for comment in &report.latest_bad_comments {
        let row = of[&Some(comment.id.clone())];
        assert_eq!(
            (comment.agent.clone(), comment.group.clone()),
            (text(row, "agent"), text(row, "group"))
        );
    }
}

#[tokio::test]
async fn reasons_are_the_truths_by_id() {
    for seed in [1, 7] {
        let (truth, _, report) = synced(seed, CountBasis::Answers).await;
        let mut expected: BTreeMap<Option<String>, [u64; 2]> = BTreeMap::new();
        for row in &truth {
            let place = match row["score"].as_str() {
                Some("bad") => 0,
                Some("neutral") => 1,
                _ => continue,
            };
            let reasons = row["reasons"].as_array().unwrap();
            let ids = reasons.iter().map(|reason| text(reason, "id"));
            for id in ids.chain(reasons.is_empty().then_some(None)) {
                expected.entry(id).or_default()[place] += 1;
            }
        }
        let buckets = &report.breakdown(Dimension::Reason).unwrap().buckets;
        let found = buckets
            .iter()
            .map(|bucket| (bucket.key.clone(), [bucket.score.bad, bucket.score.neutral]));
        assert_eq!(found.collect::<BTreeMap<_, _>>(), expected, "seed {seed}");
        assert!(expected.len() > 3);
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

#[tokio::test]
async fn a_survey_that_expired_on_a_quiet_day_can_no_longer_be_answered() {
    let zendesk = Emulator::builder()
        .seed(5)
        .tickets(60)
        .clock_speed(0.0)
        .start()
        .unwrap();
    let client = client(&zendesk);
    let mut history = History::open(":memory:").unwrap();
    for days in [0, 26, 3, 40] {
        zendesk.advance(days * 86_400);
        history
            .sync(&client, SyncOptions::default(), &mut NoProgress)
            .await
            .unwrap();
        let now = zendesk.now();
        let can_be_answered = |row: &Value| {
            row["rated_at"].is_null()
                && row["expires_at"]
                    .as_str()
                    .is_some_and(|time| time.parse::<DateTime<Utc>>().unwrap() > now)
        };
        let open = zendesk.truth().iter().filter(|row| can_be_answered(row)).count();
        let options = ReportOptions {
            count: CountBasis::Answers,
            by: vec![Dimension::Source],
            ..ReportOptions::default()
        };
        let report = history.report(&options).unwrap();
        let surveys = report.breakdowns[0]
            .buckets
            .iter()
            .find(|bucket| bucket.key.as_deref() == Some("survey"))
            .unwrap();
        assert_eq!(surveys.score.unanswered_open, open as u64, "after {days} days");
        assert!(now - report.as_of.unwrap() < TimeDelta::seconds(1));
    }
}
