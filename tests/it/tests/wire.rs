//! Every operation: the request on the wire, by snapshot, and the answer as it is decoded.
#![allow(missing_docs, clippy::unwrap_used)]

use chrono::{DateTime, Utc};
use futures::TryStreamExt;
use std::time::Duration;
use zendesk_csat::types::{
    AnswerInput, AuditEventType, RatingFilter, RatingScore, RatingScoreInput, SupportTypeScope,
    SurveyResponseSort, UserRole,
};
use zendesk_csat::{AnswerKind, AuditEventKind, SecretText};
use zendesk_csat_it::{Answer, Scripted, with_snapshots};

fn time(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// One call: the script's only answer, and the request that it was given for.
macro_rules! wire {
    ($name:ident, $answer:expr, |$client:ident| $call:expr) => {{
        let service = Scripted::start([Answer::json(200, $answer)]).await;
        let $client = service.client();
        let answer = $call.await.unwrap();
        let requests = service.requests();
        assert_eq!(requests.len(), 1);
        with_snapshots(|| insta::assert_snapshot!(concat!("wire_", stringify!($name)), requests[0]));
        answer
    }};
}

const RATING: &str = r#"{"id": 12345678901234, "ticket_id": 7, "requester_id": 21, "assignee_id": null, "group_id": 4,
    "score": "bad", "comment": "Slow", "reason": "Took too long", "reason_id": 5,
    "created_at": "2026-01-05T10:00:00Z", "updated_at": "2026-01-06T11:30:00Z"}"#;

const RESPONSE: &str = r#"{"id": "01JQ7W3M8T4K2V9XN5B6C0DEFG", "responder_id": "21", "subject_zrns": ["zen:ticket:7"],
    "subjects": [{"id": "7", "type": "ticket", "zrn": "zen:ticket:7"}],
    "survey": {"id": "S", "version": 3, "state": "enabled"}, "expires_at": "2026-02-02T10:00:00.250Z",
    "answers": [
        {"type": "skipped", "question": {"id": "Q0", "type": "open_ended"}},
        {"type": "rating_scale", "rating": 4, "rating_category": "good", "updated_at": "2026-01-06T08:00:00.125Z",
         "question": {"id": "Q1", "type": "rating_scale_numeric", "sub_type": "customer_satisfaction"}},
        {"type": "closed_ended", "selections": [{"type": "predefined", "option_id": "O1"}],
         "question": {"id": "Q2", "type": "closed_ended"}}]}"#;

#[tokio::test]
async fn list_satisfaction_ratings() {
    let answer = format!(
        r#"{{"satisfaction_ratings": [{RATING}], "meta": {{"has_more": true, "after_cursor": "c2"}}}}"#
    );
    let page = wire!(list_satisfaction_ratings, answer, |client| {
        let list = client
            .satisfaction_ratings()
            .list()
            .score(RatingFilter::BadWithComment)
            .sort("-created_at");
        let list = list
            .start_time(time("2026-01-01T00:00:00.900Z"))
            .end_time(time("2026-02-01T00:00:00Z"));
        list.page_size(50u32).after("c1=").send()
    });
    let rating = &page.items[0];
    assert_eq!(
        (rating.id.get(), rating.score.as_ref()),
        (12_345_678_901_234, Some(&RatingScore::Bad))
    );
    assert_eq!(
        (rating.assignee_id, rating.updated_at),
        (None, Some(time("2026-01-06T11:30:00Z")))
    );
    assert_eq!((page.has_more, page.cursor.as_deref()), (true, Some("c2")));
    assert_eq!((page.meta.status, page.meta.attempts), (200, 1));
}

#[tokio::test]
async fn count_satisfaction_ratings() {
    let answer = r#"{"count": {"value": 100000, "refreshed_at": null}}"#;
    let count = wire!(count_satisfaction_ratings, answer, |client| client
        .satisfaction_ratings()
        .count()
        .send());
    assert_eq!((count.value, count.refreshed_at), (Some(100_000), None));
}

