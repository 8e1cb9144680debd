//! Whatever an answer lacks: the same records, or an error that says that the answer is broken. Never fewer records.
//!
//! Driven by the spec: every operation, every property of its envelope, absent, null and under another name.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use futures::{StreamExt, TryStreamExt, future};
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::sync::Mutex;
use zendesk_csat::columns::{ColumnPage, Columns};
use zendesk_csat::types::RatingScoreInput;
use zendesk_csat::{Client, Error, ErrorKind, Zrn};
use zendesk_csat_it::{Answer, Scripted};

/// The operations of the spec, each with its envelope.
struct Operation {
    id: String,
    value: Value,
    is_get: bool,
    envelope: Value,
}

impl Operation {
    fn text(&self, key: &str) -> Option<&str> {
        self.value[key].as_str()
    }

    fn is_idempotent(&self) -> bool {
        self.is_get || self.value["x-idempotent"] == true
    }

    /// What the answer is for.
    fn holder(&self) -> &str {
        self.text("x-items")
            .unwrap_or_else(|| self.envelope["required"][0].as_str().unwrap())
    }

    /// Whole answers, page after page.
    fn pages(&self) -> Vec<Value> {
        let example = &self.envelope["example"];
        assert!(
            !example[self.holder()].is_null(),
            "{}: its example has no record",
            self.id
        );
        let with = |signs: Value| {
            let mut page = example.clone();
            page.as_object_mut()
                .unwrap()
                .extend(signs.as_object().unwrap().clone());
            page
        };
        match (self.text("x-items"), self.text("x-pagination").unwrap()) {
            (Some(_), "cursor" | "cursor_and_offset") => {
                let meta = |has_more| {
                    let mut page = with(json!({"meta": {"has_more": has_more, "after_cursor": "c1"}}));
                    page.as_object_mut().unwrap().remove("next_page");
                    page
                };
                vec![meta(true), meta(false)]
            }
            (Some(_), "incremental_cursor" | "incremental_time") => [false, true]
                .map(|end| {
                    with(json!({"end_of_stream": end, "after_cursor": "c1", "end_time": 1_800_000_000}))
                })
                .into(),
            // More ids than a call takes: as many answers.
            (Some(_), "none") => vec![example.clone(), example.clone()],
            _ => vec![example.clone()],
        }
    }
}

fn resolved<'a>(spec: &'a Value, value: &'a Value) -> &'a Value {
    match value["$ref"].as_str() {
        Some(reference) => spec.pointer(&reference[1..]).unwrap(),
        None => value,
    }
}

fn operations() -> Vec<Operation> {
    let text = include_str!("../../../crates/zendesk-csat/openapi.json");
    let spec: Value = serde_json::from_str(text).unwrap();
    let mut operations = Vec::new();
    for item in spec["paths"].as_object().unwrap().values() {
        for (method, value) in item.as_object().unwrap() {
            let schema = &value["responses"]["200"]["content"]["application/json"]["schema"];
            operations.push(Operation {
                id: value["operationId"].as_str().unwrap().to_owned(),
                value: value.clone(),
                is_get: method == "get",
                envelope: resolved(&spec, schema).clone(),
            });
        }
    }
    assert!(operations.len() > 10);
    operations
}

fn written(record: impl Serialize) -> Value {
    serde_json::to_value(record).unwrap()
}

