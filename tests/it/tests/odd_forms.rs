//! Values in another form than the documented one: records and columns read the same, and nothing is lost.
#![allow(missing_docs, clippy::unwrap_used)]

use futures::TryStreamExt;
use serde_json::{Value, json};
use zendesk_csat::Client;
use zendesk_csat::columns::{ColumnPage, SatisfactionRatingColumns, SurveyResponseColumns, TicketColumns};
use zendesk_csat::types::{SurveyResponse, TicketId};
use zendesk_csat_it::{Answer, Scripted};

async fn client_of(body: impl Into<Vec<u8>>) -> (Scripted, Client) {
    let service = Scripted::lasting(Answer::raw(200, &body.into())).await;
    let client = service.hasty_client();
    (service, client)
}

fn page(holder: &str, records: &Value) -> String {
    json!({holder: records, "meta": {"has_more": false}, "end_of_stream": true}).to_string()
}

fn response(number: usize, changes: Value) -> Value {
    let mut response = json!({
        "id": format!("01K5Q3SVY0000000000000{number:04}"), "responder_id": "5",
        "subject_zrns": ["zen:ticket:70"], "subjects": [{"id": "70", "type": "ticket", "zrn": "zen:ticket:70"}],
        "survey": {"id": "S", "version": 1, "state": "enabled"},
        "answers": [{"type": "rating_scale", "rating": 4, "rating_category": "good",
            "question": {"id": "Q", "type": "rating_scale_numeric", "sub_type": "customer_satisfaction"}}]
    });
    let changes = changes.as_object().unwrap().clone();
    response.as_object_mut().unwrap().extend(changes);
    response
}

/// A survey response whose CSAT answer is changed.
fn rated(number: usize, changes: Value) -> Value {
    let mut response = response(number, json!({}));
    let changes = changes.as_object().unwrap().clone();
    response["answers"][0].as_object_mut().unwrap().extend(changes);
    response
}

/// The rows of a page of survey responses, read both ways.
async fn responses(records: &Value) -> (Vec<SurveyResponse>, ColumnPage<SurveyResponseColumns>) {
    let (_service, client) = client_of(page("survey_responses", records)).await;
    let page = client.survey_responses().list().send().await.unwrap();
    assert_eq!(page.malformed, []);
    let columns = client
        .survey_responses()
        .list()
        .columns()
        .try_next()
        .await
        .unwrap()
        .unwrap();
    assert_eq!(columns.malformed, []);
    assert_eq!(columns.len(), page.items.len());
    for (row, record) in columns.rows().zip(&page.items) {
        assert_eq!(row.id(), record.id);
        assert_eq!(row.responder_id(), record.responder_id, "{}", record.id);
        assert_eq!(row.ticket_id(), record.ticket_id(), "{}", record.id);
        assert_eq!(row.survey_id().as_ref(), record.survey_id(), "{}", record.id);
        assert_eq!(row.survey_version(), record.survey_version(), "{}", record.id);
        assert_eq!(row.expires_at(), record.expires_at, "{}", record.id);
        assert_eq!(
            row.rating(),
            record.csat_answer().and_then(|answer| answer.rating),
            "{}",
            record.id
        );
        assert_eq!(row.comment(), record.comment(), "{}", record.id);
        let ids: Vec<_> = record.reason_ids().map(|id| id.as_str()).collect();
        assert_eq!(
            row.reason_option_ids().unwrap_or_default(),
            ids.join("; "),
            "{}",
            record.id
        );
    }
    (page.items, columns)
}

#[tokio::test]
async fn a_ticket_is_found_wherever_it_stands() {
    let conversation = json!({"id": "4295a81b", "type": "conversation", "zrn": "zen:conversation:4295a81b"});
    let records = json!([
        response(
            71,
            json!({"subjects": [conversation, {"id": "71", "type": "ticket", "zrn": "zen:ticket:71"}]})
        ),
        response(
            72,
            json!({"subjects": [{"id": "72", "type": "request"}], "subject_zrns": ["zen:request:72"]})
        ),
        response(73, json!({"subjects": null, "subject_zrns": ["zrn:ticket:73"]})),
        response(74, json!({"subjects": [], "subject_zrns": ["zen:request:74"]})),
        response(76, json!({"subjects": [{"id": 76, "type": "ticket"}]})),
        response(
            77,
            json!({"subjects": [null], "subject_zrns": [null, "zen:Ticket:77"]})
        ),
        response(
            83,
            json!({"subjects": [{"id": "83", "type": "Ticket"}], "subject_zrns": ["zen:ticket:83:extra"]})
        ),
    ]);
    let (items, _) = responses(&records).await;
    let tickets: Vec<_> = items
        .iter()
        .map(|response| response.ticket_id().map(TicketId::get))
        .collect();
    assert_eq!(tickets, [71, 72, 73, 74, 76, 77, 83].map(Some));
}