#[tokio::test]
async fn show_satisfaction_rating() {
    // The page shows an array of one, the service sends the object.
    for answer in [
        format!(r#"{{"satisfaction_rating": {RATING}}}"#),
        format!(r#"{{"satisfaction_rating": [{RATING}]}}"#),
    ] {
        let rating = wire!(show_satisfaction_rating, answer, |client| client
            .satisfaction_ratings()
            .show(12_345_678_901_234)
            .send());
        assert_eq!(
            (rating.reason.as_deref(), rating.reason_id.map(i64::from)),
            (Some("Took too long"), Some(5))
        );
    }
}

#[tokio::test]
async fn create_satisfaction_rating() {
    let answer = format!(r#"{{"satisfaction_rating": {RATING}}}"#);
    let rating = wire!(create_satisfaction_rating, answer, |client| {
        let create = client.satisfaction_ratings().create(7, RatingScoreInput::Bad);
        create
            .comment("Slow")
            .reason_code(5)
            .on_behalf_of("ada@customer.example")
            .send()
    });
    assert_eq!(rating.comment.as_deref(), Some("Slow"));
}

#[tokio::test]
async fn list_satisfaction_reasons() {
    let answer = r#"{"reasons": [{"id": 5, "reason_code": 1001, "value": "Took too long", "raw_value": "{{dc.slow}}",
        "deleted_at": "2026-01-01T00:00:00Z"}], "next_page": "https://elsewhere.example/api/v2/satisfaction_reasons?page=2"}"#;
    let page = wire!(list_satisfaction_reasons, answer, |client| client
        .satisfaction_reasons()
        .list()
        .send());
    assert_eq!(page.items[0].reason_code.as_ref().map(|code| code.0), Some(1001));
    assert!(page.items[0].deleted_at.is_some());
    assert_eq!((page.has_more, page.cursor.as_deref()), (true, Some("2")));
}

#[tokio::test]
async fn show_satisfaction_reason() {
    let answer = r#"{"reason": [{"id": 5, "value": "Took too long"}]}"#;
    let reason = wire!(show_satisfaction_reason, answer, |client| client
        .satisfaction_reasons()
        .show(5)
        .send());
    assert_eq!(reason.value.as_deref(), Some("Took too long"));
}

#[tokio::test]
async fn list_survey_responses() {
    let answer = format!(
        r#"{{"survey_responses": [{RESPONSE}], "meta": {{"has_more": false, "after_cursor": "c"}}}}"#
    );
    let page = wire!(list_survey_responses, answer, |client| {
        let list = client.survey_responses().list().responder_ids([21, 22]);
        let list = list
            .subject_zrns(["zen:ticket:7", "zen:conversation:4295a81b"])
            .sort(SurveyResponseSort::IdAscending);
        let list = list
            .created_at_start(time("2026-01-01T00:00:00.250Z"))
            .created_at_end(time("2026-02-01T00:00:00Z"));
        list.page_size(50u32).after("c1=").send()
    });
    let response = &page.items[0];
    assert_eq!(response.responder_id.map(i64::from), Some(21));
    assert_eq!(response.ticket_id().map(i64::from), Some(7));
    assert_eq!(response.sent_at(), Some(time("2025-03-26T00:02:20.570Z")));
    assert_eq!(response.answered_at(), Some(time("2026-01-06T08:00:00.125Z")));
    assert_eq!(response.csat_answer().unwrap().rating, Some(4));
    let kinds: Vec<_> = response
        .answers
        .as_ref()
        .unwrap()
        .iter()
        .map(|answer| answer.kind())
        .collect();
    assert!(matches!(
        kinds[..],
        [
            AnswerKind::Skipped,
            AnswerKind::RatingScale { rating: Some(4), .. },
            AnswerKind::ClosedEnded { selections: [_] }
        ]
    ));
    assert!(!page.has_more);
}

