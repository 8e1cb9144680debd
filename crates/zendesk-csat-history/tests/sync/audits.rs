//! By the audits of tickets: who had the ticket at the time, and the answers by the documented way.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use zendesk_csat::types::AuditEventType;
use zendesk_csat::{Client, Credentials};
use zendesk_csat_emulator::Emulator;
use zendesk_csat_history::{
    AttributeBy, Attribution, CsatQuery, CsatRow, History, NoProgress, Source, Step, SyncOptions,
    SyncSummary, Via,
};

use crate::account::{Account, DAY, client, impatient};

fn options(via: Via, attribution: AttributeBy) -> SyncOptions {
    SyncOptions {
        via,
        attribution,
        ..impatient()
    }
}

async fn sync(account: &mut Account, options: SyncOptions) -> SyncSummary {
    account
        .history
        .sync(&account.client, options, &mut NoProgress)
        .await
        .unwrap()
}

async fn attribute(account: &mut Account) -> SyncSummary {
    sync(account, options(Via::Listings, AttributeBy::Audit)).await
}

async fn by_audits(account: &mut Account) -> SyncSummary {
    sync(account, options(Via::Audits, AttributeBy::Ticket)).await
}

fn rows(history: &History) -> Vec<CsatRow> {
    history.csat(&CsatQuery::default()).unwrap()
}

fn audit_calls(account: &Account) -> usize {
    let journal = account.zendesk.journal();
    journal
        .iter()
        .filter(|call| call.path.contains("/audits"))
        .count()
}

/// The account's own word on who had the ticket when the response was submitted last.
async fn at_the_time(account: &Account, row: &CsatRow) -> (Option<i64>, Option<i64>) {
    let audits = account
        .client
        .tickets()
        .audits(row.ticket_id.unwrap())
        .events([AuditEventType::SurveyResponseSubmitted])
        .send()
        .await
        .unwrap();
    let mut events = audits.items.into_iter().flat_map(|audit| audit.events.unwrap());
    let event = events
        .rfind(|event| event.survey_response_id.as_ref().map(|id| id.as_str()) == Some(row.id.as_str()))
        .unwrap();
    (
        event.assigned_user_id.map(i64::from),
        event.assigned_group_id.map(i64::from),
    )
}

#[tokio::test]
async fn answers_are_attributed_to_who_had_the_ticket_and_no_ticket_is_asked_twice() {
    let mut account = Account::new(6, 800);
    sync(&mut account, impatient()).await;
    let before = rows(&account.history);
    account.zendesk.clear_journal();
    let summary = attribute(&mut account).await;
    let answered = |row: &&CsatRow| {
        row.source == Source::Survey
            && row.score.is_some()
            && row.ticket_id.is_some()
            && row.ticket_status.as_deref() != Some("deleted")
            // The copy of an answer about a conversation tells who had the ticket then.
            && row.attribution != Some(Attribution::Rating)
    };
    let tickets: std::collections::BTreeSet<_> =
        before.iter().filter(answered).map(|row| row.ticket_id).collect();
    assert!(tickets.len() > 50);
    assert_eq!(audit_calls(&account), tickets.len());
    assert_eq!(summary.rows.audits, tickets.len() as u64);
    assert_eq!(summary.calls.total(), account.requests() as u64);

    let after = rows(&account.history);
    let mut moved = 0;
    for (before, after) in before.iter().zip(&after) {
        if answered(&before) {
            let of_then = at_the_time(&account, after).await;
            assert_eq!((after.assignee_id, after.group_id), of_then, "{}", after.id);
            if of_then != (None, None) {
                assert_eq!(after.attribution, Some(Attribution::Audit), "{}", after.id);
            }
            moved += usize::from((before.assignee_id, before.group_id) != of_then);
        } else {
            assert_eq!(before, after);
        }
    }
    assert!(
        moved > 0,
        "the account has tickets that changed hands after their survey"
    );

    account.zendesk.clear_journal();
    attribute(&mut account).await;
    assert_eq!(audit_calls(&account), 0);
    assert_eq!(rows(&account.history), after);
}

