//! Columns hold what the records of the same pages hold.
#![allow(missing_docs, clippy::unwrap_used)]

use chrono::{DateTime, Utc};
use futures::{StreamExt, TryStreamExt};
use std::time::Duration;
use zendesk_csat::columns::{Column, Columns, SatisfactionRatingColumns, SurveyResponseColumns};
use zendesk_csat::types::{RatingScore, SurveyResponse};
use zendesk_csat::{Client, Credentials, ErrorKind};
use zendesk_csat_emulator::Emulator;
use zendesk_csat_it::{Answer, Scripted};

fn account() -> (Emulator, Client) {
    let zendesk = Emulator::builder().seed(11).tickets(600).start().unwrap();
    let client = Client::builder(&zendesk.account().subdomain)
        .base_url(zendesk.base_url())
        .credentials(Credentials::oauth_token(zendesk.account().oauth_token.as_str()))
        .timeout(Duration::from_secs(120))
        .build()
        .unwrap();
    (zendesk, client)
}

#[tokio::test]
async fn ratings_are_the_same_either_way() {
    let (_zendesk, client) = account();
    let list = || client.satisfaction_ratings().list().page_size(40u32);
    let records: Vec<_> = list().items().try_collect().await.unwrap();
    let pages: Vec<_> = list().columns().try_collect().await.unwrap();
    assert!(pages.len() > 3);
    let rows: Vec<_> = pages.iter().flat_map(|page| page.rows()).collect();
    assert_eq!(rows.len(), records.len());
    for (row, record) in rows.iter().zip(&records) {
        assert_eq!(row.id(), record.id);
        assert_eq!(row.ticket_id(), record.ticket_id);
        assert_eq!(row.requester_id(), record.requester_id);
        assert_eq!(row.assignee_id(), record.assignee_id);
        assert_eq!(row.group_id(), record.group_id);
        assert_eq!(row.score(), record.score);
        assert_eq!(row.comment(), record.comment.as_deref());
        assert_eq!(row.reason(), record.reason.as_deref());
        assert_eq!(row.reason_id(), record.reason_id);
        assert_eq!(row.created_at(), record.created_at);
        assert_eq!(row.updated_at(), record.updated_at);
    }
    assert!(rows.iter().any(|row| row.comment().is_some()));
    assert!(rows.iter().any(|row| row.comment().is_none()));
}

#[tokio::test]
async fn survey_responses_are_the_same_either_way() {
    let (_zendesk, client) = account();
    let list = || client.survey_responses().list();
    let records: Vec<SurveyResponse> = list().items().try_collect().await.unwrap();
    let pages: Vec<_> = list().columns().try_collect().await.unwrap();
    let rows: Vec<_> = pages.iter().flat_map(|page| page.rows()).collect();
    assert_eq!(rows.len(), records.len());
    for (row, record) in rows.iter().zip(&records) {
        let answer = record.csat_answer();
        assert_eq!(row.id(), record.id);
        assert_eq!(row.responder_id(), record.responder_id);
        assert_eq!(row.ticket_id(), record.ticket_id());
        assert_eq!(row.survey_id().as_ref(), record.survey_id());
        assert_eq!(row.survey_version(), record.survey_version());
        assert_eq!(row.expires_at(), record.expires_at);
        assert_eq!(row.rating(), answer.and_then(|answer| answer.rating));
        assert_eq!(
            row.rating_category(),
            answer.and_then(|answer| answer.rating_category.clone())
        );
        assert_eq!(
            row.rating_created_at(),
            answer.and_then(|answer| answer.created_at)
        );
        assert_eq!(
            row.rating_updated_at(),
            answer.and_then(|answer| answer.updated_at)
        );
        let ids: Vec<_> = record.reason_ids().map(|id| id.as_str()).collect();
        assert_eq!(row.reason_option_ids().unwrap_or_default(), ids.join("; "));
        assert_eq!(row.comment(), record.comment());
    }
    assert!(rows.iter().any(|row| row.rating().is_some()));
    assert!(rows.iter().any(|row| row.reason_option_ids().is_some()));
    assert!(rows.iter().any(|row| row.comment().is_some()));
}