#[tokio::test]
async fn show_survey_response() {
    let answer = format!(r#"{{"survey_response": {RESPONSE}}}"#);
    let response = wire!(show_survey_response, answer, |client| {
        client
            .survey_responses()
            .show("01JQ7W3M8T4K2V9XN5B6C0DEFG")
            .locale("de")
            .send()
    });
    assert_eq!(response.survey_version(), Some(3));
}

#[tokio::test]
async fn create_survey_response() {
    let answer = r#"{"survey_response": {"id": "01JQ7W3M8T4K2V9XN5B6C0DEFG", "links": {"type": "rating_link_emoji",
        "url_path": "/hc/en-us/survey_responses/01JQ7?access_token=hush",
        "rating_links": [{"rating": 5, "url_path": "/hc/en-us/survey_responses/01JQ7?access_token=hush&rating=5"}]}}}"#;
    let created = wire!(create_survey_response, answer, |client| {
        client
            .survey_responses()
            .create("S", 21, ["zen:ticket:7"])
            .locale("de")
            .send()
    });
    assert!(!format!("{created:?}").contains("hush"));
    let links = created.links.unwrap().rating_links.unwrap();
    assert!(
        links[0]
            .url_path
            .as_ref()
            .unwrap()
            .expose()
            .ends_with("access_token=hush&rating=5")
    );
}

#[tokio::test]
async fn submit_survey_response() {
    let answer = format!(r#"{{"survey_response": {RESPONSE}}}"#);
    let response = wire!(submit_survey_response, answer, |client| {
        let answers = [
            AnswerInput::rating("Q1", 4),
            AnswerInput::options("Q2", ["O1", "O2"]),
            AnswerInput::text("Q3", "Quick!"),
            AnswerInput::skipped("Q4"),
        ];
        let submit = client
            .survey_responses()
            .submit("01JQ7W3M8T4K2V9XN5B6C0DEFG", answers);
        submit.access_token(SecretText::from("hush")).send()
    });
    assert!(response.csat_answer().is_some());
}

#[tokio::test]
async fn list_surveys() {
    let answer = r#"{"surveys": [{"id": "S", "version": 3, "state": "disabled", "questions": [
        {"id": "Q2", "type": "closed_ended", "headline": null, "options": [{"id": "O1", "label": {"type": "static", "value": ""}}]}
    ]}], "meta": {"has_more": false}}"#;
    let page = wire!(list_surveys, answer, |client| client
        .surveys()
        .list()
        .locale("de")
        .page_size(10u32)
        .send());
    let question = &page.items[0].questions.as_ref().unwrap()[0];
    assert_eq!(question.headline, None);
    assert_eq!(
        question.options.as_ref().unwrap()[0]
            .id
            .as_ref()
            .unwrap()
            .as_str(),
        "O1"
    );
}

const TICKETS: &str = r#"[
    {"id": 7, "subject": "Where is it?", "status": "solved", "satisfaction_rating": {"score": "unoffered"}},
    {"id": 8, "subject": null, "status": "deleted", "satisfaction_rating": null, "generated_timestamp": 1767600000,
     "via": {"channel": "email", "source": {"from": {}, "to": {}, "rel": null}},
     "custom_fields": [{"id": 1, "value": null}, {"id": 2, "value": ["a"]}, {"id": 3, "value": true}]}]"#;

#[tokio::test]
async fn export_tickets() {
    let answer = format!(
        r#"{{"tickets": {TICKETS}, "after_cursor": "c2", "end_of_stream": false,
            "after_url": "https://elsewhere.example/api/v2/incremental/tickets/cursor?cursor=c2"}}"#
    );
    let page = wire!(export_tickets, answer, |client| {
        let export = client
            .tickets()
            .export()
            .start_time(time("2026-01-01T00:00:00Z"))
            .page_size(500u32);
        export
            .include("metric_sets")
            .exclude_deleted(true)
            .support_type_scope(SupportTypeScope::All)
            .send()
    });
    assert_eq!(page.items.len(), 2);
    assert_eq!(
        page.items[0].satisfaction_rating.as_ref().unwrap().score,
        Some(RatingScore::Unoffered)
    );
    assert_eq!(page.items[1].satisfaction_rating, None);
    assert_eq!((page.has_more, page.cursor.as_deref()), (true, Some("c2")));
}