/// What the caller of an operation gets, all pages of it.
async fn outcome(client: &Client, operation: &str) -> Result<Vec<Value>, Error> {
    let ratings = client.satisfaction_ratings();
    let responses = client.survey_responses();
    let start = chrono::DateTime::UNIX_EPOCH;
    macro_rules! all {
        ($listing:expr) => {
            $listing
                .items()
                .map_ok(written)
                .try_collect::<Vec<_>>()
                .await
        };
    }
    macro_rules! one {
        ($request:expr) => {
            $request.send().await.map(|record| vec![written(record)])
        };
    }
    match operation {
        "list_satisfaction_ratings" => all!(ratings.list()),
        "count_satisfaction_ratings" => one!(ratings.count()),
        "show_satisfaction_rating" => one!(ratings.show(1)),
        "create_satisfaction_rating" => one!(ratings.create(7, RatingScoreInput::Good)),
        "list_satisfaction_reasons" => all!(client.satisfaction_reasons().list()),
        "show_satisfaction_reason" => one!(client.satisfaction_reasons().show(1)),
        "list_survey_responses" => all!(responses.list()),
        "create_survey_response" => one!(responses.create("S", 1, [Zrn::ticket(7)])),
        "submit_survey_response" => {
            one!(responses.submit("R", Vec::<zendesk_csat::types::AnswerInput>::new()))
        }
        "show_survey_response" => one!(responses.show("R")),
        "list_surveys" => all!(client.surveys().list()),
        "export_tickets" => all!(client.tickets().export().start_time(start)),
        "export_tickets_by_time" => all!(client.tickets().export_by_time().start_time(start)),
        "list_ticket_audits" => all!(client.tickets().audits(7)),
        "show_many_tickets" => all!(client.tickets().show_many(1..=150)),
        "list_groups" => all!(client.groups().list()),
        "list_users" => all!(client.users().list()),
        "show_many_users" => all!(client.users().show_many(1..=150)),
        "show_current_user" => one!(client.users().me()),
        "list_brands" => all!(client.brands().list()),
        "list_ticket_forms" => all!(client.ticket_forms().list()),
        "show_many_organizations" => all!(client.organizations().show_many(1..=150)),
        "create_oauth_token" => {
            let token = client.oauth().client_credentials("csat", "secret").send().await?;
            Ok(vec![json!(token.access_token.expose())])
        }
        other => panic!("{other} is new: say here how it is called"),
    }
}