#[tokio::test]
async fn only_new_and_changed_answers_are_asked_for_later() {
    let mut account = Account::new(1, 1_500);
    attribute(&mut account).await;
    let before: BTreeMap<_, _> = rows(&account.history)
        .into_iter()
        .map(|row| (row.id.clone(), row.rated_at))
        .collect();
    account.zendesk.advance(20 * DAY);
    account.zendesk.clear_journal();
    attribute(&mut account).await;
    let changed: std::collections::BTreeSet<_> = rows(&account.history)
        .into_iter()
        .filter(|row| row.source == Source::Survey && row.rated_at.is_some())
        .filter(|row| before.get(&row.id) != Some(&row.rated_at))
        .filter_map(|row| row.ticket_id)
        .collect();
    let asked = audit_calls(&account);
    assert!(
        asked > 0 && asked <= changed.len(),
        "{asked} of {}",
        changed.len()
    );
}

#[tokio::test]
async fn without_the_right_to_read_audits_the_rest_is_synced() {
    let zendesk = Emulator::builder().seed(6).tickets(200).start().unwrap();
    let mut account = Account::of(zendesk);
    let narrow = Client::builder(&account.zendesk.account().subdomain)
        .base_url(account.zendesk.base_url())
        .credentials(
            Credentials::oauth_client(
                account.zendesk.account().oauth_client_id.as_str(),
                account.zendesk.account().oauth_client_secret.as_str(),
            )
            .scope("satisfaction_ratings:read survey_responses:read tickets:read"),
        )
        .build()
        .unwrap();
    let summary = account
        .history
        .sync(
            &narrow,
            options(Via::Listings, AttributeBy::Audit),
            &mut NoProgress,
        )
        .await
        .unwrap();
    assert!(summary.unavailable.iter().any(|part| part.step == Step::Audits));
    assert!(!summary.is_complete());
    assert_eq!(rows(&account.history).len(), account.zendesk.truth().len());
}

/// The answered surveys of rated tickets that can be seen.
fn answered(rows: impl IntoIterator<Item = Value>) -> BTreeMap<String, Value> {
    rows.into_iter()
        .filter(|row| row["source"] == "survey" && !row["score"].is_null())
        .filter(|row| !row["ticket_id"].is_null() && row["ticket_status"] != "deleted")
        .map(|row| (row["id"].as_str().unwrap().to_owned(), row))
        .collect()
}

fn found(history: &History) -> BTreeMap<String, Value> {
    answered(rows(history).iter().map(|row| serde_json::to_value(row).unwrap()))
}

#[tokio::test]
async fn the_documented_way_ends_in_the_same_rows_for_answered_surveys() {
    for (seed, days) in [(1, 5), (2, 20), (3, 40)] {
        let mut account = Account::new(seed, 500);
        let summary = by_audits(&mut account).await;
        let truth = answered(account.zendesk.truth());
        assert!(truth.len() > 20, "{}", truth.len());
        assert_eq!(found(&account.history), truth);
        assert_eq!(summary.calls.total(), account.requests() as u64);

        account.zendesk.clear_journal();
        let again = by_audits(&mut account).await;
        assert_eq!((again.rows.audits, audit_calls(&account)), (0, 0));

        account.zendesk.advance(days * DAY);
        by_audits(&mut account).await;
        assert_eq!(found(&account.history), answered(account.zendesk.truth()));

        // The other way brings what this one cannot find.
        account.sync().await;
        account.assert_equals_truth();
    }
}

#[tokio::test]
async fn the_documented_way_costs_many_times_the_calls() {
    let mut account = Account::new(1, 1_000);
    by_audits(&mut account).await;
    let documented = account.requests();
    let mut listed = Account::of(account.zendesk);
    listed.zendesk.clear_journal();
    listed.sync().await;
    assert!(
        listed.requests() * 8 < documented,
        "{} and {documented}",
        listed.requests()
    );
}

#[tokio::test]
async fn the_documented_way_goes_on_where_it_was_interrupted() {
    let mut account = Account::new(4, 500);
    let rates = json!({ "reset_before": 0.3, "server_error": 0.3 });
    account.client = client(&account.zendesk).with_max_retries(0);
    let mut failures = 0;
    for seed in 0..40 {
        let mut faults = rates.clone();
        faults["seed"] = seed.into();
        account.set_faults(&faults);
        let synced = account
            .history
            .sync(
                &account.client,
                options(Via::Audits, AttributeBy::Ticket),
                &mut NoProgress,
            )
            .await;
        failures += usize::from(synced.is_err());
    }
    assert!(failures > 5, "{failures}");
    account.set_faults(&json!({}));
    by_audits(&mut account).await;
    assert_eq!(found(&account.history), answered(account.zendesk.truth()));
}
