//! Tables as record batches.

use arrow_array::cast::AsArray;
use arrow_array::types::{Int64Type, TimestampMillisecondType};
use arrow_array::{Array, RecordBatch, RecordBatchReader};
use arrow_schema::{DataType, TimeUnit};
use chrono::DateTime;
use serde_json::{Value, json};
use zendesk_csat_history::export::{Batches, Table};
use zendesk_csat_history::{CsatQuery, History, HistoryError};

use crate::file::{HOSTILE, MARCH, empty, every_table, ratings};

/// The rows as JSON, times as in the one table.
fn rows(batches: Batches) -> Vec<Value> {
    batches.flat_map(|batch| rows_of(&batch.unwrap())).collect()
}

fn rows_of(batch: &RecordBatch) -> Vec<Value> {
    let value = |array: &dyn Array, row: usize| match array.data_type() {
        _ if array.is_null(row) => Value::Null,
        DataType::Utf8 => json!(array.as_string::<i32>().value(row)),
        DataType::Int64 => json!(array.as_primitive::<Int64Type>().value(row)),
        DataType::Boolean => json!(array.as_boolean().value(row)),
        DataType::List(item) if *item.data_type() == DataType::Utf8 => {
            let texts = array.as_list::<i32>().value(row);
            texts.as_string::<i32>().iter().map(|text| json!(text)).collect()
        }
        DataType::List(_) => {
            let reasons = array.as_list::<i32>().value(row);
            let text = |column: usize, place: usize| {
                let texts = reasons.as_struct().column(column).as_string::<i32>();
                texts.is_valid(place).then(|| texts.value(place))
            };
            (0..reasons.len())
                .map(|place| json!({ "id": text(0, place), "label": text(1, place) }))
                .collect()
        }
        DataType::Timestamp(TimeUnit::Millisecond, Some(zone)) if zone.as_ref() == "UTC" => {
            let milliseconds = array.as_primitive::<TimestampMillisecondType>().value(row);
            let time = DateTime::from_timestamp_millis(milliseconds).unwrap();
            json!(time.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string())
        }
        other => unreachable!("{other}"),
    };
    (0..batch.num_rows())
        .map(|row| {
            batch
                .schema()
                .fields()
                .iter()
                .zip(batch.columns())
                .map(|(field, array)| (field.name().clone(), value(array.as_ref(), row)))
                .collect()
        })
        .collect()
}

#[test]
fn batches_hold_the_rows_of_the_table_in_its_order() {
    let file = ratings(20_000);
    let expected: Vec<Value> = file
        .history
        .csat(&CsatQuery::default())
        .unwrap()
        .iter()
        .map(|row| {
            let mut value = serde_json::to_value(row).unwrap();
            value["subdomain"] = json!(row.subdomain);
            value["custom_fields"] = json!(value["custom_fields"].to_string());
            value
        })
        .collect();
    assert_eq!(expected.len(), 20_001);
    let batches = file.history.csat_batches(&CsatQuery::default()).unwrap();
    let found: Vec<RecordBatch> = batches.map(Result::unwrap).collect();
    assert!(found.len() > 1 && found.iter().all(|batch| (1..10_000).contains(&batch.num_rows())));
    assert!(found.iter().flat_map(rows_of).eq(expected));
}

#[test]
fn an_empty_table_has_a_schema_and_no_batch() {
    let mut batches = empty().history.csat_batches(&CsatQuery::default()).unwrap();
    assert_eq!(batches.schema().fields().len(), Table::Csat.columns().len());
    assert!(batches.next().is_none() && batches.next().is_none());
}

#[test]
fn a_query_bounds_time_and_account() {
    let file = ratings(100);
    let count = |query: CsatQuery| rows(file.history.csat_batches(&query).unwrap()).len();
    let hour = |hours: i64| DateTime::from_timestamp_millis(MARCH + hours * 3_600_000);
    assert_eq!(count(CsatQuery::default()), 101);
    let bounded = |subdomain: Option<&str>| CsatQuery {
        since: hour(0),
        until: hour(3),
        subdomain: subdomain.map(str::to_owned),
        ..CsatQuery::default()
    };
    assert_eq!(count(bounded(None)), 4);
    assert_eq!(count(bounded(Some("other"))), 1);
    let nobody = file.history.csat_batches(&bounded(Some("nobody")));
    assert!(matches!(nobody.unwrap_err(), HistoryError::UnknownAccount { .. }));
}

#[test]
fn batches_are_of_one_moment_and_need_no_history() {
    let file = ratings(20_000);
    let mut batches = file.history.csat_batches(&CsatQuery::default()).unwrap();
    // The first batch is there, so the moment is past.
    let first = batches.next().unwrap().unwrap().num_rows();
    file.execute("DELETE FROM ratings");
    drop(file.history);
    let rest: usize = batches.map(|batch| batch.unwrap().num_rows()).sum();
    assert_eq!(first + rest, 20_001);
}

#[test]
fn batches_that_nobody_takes_end() {
    let file = ratings(60_000);
    let unread = file.history.csat_batches(&CsatQuery::default()).unwrap();
    let mut begun = file.history.csat_batches(&CsatQuery::default()).unwrap();
    begun.next().unwrap().unwrap();
    // Dropping waits for the thread that reads: it would not return if that one waited for a taker.
    drop((unread, begun));
}

