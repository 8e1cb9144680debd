//! Which answers are reasons, where a survey has several closed questions.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use zendesk_csat_history::{CsatQuery, HistoryError, NoProgress, ReasonQuestions, SyncOptions};

use crate::account::{Account, impatient};

fn naming(names: &[&str]) -> SyncOptions {
    SyncOptions {
        reason_questions: ReasonQuestions::from_names(names.iter().map(|name| (*name).to_owned())),
        ..impatient()
    }
}

async fn sync(account: &mut Account, options: SyncOptions) -> Result<(), HistoryError> {
    account
        .history
        .sync(&account.client, options, &mut NoProgress)
        .await
        .map(|_| ())
}

/// The labels of the reasons of this version of the survey.
fn labels(account: &Account, version: i64) -> BTreeSet<String> {
    let rows = account.history.csat(&CsatQuery::default()).unwrap();
    rows.iter()
        .filter(|row| row.survey_version == Some(version))
        .flat_map(|row| &row.reasons)
        .filter_map(|reason| reason.label.clone())
        .collect()
}

fn surveys_listed(account: &Account) -> usize {
    let journal = account.zendesk.journal();
    journal
        .iter()
        .filter(|entry| entry.path.ends_with("/surveys"))
        .count()
}

#[tokio::test]
async fn what_is_asked_after_a_bad_rating_is_the_reason_and_the_surveys_are_listed_once_for_it() {
    let mut account = Account::new(3, 1_500);
    account.sync().await;
    account.assert_equals_truth();
    assert_eq!(surveys_listed(&account), 1);
    account.zendesk.advance(5 * 86_400);
    account.sync().await;
    account.assert_equals_truth();
    assert_eq!(surveys_listed(&account), 1);
}

#[tokio::test]
async fn a_question_that_is_named_asks_for_reasons_until_another_is() {
    let mut account = Account::new(3, 1_500);
    sync(&mut account, naming(&["area"])).await.unwrap();
    let area: BTreeSet<_> = ["Delivery", "Product", "Support"].map(str::to_owned).into();
    assert_eq!(labels(&account, 4), area);
    let of_others = labels(&account, 5);
    assert!(of_others.contains("It took too long"), "{of_others:?}");

    // Remembered, a full sync too.
    for full in [false, true] {
        sync(&mut account, SyncOptions { full, ..impatient() })
            .await
            .unwrap();
        assert_eq!(labels(&account, 4), area, "full: {full}");
    }

    let unknown = sync(&mut account, naming(&["arena"])).await.unwrap_err();
    assert!(matches!(unknown, HistoryError::UnknownQuestion { .. }));
    assert!(unknown.to_string().contains("(area)"), "{unknown}");
    assert_eq!(labels(&account, 4), area);

    sync(&mut account, naming(&["auto"])).await.unwrap();
    account.assert_equals_truth();
}

#[tokio::test]
async fn where_surveys_are_not_shown_it_is_a_guess_and_said() {
    let mut account = Account::new(3, 1_500);
    let script = json!({ "script": vec![json!({ "kind": "narrow_role", "path": "surveys", "times": 99 })] });
    account.set_faults(&script);
    let summary = account.sync().await;
    let said: Vec<_> = summary
        .unavailable
        .iter()
        .map(|part| part.step.as_str())
        .collect();
    assert_eq!(said, ["questions"]);
    account.set_faults(&Value::Object(serde_json::Map::default()));
    account.sync().await;
    account.assert_equals_truth();
}