#[tokio::test]
async fn export_tickets_from_a_cursor() {
    let answer = r#"{"tickets": [], "after_cursor": "c3", "end_of_stream": true}"#;
    let page = wire!(export_tickets_from_a_cursor, answer, |client| {
        client
            .tickets()
            .export()
            .start_time(time("2026-01-01T00:00:00Z"))
            .cursor("c2")
            .send()
    });
    // At the end, too, the cursor is the one to keep.
    assert_eq!((page.has_more, page.cursor.as_deref()), (false, Some("c3")));
}

#[tokio::test]
async fn export_tickets_by_time() {
    let answer = format!(
        r#"{{"tickets": {TICKETS}, "end_time": 1767600000, "count": 2, "end_of_stream": true,
            "next_page": "https://acme.zendesk.com/api/v2/incremental/tickets?start_time=1767600000"}}"#
    );
    let page = wire!(export_tickets_by_time, answer, |client| {
        client
            .tickets()
            .export_by_time()
            .start_time(time("2026-01-01T00:00:00Z"))
            .send()
    });
    assert_eq!(
        (page.items.len(), page.has_more, page.cursor.as_deref()),
        (2, false, Some("1767600000"))
    );
}

#[tokio::test]
async fn list_ticket_audits() {
    let answer = r#"{"audits": [{"id": 1, "ticket_id": 7, "author_id": -1, "created_at": "2026-01-06T08:00:00Z", "events": [
        {"id": 2, "type": "SurveyResponseSubmitted", "survey_type": "CustomerSatisfaction",
         "survey_response_id": "01JQ7W3M8T4K2V9XN5B6C0DEFG", "assigned_user_id": 3, "assigned_group_id": 4},
        {"id": 3, "type": "Change", "field_name": "tags", "value": ["a"], "previous_value": null},
        {"id": 4, "type": "Brand new", "colour": "red"}]}], "next_page": null, "count": 1}"#;
    let page = wire!(list_ticket_audits, answer, |client| {
        client
            .tickets()
            .audits(7)
            .events(["SurveyResponseSubmitted", "SurveyOffered"])
            .send()
    });
    let events = page.items[0].events.as_ref().unwrap();
    let AuditEventKind::SurveyResponseSubmitted {
        survey_response_id,
        assigned_user_id,
        ..
    } = events[0].kind()
    else {
        panic!("{:?}", events[0].kind())
    };
    assert_eq!(survey_response_id.unwrap().as_str(), "01JQ7W3M8T4K2V9XN5B6C0DEFG");
    assert_eq!(assigned_user_id.map(i64::from), Some(3));
    assert!(matches!(
        events[1].kind(),
        AuditEventKind::Change {
            field_name: Some("tags"),
            ..
        }
    ));
    assert_eq!(events[2].type_, AuditEventType::Unknown("Brand new".into()));
    assert_eq!(events[2].extra["colour"], "red");
    // An archived ticket's audits come without `meta`, all at once.
    assert!(!page.has_more);
}

#[tokio::test]
async fn show_many_tickets() {
    let answer = format!(r#"{{"tickets": {TICKETS}, "next_page": null, "count": 2}}"#);
    let page = wire!(show_many_tickets, answer, |client| client
        .tickets()
        .show_many([7, 8])
        .send());
    assert_eq!(page.items[0].subject.as_deref(), Some("Where is it?"));
    assert!(!page.has_more);
}

#[tokio::test]
async fn list_groups() {
    let answer = r#"{"groups": [{"id": 4, "name": "Orders", "deleted": true, "settings": ["x"]}], "meta": {"has_more": true, "after_cursor": "c2"}}"#;
    let page = wire!(list_groups, answer, |client| client
        .groups()
        .list()
        .exclude_deleted(false)
        .page_size(50u32)
        .after("c1=")
        .send());
    let group = &page.items[0];
    assert_eq!(
        (group.name.as_deref(), group.deleted),
        (Some("Orders"), Some(true))
    );
    assert!(group.extra.get("settings").is_some());
    assert_eq!((page.has_more, page.cursor.as_deref()), (true, Some("c2")));
}

#[tokio::test]
async fn list_users() {
    let answer = r#"{"users": [{"id": 21, "name": "Noor", "role": "contributor", "active": true, "suspended": null}],
        "next_page": "https://elsewhere.example/api/v2/users?page=2", "count": 101}"#;
    let page = wire!(list_users, answer, |client| client
        .users()
        .list()
        .role(["agent", "admin"])
        .send());
    let user = &page.items[0];
    assert_eq!(
        (user.role.as_ref().map(UserRole::as_str), user.suspended),
        (Some("contributor"), None)
    );
    assert_eq!((page.has_more, page.cursor.as_deref()), (true, Some("page=2")));
}