#[tokio::test]
async fn tickets_are_the_same_either_way() {
    let (_zendesk, client) = account();
    let export = || client.tickets().export().start_time(DateTime::<Utc>::UNIX_EPOCH);
    let records: Vec<_> = export().items().try_collect().await.unwrap();
    let pages: Vec<_> = export().columns().try_collect().await.unwrap();
    let rows: Vec<_> = pages.iter().flat_map(|page| page.rows()).collect();
    assert_eq!(rows.len(), records.len());
    for (row, record) in rows.iter().zip(&records) {
        assert_eq!(row.id(), record.id);
        assert_eq!(row.subject(), record.subject.as_deref());
        assert_eq!(row.status(), record.status);
        assert_eq!(row.assignee_id(), record.assignee_id);
        assert_eq!(row.created_at(), record.created_at);
        assert_eq!(row.ticket_form_id(), record.ticket_form_id);
        let tags = row
            .tags()
            .map(|tags| tags.iter().map(str::to_owned).collect::<Vec<_>>());
        assert_eq!(tags, record.tags);
        let channel = record.via.as_ref().and_then(|via| via.channel.as_ref());
        assert_eq!(row.via(), channel.map(|channel| channel.as_str()));
        assert_eq!(row.generated_timestamp(), record.generated_timestamp);
    }
    assert!(
        rows.iter()
            .any(|row| row.tags().is_some_and(|tags| tags.len() > 1))
    );
    assert!(rows.iter().any(|row| row.via().is_some()));
}

#[tokio::test]
async fn lists_and_what_stands_within_an_object_are_read_or_malformed() {
    let page = r#"{"tickets": [
        {"id": 1, "tags": ["a", null, "b c"], "via": {"source": {"from": {}}, "channel": "email"}},
        {"id": 2, "tags": ["lost", {"no": "text"}]}, {"id": 3, "tags": [], "via": {"channel": null}},
        {"id": 4, "via": null}, {"id": 5, "via": {"channel": ["web"]}}, {"id": 6, "tags": "a", "via": {}}]}"#;
    let service = Scripted::start([Answer::json(200, page)]).await;
    let mut pages = service.client().tickets().show_many(1..=6).columns();
    let page = pages.try_next().await.unwrap().unwrap();
    let found: Vec<_> = page
        .rows()
        .map(|row| {
            (
                row.id().get(),
                row.tags().map(|tags| tags.iter().collect::<Vec<_>>()),
                row.via(),
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            (1, Some(vec!["a", "b c"]), Some("email")),
            (3, Some(vec![]), None),
            (4, None, None)
        ]
    );
    let paths: Vec<_> = page.malformed.iter().map(|record| record.path()).collect();
    assert_eq!(
        paths,
        [
            "$.tickets[1].tags[1]",
            "$.tickets[4].via.channel",
            "$.tickets[5].tags"
        ]
    );
}

#[tokio::test]
async fn a_malformed_record_leaves_no_trace_in_the_columns() {
    let service = Scripted::start([Answer::json(
        200,
        r#"{"meta": {"has_more": true, "after_cursor": "C"}, "satisfaction_ratings": [
            {"id": 1, "comment": "a \"word\"", "score": "good", "ticket_id": "7", "new": [{}]},
            {"comment": "private", "score": "bad", "ticket_id": 8, "id": 2, "created_at": "yesterday"},
            {"score": "bad", "comment": "no id"},
            {"id": 4, "id": 5},
            null,
            {"id": "6", "created_at": "2026-03-01T10:00:00Z", "score": "superb", "comment": null}
        ]}"#,
    )])
    .await;
    let mut pages = service.client().satisfaction_ratings().list().columns();
    let page = pages.next().await.unwrap().unwrap();
    let ids: Vec<_> = page.rows().map(|row| row.id().get()).collect();
    assert_eq!(ids, [1, 6]);
    let row = page.row(0).unwrap();
    assert_eq!(row.comment(), Some("a \"word\""));
    assert_eq!(row.ticket_id().map(i64::from), Some(7));
    let row = page.row(1).unwrap();
    assert_eq!((row.comment(), row.ticket_id()), (None, None));
    assert_eq!(row.score(), Some(RatingScore::Unknown("superb".into())));
    assert_eq!(
        row.created_at().unwrap().to_rfc3339(),
        "2026-03-01T10:00:00+00:00"
    );
    let paths: Vec<_> = page.malformed.iter().map(|malformed| malformed.path()).collect();
    assert_eq!(
        paths,
        [
            "$.satisfaction_ratings[1].created_at",
            "$.satisfaction_ratings[2]",
            "$.satisfaction_ratings[3]",
            "$.satisfaction_ratings[4]"
        ]
    );
    assert_eq!(page.malformed[0].message(), "expected an RFC 3339 time");
    assert!(!format!("{page:?}").contains("private"));
    assert_eq!((page.cursor.as_deref(), page.has_more), (Some("C"), true));
    assert!(page.row(2).is_none());
}

#[tokio::test]
async fn an_envelope_that_does_not_fit_is_an_error() {
    for body in ["[]", r#"{"survey_responses": 7}"#, r#"{"meta": 7}"#, "<html>"] {
        let service = Scripted::lasting(Answer::json(200, body)).await;
        let mut pages = service.hasty_client().survey_responses().list().columns();
        let error = pages.next().await.unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{body}");
        assert!(error.is_broken_answer(), "{body}");
        assert!(pages.next().await.is_none());
    }
}

