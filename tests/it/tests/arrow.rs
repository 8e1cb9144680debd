//! Columns as Arrow record batches: typed, in UTC, nulls where the service has none.
#![allow(missing_docs, clippy::unwrap_used)]

use arrow_array::cast::AsArray;
use arrow_array::types::{Int64Type, TimestampMillisecondType};
use arrow_array::{Array, RecordBatch};
use arrow_schema::{DataType, TimeUnit};
use futures::StreamExt;
use zendesk_csat::columns::{Columns, SatisfactionRatingColumns, SurveyResponseColumns, TicketColumns};
use zendesk_csat_it::{Answer, Scripted};

async fn batch(ratings: &str) -> RecordBatch {
    let body = format!(r#"{{"satisfaction_ratings": {ratings}, "meta": {{"has_more": false}}}}"#);
    let service = Scripted::start([Answer::json(200, body)]).await;
    let mut pages = service.client().satisfaction_ratings().list().columns();
    let page = pages.next().await.unwrap().unwrap();
    page.columns.into_record_batch().unwrap()
}

#[tokio::test]
async fn a_page_becomes_a_batch() {
    let batch = batch(
        r#"[
            {"id": 35436000000123, "ticket_id": 7, "score": "good", "comment": "größer", "created_at": "2026-03-01T10:00:00Z"},
            {"id": "8", "score": null, "comment": "", "created_at": "2026-03-01T10:00:00.250Z"},
            {"id": 9, "ticket_id": 8}
        ]"#,
    )
    .await;
    assert_eq!(batch.num_rows(), 3);
    let ids = batch.column_by_name("id").unwrap().as_primitive::<Int64Type>();
    assert_eq!(ids.values(), &[35_436_000_000_123, 8, 9]);
    let tickets = batch
        .column_by_name("ticket_id")
        .unwrap()
        .as_primitive::<Int64Type>();
    assert_eq!(tickets.iter().collect::<Vec<_>>(), [Some(7), None, Some(8)]);
    let comments = batch.column_by_name("comment").unwrap().as_string::<i32>();
    assert_eq!(
        comments.iter().collect::<Vec<_>>(),
        [Some("größer"), Some(""), None]
    );
    let scores = batch.column_by_name("score").unwrap().as_string::<i32>();
    assert_eq!(scores.iter().collect::<Vec<_>>(), [Some("good"), None, None]);
    let created = batch.column_by_name("created_at").unwrap();
    assert_eq!(
        created.data_type(),
        &DataType::Timestamp(TimeUnit::Millisecond, Some("UTC".into()))
    );
    let created = created.as_primitive::<TimestampMillisecondType>();
    assert_eq!(
        created.iter().collect::<Vec<_>>(),
        [Some(1_772_359_200_000), Some(1_772_359_200_250), None]
    );
}

#[tokio::test]
async fn every_page_has_the_same_schema() {
    for ratings in ["[]", r#"[{"id": 1}]"#] {
        assert_eq!(batch(ratings).await.schema(), SatisfactionRatingColumns::schema());
    }
}

#[test]
fn schemas_name_the_columns_and_only_ids_are_never_null() {
    fn check<C: Columns>() {
        let schema = C::schema();
        let names: Vec<_> = schema
            .fields()
            .iter()
            .map(|field| field.name().as_str())
            .collect();
        assert_eq!(names, C::NAMES);
        for field in schema.fields() {
            assert_eq!(field.is_nullable(), field.name() != "id", "{}", field.name());
        }
    }
    check::<SatisfactionRatingColumns>();
    check::<SurveyResponseColumns>();
    check::<TicketColumns>();
}