#[tokio::test]
async fn odd_members_cost_the_member_and_not_the_response() {
    let question = json!({"id": "Q9", "type": "matrix"});
    let records = json!([
        response(1, json!({"answers": null})),
        response(2, json!({"responder_id": ""})),
        response(3, json!({"responder_id": 39_771_850_790_941_i64})),
        response(4, json!({"survey": {"id": 7, "version": "1", "state": null}})),
        response(
            5,
            json!({"survey": null, "survey_id": "", "survey_version": "2.0"})
        ),
        rated(6, json!({"rating": 4.0})),
        rated(7, json!({"rating": "4"})),
        rated(8, json!({"question": null, "rating_category": 4})),
        response(
            9,
            json!({"answers": [null, {"type": "matrix", "rows": [1], "question": question},
            {"type": "closed_ended", "selections": [null, {"option_id": "O1"}, {"option_id": ""}, {"option_id": 3}]},
            {"type": "open_ended", "value": 5}]})
        ),
        response(
            10,
            json!({"answers": [{"type": "closed_ended", "selections": null}]})
        ),
    ]);
    let (items, _) = responses(&records).await;
    assert_eq!(items.len(), 10);
    assert_eq!(items[1].responder_id, None);
    assert_eq!((items[4].survey_id(), items[4].survey_version()), (None, Some(2)));
    for rated in &items[5..7] {
        assert_eq!(rated.csat_answer().unwrap().rating, Some(4));
    }
    assert_eq!(items[8].comment(), Some("5"));
    let reasons: Vec<_> = items[8].reason_ids().map(|id| id.as_str()).collect();
    assert_eq!(reasons, ["O1", "3"]);
}

#[tokio::test]
async fn ratings_and_tickets_read_the_same_either_way() {
    let ratings = json!([
        {"id": "1", "ticket_id": 7.0, "assignee_id": "", "group_id": null, "requester_id": "8.0", "score": 1, "comment": 5},
        {"id": 2.0, "reason_id": "9", "reason": 1.5},
    ]);
    let (_service, client) = client_of(page("satisfaction_ratings", &ratings)).await;
    let rows = client.satisfaction_ratings().list().send().await.unwrap();
    let mut columns = client.satisfaction_ratings().list().columns();
    let columns: ColumnPage<SatisfactionRatingColumns> = columns.try_next().await.unwrap().unwrap();
    assert_eq!((rows.items.len(), columns.len()), (2, 2));
    for (row, record) in columns.rows().zip(&rows.items) {
        assert_eq!(row.id(), record.id);
        assert_eq!(
            (row.ticket_id(), row.assignee_id()),
            (record.ticket_id, record.assignee_id)
        );
        assert_eq!(
            (row.requester_id(), row.reason_id()),
            (record.requester_id, record.reason_id)
        );
        assert_eq!(
            (row.comment(), row.reason()),
            (record.comment.as_deref(), record.reason.as_deref())
        );
        assert_eq!(row.score(), record.score);
    }
    assert_eq!(rows.items[0].requester_id.map(i64::from), Some(8));

    let tickets = json!([
        {"id": 1, "subject": 404, "generated_timestamp": "1742988046", "brand_id": "3", "tags": ["a", null, 7],
         "collaborator_ids": ["5", null, ""], "custom_fields": [null, {"id": "6", "value": null}]},
    ]);
    let (_service, client) = client_of(page("tickets", &tickets)).await;
    let ticket = &client.tickets().show_many([1]).send().await.unwrap().items[0];
    assert_eq!(ticket.tags.as_deref().unwrap(), ["a", "7"]);
    assert_eq!(ticket.collaborator_ids.as_ref().unwrap().len(), 1);
    assert_eq!(ticket.custom_fields.as_ref().unwrap()[0].id, 6);
    let columns: ColumnPage<TicketColumns> = client
        .tickets()
        .show_many([1])
        .columns()
        .try_next()
        .await
        .unwrap()
        .unwrap();
    let row = columns.row(0).unwrap();
    assert_eq!(
        (row.subject(), row.brand_id()),
        (ticket.subject.as_deref(), ticket.brand_id)
    );
    assert_eq!(row.generated_timestamp(), Some(1_742_988_046));
}