#[test]
fn batches_can_be_taken_on_another_thread() {
    let batches: Box<dyn RecordBatchReader + Send> =
        Box::new(ratings(10).history.csat_batches(&CsatQuery::default()).unwrap());
    let taken = std::thread::spawn(move || batches.map(|batch| batch.unwrap().num_rows()).sum::<usize>());
    assert_eq!(taken.join().unwrap(), 11);
}

#[test]
fn a_history_in_memory_has_batches_too() {
    let history = History::open(":memory:").unwrap();
    assert_eq!(
        rows(history.csat_batches(&CsatQuery::default()).unwrap()),
        [] as [Value; 0]
    );
}

#[test]
fn what_cannot_be_read_is_the_last_item_and_names_the_column() {
    let file = ratings(10_000);
    file.execute("UPDATE ratings SET comment = CAST(x'ff' AS TEXT) WHERE id = 9500");
    let mut batches = file.history.csat_batches(&CsatQuery::default()).unwrap();
    assert!(batches.next().unwrap().is_ok());
    let error = batches.next().unwrap().unwrap_err().to_string();
    assert!(error.contains("csat.db") && error.contains("comment"), "{error}");
    assert!(batches.next().is_none());
}

#[test]
fn comments_come_out_as_they_were_written() {
    let file = ratings(HOSTILE.len());
    let query = CsatQuery {
        subdomain: Some("acme".to_owned()),
        ..CsatQuery::default()
    };
    let found = rows(file.history.csat_batches(&query).unwrap());
    let comments: Vec<_> = found.iter().map(|row| row["comment"].as_str().unwrap()).collect();
    assert_eq!(comments, HOSTILE);
}

#[test]
fn every_table_comes_out_typed() {
    let file = every_table();
    let of = |table| rows(file.history.batches(table, &CsatQuery::default()).unwrap());
    assert_eq!(
        of(Table::Tickets),
        [json!({
            "subdomain": "acme", "id": 7, "generated_at": "2026-03-01T10:00:00.000Z", "subject": "=1+1",
            "status": "solved", "assignee_id": 21, "group_id": -3, "rating_id": null, "rating_score": null,
            "rating_comment": null, "channel": null, "inaccessible": false, "brand_id": 40, "organization_id": 50,
            "ticket_form_id": 60, "priority": "high", "type": "incident", "tags": ["vip", "a b"],
            "created_at": "2026-03-01T10:00:00.000Z", "custom_fields": "{\"seats\":12,\"wish\":\"x;=1+1\"}",
        })]
    );
    assert_eq!(
        of(Table::Agents),
        [
            json!({ "subdomain": "acme", "id": 21, "name": "Uma", "active": true }),
            json!({ "subdomain": "acme", "id": 22, "name": null, "active": null }),
        ]
    );
    let named = of(Table::Csat)
        .into_iter()
        .find(|row| row["source"] == "survey")
        .unwrap();
    for (column, value) in [
        ("agent", json!("Uma")),
        ("group", json!("=Orders")),
        ("brand_id", json!(40)),
        ("brand", json!("Acme Pro")),
        ("organization", json!("Summit Foods")),
        ("ticket_form", json!("Refund")),
        ("priority", json!("high")),
        ("tags", json!(["vip", "a b"])),
        ("ticket_url", json!("https://acme.zendesk.com/agent/tickets/7")),
        ("custom_fields", json!("{\"seats\":12,\"wish\":\"x;=1+1\"}")),
    ] {
        assert_eq!(named[column], value, "{column}");
    }
    let answers = of(Table::Answers);
    let ids: Vec<_> = answers
        .iter()
        .map(|answer| answer["option_ids"].clone())
        .collect();
    assert_eq!(ids, [Value::Null, json!("o2; o1"), Value::Null]);
    assert_eq!(answers[0]["updated_at"], "2026-03-01T10:01:00.001Z");
    let responses = of(Table::SurveyResponses);
    assert_eq!(
        (responses.len(), &responses[0]["reason_option_ids"]),
        (1, &json!("o2; o1"))
    );
    let copies: Vec<_> = of(Table::Ratings)
        .iter()
        .filter(|row| !row["copy_of"].is_null())
        .cloned()
        .collect();
    assert_eq!((copies.len(), &copies[0]["id"]), (1, &json!(999)));
    assert_eq!(of(Table::Reasons)[1]["deleted_at"], "2026-03-01T10:00:00.000Z");
    assert_eq!((of(Table::Questions).len(), of(Table::Options).len()), (1, 2));
    assert_eq!(of(Table::Csat).len(), HOSTILE.len() + 2);
}

#[test]
fn a_time_bounds_only_what_has_a_time() {
    let file = every_table();
    let later = CsatQuery {
        since: DateTime::from_timestamp_millis(MARCH + 1),
        ..CsatQuery::default()
    };
    for (table, rows_left) in [
        (Table::Csat, Some(13)),
        (Table::Ratings, Some(13)),
        (Table::SurveyResponses, Some(0)),
        (Table::Answers, Some(0)),
        (Table::Questions, None),
        (Table::Options, None),
        (Table::Reasons, None),
        (Table::Tickets, None),
    ] {
        match (file.history.batches(table, &later), rows_left) {
            (Ok(batches), Some(number)) => assert_eq!(rows(batches).len(), number, "{table}"),
            (Err(HistoryError::NotInTime { .. }), None) => {}
            (other, _) => panic!("{table}: {other:?}"),
        }
    }
}