#[tokio::test]
async fn the_older_shape_of_a_survey_response_fills_the_same_columns() {
    let service = Scripted::start([Answer::json(
        200,
        r#"{"survey_responses": [
            {"id": "01J0Z3NDEKTSV4RRFFQ69G5FAV", "responder_id": 5, "subject_zrns": ["zrn:conversation:x", "zrn:ticket:7"],
             "survey_id": "S", "survey_version": 3, "answers": null},
            {"id": "01J0Z3NDEKTSV4RRFFQ69G5FAW", "responder_id": "5", "subjects": [{"id": "7", "type": "ticket", "zrn": "zen:ticket:7"}],
             "survey": {"id": "S", "version": 3}, "answers": []}
        ], "meta": {"has_more": false}}"#,
    )])
    .await;
    let page = service
        .client()
        .survey_responses()
        .list()
        .columns()
        .next()
        .await
        .unwrap()
        .unwrap();
    for row in page.rows() {
        assert_eq!(row.responder_id().map(i64::from), Some(5));
        assert_eq!(row.ticket_id().map(i64::from), Some(7));
        assert_eq!(row.survey_id().unwrap().as_str(), "S");
        assert_eq!(row.survey_version(), Some(3));
        assert_eq!(row.rating(), None);
    }
    let subjects: Vec<_> = page.columns.subject.iter().flatten().collect();
    assert_eq!(subjects, ["zrn:conversation:x", "zen:ticket:7"]);
}

#[test]
fn every_column_is_found_by_its_name() {
    let (ratings, responses) = (
        SatisfactionRatingColumns::default(),
        SurveyResponseColumns::default(),
    );
    for name in SatisfactionRatingColumns::NAMES {
        assert!(ratings.column(name).is_some(), "{name}");
    }
    for name in SurveyResponseColumns::NAMES {
        assert!(responses.column(name).is_some(), "{name}");
    }
    assert!(matches!(ratings.column("id"), Some(Column::Integers(_))));
    assert!(matches!(responses.column("id"), Some(Column::Texts(_))));
    assert!(matches!(responses.column("expires_at"), Some(Column::Times(_))));
    assert!(ratings.column("none").is_none());
}

#[tokio::test]
async fn tickets_are_decoded_for_the_fields_asked_for() {
    let (_zendesk, client) = account();
    let export = || client.tickets().export().start_time(DateTime::<Utc>::UNIX_EPOCH);
    let whole: Vec<_> = export().items().try_collect().await.unwrap();
    let asked: Vec<_> = export()
        .fields(["subject", "type", "satisfaction_rating"])
        .items()
        .try_collect()
        .await
        .unwrap();
    assert_eq!(asked.len(), whole.len());
    for (asked, whole) in asked.iter().zip(&whole) {
        assert_eq!(asked.id, whole.id);
        assert_eq!(asked.subject, whole.subject);
        assert_eq!(asked.type_, whole.type_);
        assert_eq!(asked.satisfaction_rating, whole.satisfaction_rating);
        assert_eq!(
            (&asked.status, &asked.tags, asked.created_at),
            (&None, &None, None)
        );
    }
    assert!(whole.iter().any(|ticket| ticket.tags.is_some()));
}

#[tokio::test]
async fn a_field_that_no_ticket_has_is_refused_before_any_call() {
    let service = Scripted::start([]).await;
    let tickets = service.client().tickets();
    let error = tickets
        .show_many([7])
        .fields(["id", "subjct"])
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(error.to_string().contains("subjct"), "{error}");
    assert_eq!(service.requests().len(), 0);
}

#[tokio::test]
async fn columns_have_what_was_asked_for_and_nothing_else() {
    let page = r#"{"tickets": [{"id": 7, "subject": "Where is it?", "status": {"not": "asked for"}, "group_id": 4},
        {"id": 8, "subject": {"not": "a text"}}, {"id": "9", "subject": null, "group_id": 5}]}"#;
    let service = Scripted::start([Answer::json(200, page)]).await;
    let tickets = service.client().tickets();
    let mut pages = tickets.show_many([7, 8, 9]).fields(["subject"]).columns();
    let page = pages.try_next().await.unwrap().unwrap();
    assert_eq!(page.columns.id.values(), [7, 9]);
    assert_eq!(
        page.columns.subject.iter().collect::<Vec<_>>(),
        [Some("Where is it?"), None]
    );
    assert_eq!(
        (page.columns.status.get(0), page.columns.group_id.get(0)),
        (None, None)
    );
    assert_eq!(page.malformed[0].path(), "$.tickets[1].subject");
}

#[tokio::test]
async fn a_field_without_a_column_is_refused_before_any_call() {
    let service = Scripted::start([]).await;
    let tickets = service.client().tickets();
    let mut pages = tickets.show_many([7]).fields(["subject", "type"]).columns();
    let error = pages.try_next().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(error.to_string().contains("\"type\""), "{error}");
    assert_eq!(service.requests().len(), 0);
}