/// The ids of a listing that has columns.
async fn outcome_of_columns(client: &Client, operation: &str) -> Option<Result<Vec<Value>, Error>> {
    fn ids<C: Columns, T: Into<Value>>(page: &ColumnPage<C>, id: impl Fn(C::Row<'_>) -> T) -> Vec<Value> {
        assert_eq!(page.malformed, []);
        page.rows().map(|row| id(row).into()).collect()
    }
    let start = chrono::DateTime::UNIX_EPOCH;
    macro_rules! ids {
        ($listing:expr, $id:expr) => {
            $listing
                .columns()
                .map_ok(|page| ids(&page, $id))
                .try_concat()
                .await
        };
    }
    Some(match operation {
        "list_satisfaction_ratings" => ids!(client.satisfaction_ratings().list(), |row| row.id().get()),
        "list_survey_responses" => ids!(client.survey_responses().list(), |row| row.id().to_string()),
        "export_tickets" => ids!(client.tickets().export().start_time(start), |row| row.id().get()),
        "export_tickets_by_time" => ids!(client.tickets().export_by_time().start_time(start), |row| row
            .id()
            .get()),
        "show_many_tickets" => ids!(client.tickets().show_many(1..=150), |row| row.id().get()),
        _ => return None,
    })
}

/// A service with these pages: the first for whatever it is asked first, the last for all else.
async fn service(pages: Vec<String>) -> Scripted {
    let first = Mutex::new(None);
    Scripted::answering(move |line| {
        let mut first = first.lock().unwrap();
        let first = first.get_or_insert_with(|| line.to_owned());
        let page = if first == line {
            pages.first()
        } else {
            pages.last()
        };
        Answer::json(200, page.unwrap())
    })
    .await
}

async fn outcomes(operation: &Operation, pages: Vec<String>) -> [Option<Result<Vec<Value>, Error>>; 2] {
    let rows = service(pages.clone()).await;
    let columns = service(pages).await;
    [
        Some(outcome(&rows.hasty_client(), &operation.id).await),
        outcome_of_columns(&columns.hasty_client(), &operation.id).await,
    ]
}

/// The ways in which a member can be missing.
fn without(object: &Map<String, Value>, name: &str) -> [(&'static str, Map<String, Value>); 3] {
    let (mut absent, mut null) = (object.clone(), object.clone());
    let value = absent.remove(name);
    null.insert(name.to_owned(), Value::Null);
    let mut renamed = absent.clone();
    renamed.extend(value.map(|value| (format!("new_{name}"), value)));
    [("absent", absent), ("null", null), ("renamed", renamed)]
}

/// The page without each of its members, and without each of those of its `meta`.
fn damaged(operation: &Operation, page: &Value) -> Vec<(String, Value)> {
    let page = page.as_object().unwrap();
    let mut damaged = Vec::new();
    for name in operation.envelope["properties"].as_object().unwrap().keys() {
        for (how, page) in without(page, name) {
            damaged.push((format!("{name} {how}"), Value::Object(page)));
        }
    }
    if let Some(meta) = page.get("meta").and_then(Value::as_object) {
        for name in meta.keys() {
            for (how, meta) in without(meta, name) {
                let mut page = page.clone();
                page.insert("meta".into(), Value::Object(meta));
                damaged.push((format!("meta.{name} {how}"), Value::Object(page)));
            }
        }
    }
    damaged
}

#[tokio::test]
async fn what_an_answer_lacks_costs_no_record() {
    let checks = operations().into_iter().map(|operation| async move {
        let pages = operation.pages();
        let texts: Vec<_> = pages.iter().map(Value::to_string).collect();
        let whole = outcomes(&operation, texts.clone()).await;
        for whole in whole.iter().flatten() {
            assert!(!whole.as_ref().unwrap().is_empty(), "{}", operation.id);
        }
        let (mut kept, mut broken) = (0, 0);
        for at in 0..pages.len() {
            for (what, page) in damaged(&operation, &pages[at]) {
                let mut texts = texts.clone();
                texts[at] = page.to_string();
                let what = format!("{} page {}: {what}", operation.id, at + 1);
                for (found, whole) in outcomes(&operation, texts).await.into_iter().zip(&whole) {
                    let (Some(found), Some(whole)) = (found, whole) else {
                        continue;
                    };
                    match found {
                        Ok(records) => {
                            assert_eq!(&records, whole.as_ref().unwrap(), "{what}");
                            kept += 1;
                        }
                        // The page says that there is more, and where is not to be found.
                        Err(error) if error.kind() == ErrorKind::Pagination => {
                            assert!(
                                what.contains("after_cursor") || what.contains("end_time"),
                                "{what}: {error}"
                            );
                        }
                        Err(error) => {
                            assert!(
                                error.is_broken_answer() && error.is_retryable(),
                                "{what}: {error}"
                            );
                            assert_eq!(error.kind(), ErrorKind::Decode, "{what}");
                            let attempts = if operation.is_idempotent() { 3 } else { 1 };
                            assert_eq!(error.attempts(), attempts, "{what}");
                            broken += 1;
                        }
                    }
                }
            }
        }
        // What the answer is for is among what it lacked, in three ways.
        assert!(broken >= 3, "{}: {kept} kept, {broken} broken", operation.id);
    });
    future::join_all(checks).await;
}

#[tokio::test]
async fn what_comes_in_place_of_an_answer_is_an_error_that_names_it() {
    let checks = operations().into_iter().map(|operation| async move {
        let whole = operation.pages()[0].to_string();
        let cut = &whole[..whole.len() / 2];
        for (body, named) in [
            ("", "an empty answer"),
            ("<!DOCTYPE html><title>Sign in</title>", "an HTML page"),
            ("[]", "JSON that is no object"),
            ("null", "JSON that is no object"),
            ("OK", "no JSON"),
            (cut, "JSON that breaks off"),
            ("{}", &format!("no `{}` in the answer", operation.holder())),
            (
                r#"{"error": "InternalError", "description": "Come again"}"#,
                "an error in an answer that says success: InternalError: Come again",
            ),
            (
                r#"{"errors": [{"title": "Come again"}]}"#,
                "that says success: Come again",
            ),
            (
                r#"{"error": {"title": "Oops", "message": "Come again"}}"#,
                "that says success: Oops: Come again",
            ),
        ] {
            let [rows, columns] = outcomes(&operation, vec![body.to_owned()]).await;
            for found in [rows, columns].into_iter().flatten() {
                let error = found.unwrap_err();
                assert!(error.is_broken_answer(), "{}: {body}: {error}", operation.id);
                assert!(
                    error.to_string().contains(named),
                    "{}: {body}: {error}",
                    operation.id
                );
            }
        }
    });
    future::join_all(checks).await;
}

#[tokio::test]
async fn what_comes_once_in_place_of_an_answer_is_asked_for_again() {
    let checks = operations()
        .into_iter()
        .filter(Operation::is_idempotent)
        .map(|operation| async move {
            let pages = operation.pages();
            let last = pages.last().unwrap().to_string();
            let whole = outcome(&service(vec![last.clone()]).await.hasty_client(), &operation.id).await;
            let cut = &last[..last.len() / 2];
            for (status, body) in [
                (200, ""),
                (204, ""),
                (200, "<html>"),
                (200, cut),
                (200, "{}"),
                (500, "{}"),
            ] {
                let odd = Answer::raw(status, body.as_bytes());
                let once = Mutex::new(Some(odd));
                let last = last.clone();
                let service = Scripted::answering(move |_| {
                    let odd = once.lock().unwrap().take();
                    odd.unwrap_or_else(|| Answer::json(200, &last))
                })
                .await;
                let found = outcome(&service.hasty_client(), &operation.id).await;
                let what = format!("{}: {status} {body}", operation.id);
                assert_eq!(found.unwrap(), *whole.as_ref().unwrap(), "{what}");
            }
        });
    future::join_all(checks).await;
}

#[tokio::test]
async fn a_page_by_offset_says_its_end_and_is_never_taken_for_it() {
    let audits = |rest: &str| format!(r#"{{"audits": [{{"id": 1}}]{rest}}}"#);
    let walk = async |body: String| {
        let service = Scripted::lasting(Answer::json(200, body)).await;
        let audits = service.hasty_client().tickets().audits(7);
        let walked = audits
            .items()
            .map(|audit| audit.map(|audit| audit.id.get()).map_err(|error| error.kind()));
        walked.collect::<Vec<_>>().await
    };
    let archived = audits(r#", "next_page": null, "previous_page": null, "count": 1"#);
    assert_eq!(walk(archived).await, [Ok(1)]);
    let more = audits(r#", "next_page": "https://acme.zendesk.com/api/v2/tickets/7/audits?page=2""#);
    // The second page is the first one again, and says so: it is not asked for for ever.
    assert_eq!(walk(more).await, [Ok(1), Ok(1), Err(ErrorKind::Pagination)]);
    assert_eq!(walk(audits("")).await, [Err(ErrorKind::Decode)]);
}

#[tokio::test]
async fn a_listing_that_comes_in_pages_by_offset_is_followed() {
    let page = |id: u32, next: &str| {
        Answer::json(
            200,
            format!(r#"{{"satisfaction_ratings": [{{"id": {id}}}], "next_page": {next}, "count": 3}}"#),
        )
    };
    let address =
        |query: &str| format!(r#""https://elsewhere.example/api/v2/satisfaction_ratings.json?{query}""#);
    let service = Scripted::start([
        page(1, &address("page=2&per_page=1")),
        page(2, &address("page=3&per_page=1")),
        page(3, "null"),
    ])
    .await;
    let list = service
        .hasty_client()
        .satisfaction_ratings()
        .list()
        .page_size(1u32);
    let list = list.score(zendesk_csat::types::RatingFilter::Bad);
    let walked: Vec<_> = list
        .items()
        .map(|rating| rating.unwrap().id.get())
        .collect()
        .await;
    assert_eq!(walked, [1, 2, 3]);
    let requests = service.requests();
    let lines: Vec<_> = requests
        .iter()
        .map(|request| request.lines().next().unwrap())
        .collect();
    let path = "GET /api/v2/satisfaction_ratings?";
    assert_eq!(
        lines,
        [
            format!("{path}page%5Bsize%5D=1&score=bad"),
            format!("{path}page=2&per_page=1&score=bad"),
            format!("{path}page=3&per_page=1&score=bad"),
        ]
    );
}

#[tokio::test]
async fn a_listing_does_not_change_its_way_of_paging() {
    let by_cursor =
        r#"{"satisfaction_ratings": [{"id": 1}], "meta": {"has_more": true, "after_cursor": "c1"}}"#;
    let by_offset =
        r#"{"satisfaction_ratings": [{"id": 1}], "next_page": "https://acme.zendesk.com/x?page=2"}"#;
    for (first, second) in [(by_cursor, by_offset), (by_offset, by_cursor)] {
        let service = Scripted::start([Answer::json(200, first), Answer::json(200, second)]).await;
        let ratings = service.hasty_client().satisfaction_ratings().list().items();
        let walked: Vec<_> = ratings
            .map(|rating| rating.map(|rating| rating.id.get()).map_err(|error| error.kind()))
            .collect()
            .await;
        // Whether it would miss records or list some again, nobody knows.
        assert_eq!(walked, [Ok(1), Ok(1), Err(ErrorKind::Pagination)]);
        assert_eq!(service.requests().len(), 2);
    }
}