#[tokio::test]
async fn what_is_out_of_range_is_malformed_with_its_path_either_way() {
    let ratings = json!([{"id": 1, "ticket_id": 1e30}, {"id": 2, "assignee_id": "abc"}, {"id": 3, "group_id": 1.5}, {"id": ""}]);
    let (_service, client) = client_of(page("satisfaction_ratings", &ratings)).await;
    let rows = client.satisfaction_ratings().list().send().await.unwrap();
    let columns = client
        .satisfaction_ratings()
        .list()
        .columns()
        .try_next()
        .await
        .unwrap()
        .unwrap();
    for malformed in [rows.malformed, columns.malformed] {
        let paths: Vec<_> = malformed.iter().map(|malformed| malformed.path()).collect();
        let expected = ["[0].ticket_id", "[1].assignee_id", "[2].group_id", "[3].id"];
        assert_eq!(
            paths,
            expected.map(|place| format!("$.satisfaction_ratings{place}"))
        );
    }
}

#[tokio::test]
async fn half_an_emoji_costs_nothing_but_itself() {
    let ratings = r#"{"satisfaction_ratings": [{"id": 1}, {"id": 2, "comment": "Bad \ud83d"}, {"id": 3}], "meta": {"has_more": false}}"#;
    let (_service, client) = client_of(ratings).await;
    let rows = client.satisfaction_ratings().list().send().await.unwrap();
    let columns = client
        .satisfaction_ratings()
        .list()
        .columns()
        .try_next()
        .await
        .unwrap()
        .unwrap();
    assert_eq!((rows.items.len(), columns.len()), (3, 3));
    assert_eq!(rows.items[1].comment.as_deref(), Some("Bad \u{fffd}"));
    assert_eq!(columns.row(1).unwrap().comment(), Some("Bad \u{fffd}"));

    let (_service, client) =
        client_of(r#"{"satisfaction_rating": {"id": 2, "comment": "Bad \ud83d"}}"#).await;
    let rating = client.satisfaction_ratings().show(2).send().await.unwrap();
    assert_eq!(rating.comment.as_deref(), Some("Bad \u{fffd}"));

    let tickets =
        r#"{"tickets": [{"id": 1, "subject": "\ude00", "description": "\ud83d"}], "next_page": null}"#;
    let (_service, client) = client_of(tickets).await;
    let chosen = client
        .tickets()
        .show_many([1])
        .fields(["subject"])
        .send()
        .await
        .unwrap();
    assert_eq!(chosen.items[0].subject.as_deref(), Some("\u{fffd}"));
}

#[tokio::test]
async fn bytes_that_are_no_text_cost_the_record_that_they_stand_in() {
    let ratings = b"{\"satisfaction_ratings\": [{\"id\": 1}, {\"id\": 2, \"comment\": \"gr\xfc\xdfe\"}, {\"id\": 3}], \"meta\": {\"has_more\": false}}";
    let (_service, client) = client_of(*ratings).await;
    let rows = client.satisfaction_ratings().list().send().await.unwrap();
    let ids: Vec<_> = rows.items.iter().map(|rating| rating.id.get()).collect();
    assert_eq!(ids, [1, 3]);
    let columns = client
        .satisfaction_ratings()
        .list()
        .columns()
        .try_next()
        .await
        .unwrap()
        .unwrap();
    assert_eq!(columns.columns.id.values(), [1, 3]);
    for malformed in [&rows.malformed[..], &columns.malformed] {
        assert_eq!(malformed.len(), 1);
        let malformed = &malformed[0];
        assert_eq!((malformed.index(), malformed.message()), (1, "expected UTF-8"));
        assert_eq!(malformed.path(), "$.satisfaction_ratings[1]");
        assert!(malformed.raw().contains("gr\u{fffd}"));
    }

    // One record alone, or what stands around the records: the answer is broken.
    for body in [
        &b"{\"satisfaction_rating\": {\"id\": 2, \"comment\": \"\xfc\"}}"[..],
        b"{\"satisfaction_ratings\": [], \"meta\": {\"has_more\": false}, \"x\": \"\xfc\"}",
    ] {
        let (service, client) = client_of(body).await;
        let shown = client.satisfaction_ratings().show(2).send().await;
        let listed = client.satisfaction_ratings().list().send().await;
        assert!(shown.unwrap_err().is_broken_answer());
        assert!(listed.unwrap_err().is_broken_answer());
        assert_eq!(service.requests().len(), 6);
    }
}
