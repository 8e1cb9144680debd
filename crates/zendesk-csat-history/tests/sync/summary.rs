//! Numbers that add up, and refusals that say what they are.

use std::collections::BTreeMap;

use serde_json::Value;
use zendesk_csat::{Client, Credentials, ErrorKind};
use zendesk_csat_history::{Category, History, HistoryError, Progress, Step, SyncOptions};

use crate::account::Account;

#[tokio::test]
async fn the_summary_adds_up_to_the_truth() {
    let mut account = Account::new(4, 600);
    let summary = account.sync().await;
    let truth = account.zendesk.truth();
    let count = |test: &dyn Fn(&Value) -> bool| truth.iter().filter(|row| test(row)).count() as u64;
    let found = &summary.reconciliation;
    assert_eq!(found.sent, truth.len() as u64);
    assert_eq!(found.answered, count(&|row| !row["rated_at"].is_null()));
    assert_eq!(found.sent, found.answered + found.unanswered + found.expired);
    assert_eq!(found.conversation_only, count(&|row| row["ticket_id"].is_null()));
    assert_eq!(found.deleted, count(&|row| row["ticket_status"] == "deleted"));
    assert_eq!((found.unmatched, found.malformed, found.forbidden), (0, 0, 0));
    assert!(found.expired > 0 && found.unanswered > 0 && found.copies > 0);
    let legacy = count(&|row| row["source"] == "rating");
    assert_eq!(summary.rows.ratings, legacy + found.copies + found.unoffered);
    assert_eq!(
        summary.rows.survey_responses,
        count(&|row| row["source"] == "survey")
    );
    assert_eq!(summary.calls.total(), account.requests() as u64);
    assert_eq!(summary.unavailable, []);
}

/// The ids of the rows or records of each category.
fn explained(history: &History, subdomain: &str) -> BTreeMap<Category, Vec<String>> {
    let mut ids = BTreeMap::<_, Vec<_>>::new();
    history
        .explain(subdomain, |record| {
            ids.entry(record.category).or_default().push(record.id);
            Ok::<(), HistoryError>(())
        })
        .unwrap();
    ids
}

#[tokio::test]
async fn what_the_summary_counts_apart_can_be_listed() {
    let mut account = Account::new(4, 2_000);
    let summary = account.sync().await;
    let found = &summary.reconciliation;
    let ids = explained(&account.history, &summary.subdomain);
    let count = |category| ids.get(&category).map_or(0, |ids| ids.len() as u64);
    for (category, counted) in [
        (Category::ConversationOnly, found.conversation_only),
        (Category::Deleted, found.deleted),
        (Category::Archived, found.archived),
        (Category::Copy, found.copies),
    ] {
        assert!(counted > 0, "{category}");
        assert_eq!(count(category), counted, "{category}");
    }
    assert_eq!(count(Category::Unoffered), found.unoffered);
    let truth = account.zendesk.truth();
    let mut alone: Vec<_> = truth
        .iter()
        .filter(|row| row["ticket_id"].is_null())
        .map(|row| row["id"].as_str().unwrap().to_owned())
        .collect();
    alone.sort();
    let mut listed = ids[&Category::ConversationOnly].clone();
    listed.sort();
    assert_eq!(listed, alone);
    let nobody = account.history.explain("nobody", |_| Ok::<(), HistoryError>(()));
    assert!(matches!(nobody.unwrap_err(), HistoryError::UnknownAccount { .. }));
    assert!(summary.is_complete());
}

#[tokio::test]
async fn the_summary_reads_well_and_serializes() {
    let mut account = Account::new(4, 300);
    let summary = account.sync().await;
    let text = summary.to_string();
    assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
    assert!(text.starts_with(&summary.subdomain));
    let json = serde_json::to_value(&summary).unwrap();
    assert_eq!(json["reconciliation"]["sent"], summary.reconciliation.sent);
    assert_eq!(json["rows"]["tickets"], summary.rows.tickets);
    assert_eq!(json["calls"]["help_center"], summary.calls.help_center);
}

#[tokio::test]
async fn progress_tells_every_step_and_every_row() {
    #[derive(Default)]
    struct Told {
        started: Vec<Step>,
        finished: Vec<Step>,
        rows: u64,
    }
    impl Progress for Told {
        fn started(&mut self, step: Step) {
            self.started.push(step);
        }
        fn advanced(&mut self, _step: Step, rows: u64) {
            self.rows += rows;
        }
        fn finished(&mut self, step: Step) {
            self.finished.push(step);
        }
    }
    let mut account = Account::new(4, 300);
    let mut told = Told::default();
    let summary = account
        .history
        .sync(&account.client, SyncOptions::default(), &mut told)
        .await
        .unwrap();
    let rows = summary.rows;
    assert_eq!(
        told.rows,
        rows.ratings + rows.survey_responses + rows.tickets + rows.reasons + rows.questions + rows.names
    );
    for step in [
        Step::Reasons,
        Step::Ratings,
        Step::SurveyResponses,
        Step::Questions,
        Step::Tickets,
        Step::Agents,
        Step::Groups,
        Step::Brands,
        Step::Organizations,
        Step::TicketForms,
    ] {
        assert!(
            told.started.contains(&step) && told.finished.contains(&step),
            "{step}"
        );
    }
}

#[tokio::test]
async fn wrong_credentials_are_the_error() {
    let account = Account::new(1, 50);
    let mut history = account.history;
    let stranger = Client::builder(&account.zendesk.account().subdomain)
        .base_url(account.zendesk.base_url())
        .credentials(Credentials::oauth_token("wrong"))
        .build()
        .unwrap();
    let error = history
        .sync(
            &stranger,
            SyncOptions::default(),
            &mut zendesk_csat_history::NoProgress,
        )
        .await
        .unwrap_err();
    match &error {
        HistoryError::Api { source, .. } => assert_eq!(source.kind(), ErrorKind::Authentication),
        other => panic!("{other:?}"),
    }
    assert!(!error.to_string().contains("wrong"), "{error}");
}

#[tokio::test]
async fn an_agent_who_may_see_neither_system_is_told_so() {
    let account = Account::new(1, 50);
    let mut history = account.history;
    let agent = Client::builder(&account.zendesk.account().subdomain)
        .base_url(account.zendesk.base_url())
        .credentials(Credentials::oauth_token(
            account.zendesk.account().users.agent.oauth_token.as_str(),
        ))
        .build()
        .unwrap();
    let error = history
        .sync(
            &agent,
            SyncOptions::default(),
            &mut zendesk_csat_history::NoProgress,
        )
        .await
        .unwrap_err();
    match &error {
        HistoryError::Api { source, .. } => assert_eq!(source.kind(), ErrorKind::PermissionDenied, "{error}"),
        other => panic!("{other:?}"),
    }
}