#[tokio::test]
async fn show_many_users() {
    let answer = r#"{"users": [{"id": 7, "active": false}], "next_page": null, "count": 1}"#;
    let page = wire!(show_many_users, answer, |client| client
        .users()
        .show_many([7, 8])
        .send());
    assert_eq!((page.items[0].active, page.has_more), (Some(false), false));
}

#[tokio::test]
async fn show_current_user() {
    let answer = r#"{"user": {"id": null, "name": "Anonymous user", "role": "end-user", "verified": false}}"#;
    let me = wire!(show_current_user, answer, |client| client.users().me().send());
    assert_eq!((me.id, me.role), (None, Some(UserRole::EndUser)));
}

#[tokio::test]
async fn list_brands() {
    let answer = r#"{"brands": [{"id": 3, "name": "Acme Pro", "active": false, "is_deleted": true}], "meta": {"has_more": false}}"#;
    let page = wire!(list_brands, answer, |client| client.brands().list().send());
    let brand = &page.items[0];
    assert_eq!((brand.active, brand.is_deleted), (Some(false), Some(true)));
}

#[tokio::test]
async fn list_ticket_forms() {
    let answer = r#"{"ticket_forms": [{"id": 5, "name": "Refund", "active": true}],
        "next_page": "https://elsewhere.example/api/v2/ticket_forms?page=3", "count": 201}"#;
    let page = wire!(list_ticket_forms, answer, |client| client
        .ticket_forms()
        .list()
        .after("2")
        .send());
    assert_eq!(page.items[0].name.as_deref(), Some("Refund"));
    assert_eq!((page.has_more, page.cursor.as_deref()), (true, Some("3")));
}

#[tokio::test]
async fn show_many_organizations() {
    let answer = r#"{"organizations": [{"id": 9, "name": "Example Foods", "tags": []}], "count": 1}"#;
    let page = wire!(show_many_organizations, answer, |client| client
        .organizations()
        .show_many([9])
        .send());
    assert_eq!(page.items[0].name.as_deref(), Some("Example Foods"));
}

#[tokio::test]
async fn ids_are_asked_for_by_hundreds() {
    let users = |ids: std::ops::RangeInclusive<i64>| {
        let users: Vec<String> = ids.map(|id| format!(r#"{{"id": {id}}}"#)).collect();
        Answer::json(200, format!(r#"{{"users": [{}]}}"#, users.join(",")))
    };
    let service = Scripted::start([users(1..=100), users(101..=200), users(201..=250)]).await;
    let found: Vec<_> = service
        .client()
        .users()
        .show_many(1..=250)
        .items()
        .try_collect()
        .await
        .unwrap();
    let ids: Vec<i64> = found.iter().map(|user| user.id.get()).collect();
    assert_eq!(ids, (1..=250).collect::<Vec<_>>());
    let asked: Vec<usize> = service
        .requests()
        .iter()
        .map(|request| request.lines().next().unwrap().matches("%2C").count() + 1)
        .collect();
    assert_eq!(asked, [100, 100, 50]);
    let none = service
        .client()
        .organizations()
        .show_many(Vec::<i64>::new())
        .send()
        .await
        .unwrap_err();
    assert!(none.to_string().contains("at least one id"), "{none}");
}

#[tokio::test]
async fn create_oauth_token() {
    let answer = r#"{"access_token": "hush", "token_type": "bearer", "scope": "read", "expires_in": 1799}"#;
    let token = wire!(create_oauth_token, answer, |client| {
        let create = client.oauth().client_credentials("csat", "whisper");
        create.scope("read").expires_in(Duration::from_secs(1800)).send()
    });
    assert_eq!(token.access_token.expose(), "hush");
    assert!(!format!("{token:?}").contains("hush"));
}
