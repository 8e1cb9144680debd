//! What each column of the one table holds.

use serde_json::json;

use super::*;
use crate::fixtures::{
    Account, Answer, DAY, MARCH, Rating, SURVEY, SurveyResponse, Ticket, comment_answer, csat_answer,
    other_scale_answer, questions, rating, reason, reason_answer, response, store_ratings, store_responses,
    store_tickets, ticket,
};
use crate::rows;

fn at(milliseconds: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_millis(milliseconds)
}

fn with_ratings(account: &Account, stored: Vec<Rating>) {
    account.write(move |transaction, id| store_ratings(transaction, id, &stored));
}

fn with_responses(account: &Account, stored: Vec<SurveyResponse>) {
    account.write(move |transaction, id| store_responses(transaction, id, &stored));
}

fn with_tickets(account: &Account, stored: Vec<Ticket>) {
    account.write(move |transaction, id| store_tickets(transaction, id, &stored));
}

/// Of those that the fixture's tickets have, one without a value.
fn name_fields(account: &Account) {
    account.write(|transaction, id| {
        let fields = [(31, "region"), (32, "plan"), (33, "unset")];
        let fields = fields.map(|(field, name)| (field, name.to_owned()));
        rows::ticket_field::set(transaction, id, &fields.into())
    });
}

fn with_questions(account: &Account) {
    account.write(|transaction, id| {
        let (survey, questions) = questions();
        rows::question::store(transaction, id, &survey, "01A", &questions)
    });
}

fn rated(mut rating: Rating, score: &str, updated_at: i64) -> Rating {
    rating.score = Some(score.to_owned());
    rating.updated_at = Some(updated_at);
    rating
}

fn answered(id: &str, answers: Vec<Answer>) -> SurveyResponse {
    SurveyResponse {
        answers,
        ..response(id)
    }
}

#[test]
fn an_offered_rating_is_a_row_without_a_score() {
    let account = Account::new("acme");
    with_ratings(&account, vec![rating(11)]);
    let row = account.row();
    assert_eq!((row.source, row.id.as_str()), (Source::Rating, "11"));
    assert_eq!((row.ticket_id, row.requester_id), (Some(1), Some(501)));
    assert_eq!(
        (row.sent_at, row.rated_at, row.expires_at),
        (at(MARCH), None, None)
    );
    assert_eq!((row.score, row.rating, row.scale), (None, None, None));
    assert_eq!(
        (row.survey_id, row.survey_version, row.locale),
        (None, None, None)
    );
}

#[test]
fn an_answered_rating_is_rated_when_it_was_updated() {
    let account = Account::new("acme");
    let never_updated = Rating {
        updated_at: None,
        ..rated(rating(12), "bad", 0)
    };
    with_ratings(
        &account,
        vec![rated(rating(11), "good", MARCH + DAY), never_updated],
    );
    let rows = account.rows();
    assert_eq!(rows[0].score.as_deref(), Some("good"));
    assert_eq!(rows[0].rated_at, at(MARCH + DAY));
    assert_eq!(rows[1].score.as_deref(), Some("bad"));
    assert_eq!(rows[1].rated_at, at(MARCH));
}

#[test]
fn a_rating_never_offered_is_no_row() {
    let account = Account::new("acme");
    let mut unoffered = rating(11);
    unoffered.score = Some("unoffered".to_owned());
    let mut scoreless = rating(12);
    scoreless.score = None;
    with_ratings(&account, vec![unoffered, scoreless]);
    assert_eq!(account.rows(), []);
}

#[test]
fn assignee_and_group_come_from_the_rating_where_it_has_either() {
    let account = Account::new("acme");
    with_tickets(&account, vec![ticket(1, 100)]);
    let group_only = Rating {
        assignee_id: None,
        ..rating(11)
    };
    let neither = Rating {
        assignee_id: None,
        group_id: None,
        ..rating(12)
    };
    let ticket_unknown = Rating {
        ticket_id: Some(2),
        ..neither.clone()
    };
    with_ratings(
        &account,
        vec![
            group_only,
            neither,
            Rating {
                id: 13,
                ..ticket_unknown
            },
        ],
    );
    let of: Vec<_> = account
        .rows()
        .into_iter()
        .map(|row| (row.assignee_id, row.group_id, row.attribution))
        .collect();
    assert_eq!(
        of,
        [
            (None, Some(701), Some(Attribution::Rating)),
            (Some(602), Some(702), Some(Attribution::Ticket)),
            (None, None, None),
        ]
    );
}

#[test]
fn the_reason_of_a_rating_is_its_text_or_the_value_of_its_id() {
    let account = Account::new("acme");
    account.write(|transaction, id| rows::reason::store(transaction, id, &[reason(1001, "Too late")]));
    let with = |id, reason: Option<&str>, reason_id| Rating {
        reason: reason.map(str::to_owned),
        reason_id,
        ..rated(rating(id), "bad", MARCH)
    };
    with_ratings(
        &account,
        vec![
            with(11, Some("As told"), Some(1001)),
            with(12, None, Some(1001)),
            with(13, None, Some(1002)),
            with(14, None, None),
        ],
    );
    let of: Vec<_> = account
        .rows()
        .into_iter()
        .map(|row| (row.reason, row.reason_id))
        .collect();
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(
        of,
        [
            (text("As told"), text("1001")),
            (text("Too late"), text("1001")),
            (None, text("1002")),
            (None, None),
        ]
    );
}

#[test]
fn an_empty_comment_is_none() {
    let account = Account::new("acme");
    let with = |id, comment: &str| Rating {
        comment: Some(comment.to_owned()),
        ..rating(id)
    };
    with_ratings(&account, vec![with(11, ""), with(12, " ")]);
    let of: Vec<_> = account.rows().into_iter().map(|row| row.comment).collect();
    assert_eq!(of, [None, Some(" ".to_owned())]);
}

#[test]
fn a_survey_without_answers_is_a_row_without_a_score() {
    let account = Account::new("acme");
    with_questions(&account);
    with_responses(&account, vec![response("01A")]);
    let row = account.row();
    assert_eq!((row.source, row.id.as_str()), (Source::Survey, "01A"));
    assert_eq!((row.ticket_id, row.requester_id), (Some(1), Some(501)));
    assert_eq!(
        (row.sent_at, row.rated_at, row.expires_at),
        (at(MARCH), None, at(MARCH + 28 * DAY))
    );
    assert_eq!((row.score, row.rating, row.scale), (None, None, None));
    assert_eq!(row.survey_id.as_deref(), Some(SURVEY));
    assert_eq!((row.survey_version, row.locale), (Some(3), None));
    assert_eq!((row.reason, row.reason_id, row.comment), (None, None, None));
}

#[test]
fn an_answered_survey_is_read_by_the_types_of_its_answers() {
    let account = Account::new("acme");
    with_questions(&account);
    let answers = vec![
        other_scale_answer(9, "good", MARCH + 3),
        csat_answer(3, "neutral", MARCH + 1),
        reason_answer(&["rude", "other", "slow"], MARCH + 1),
        reason_answer(&["slow"], MARCH + 1),
        comment_answer("", MARCH + 2),
        comment_answer("fine", MARCH + 2),
        comment_answer("not this", MARCH + 2),
    ];
    with_responses(&account, vec![answered("01A", answers)]);
    let row = account.row();
    assert_eq!(row.score.as_deref(), Some("neutral"));
    assert_eq!((row.rating, row.scale), (Some(3), Some(5)));
    assert_eq!(row.rated_at, at(MARCH + 1));
    assert_eq!(row.reason.as_deref(), Some("Rude; Too slow"));
    assert_eq!(row.reason_id.as_deref(), Some("rude; other; slow"));
    assert_eq!(row.comment.as_deref(), Some("fine"));
    assert_eq!(row.locale.as_deref(), Some("en-us"));
}

#[test]
fn reasons_are_none_where_nothing_was_chosen_or_nothing_has_a_label() {
    let account = Account::new("acme");
    with_questions(&account);
    let nothing = answered("01A", vec![reason_answer(&[], MARCH)]);
    let no_label = answered("01B", vec![reason_answer(&["other"], MARCH)]);
    let unknown = answered("01C", vec![reason_answer(&["gone"], MARCH)]);
    with_responses(&account, vec![nothing, no_label, unknown]);
    let of: Vec<_> = account
        .rows()
        .into_iter()
        .map(|row| (row.reason, row.reason_id))
        .collect();
    assert_eq!(
        of,
        [
            (None, None),
            (None, Some("other".to_owned())),
            (None, Some("gone".to_owned())),
        ]
    );
}

#[test]
fn a_survey_takes_assignee_and_group_from_its_ticket() {
    let account = Account::new("acme");
    let unassigned = Ticket {
        assignee_id: None,
        group_id: None,
        ..ticket(2, 100)
    };
    with_tickets(&account, vec![ticket(1, 100), unassigned]);
    let of_ticket = |id: &str, ticket_id| SurveyResponse {
        ticket_id,
        ..response(id)
    };
    with_responses(
        &account,
        vec![
            of_ticket("01A", Some(1)),
            of_ticket("01B", Some(2)),
            of_ticket("01C", None),
        ],
    );
    let of: Vec<_> = account
        .rows()
        .into_iter()
        .map(|row| (row.assignee_id, row.group_id, row.attribution))
        .collect();
    assert_eq!(
        of,
        [
            (Some(602), Some(702), Some(Attribution::Ticket)),
            (None, None, None),
            (None, None, None),
        ]
    );
}

#[test]
fn subject_and_status_are_those_of_the_latest_version_of_the_ticket() {
    let account = Account::new("acme");
    let deleted = Ticket {
        status: Some("deleted".to_owned()),
        subject: Some("SCRUBBED".to_owned()),
        ..ticket(1, 200)
    };
    with_tickets(&account, vec![deleted, ticket(1, 199)]);
    with_ratings(&account, vec![rating(11)]);
    let row = account.row();
    assert_eq!(row.ticket_subject.as_deref(), Some("SCRUBBED"));
    assert_eq!(row.ticket_status.as_deref(), Some("deleted"));
}

#[test]
fn accounts_in_one_file_do_not_see_each_other() {
    let acme = Account::new("acme");
    with_ratings(&acme, vec![rating(11)]);
    let other = Account::of(acme.history, "other");
    with_ratings(&other, vec![rating(11)]);
    with_responses(&other, vec![response("01A")]);
    with_tickets(&other, vec![ticket(1, 100)]);
    assert_eq!(other.history.subdomains().unwrap(), ["acme", "other"]);
    let of = |subdomain: &str| {
        let query = CsatQuery {
            subdomain: Some(subdomain.to_owned()),
            ..CsatQuery::default()
        };
        let rows = other.history.csat(&query).unwrap();
        assert!(
            rows.iter()
                .all(|row| row.subdomain == subdomain.trim().to_lowercase())
        );
        rows.into_iter()
            .map(|row| (row.id, row.ticket_status))
            .collect::<Vec<_>>()
    };
    assert_eq!(of("acme"), [("11".to_owned(), None)]);
    let solved = |id: &str| (id.to_owned(), Some("solved".to_owned()));
    assert_eq!(of("other"), [solved("11"), solved("01A")]);
    assert_eq!(of("ACME "), of("acme"));
    let nobody = CsatQuery {
        subdomain: Some("nobody".to_owned()),
        ..CsatQuery::default()
    };
    let refused = other.history.csat(&nobody).unwrap_err().to_string();
    assert!(
        refused.ends_with("has no account \"nobody\": it has acme, other"),
        "{refused}"
    );
}

#[test]
fn since_is_included_and_until_is_not() {
    let account = Account::new("acme");
    let sent = |id: &str, sent_at| SurveyResponse {
        ticket_id: None,
        sent_at,
        ..response(id)
    };
    with_responses(
        &account,
        vec![sent("01C", MARCH + 2), sent("01B", MARCH + 1), sent("01A", MARCH)],
    );
    let of = |since: Option<i64>, until: Option<i64>| {
        let query = CsatQuery {
            since: since.and_then(at),
            until: until.and_then(at),
            ..CsatQuery::default()
        };
        let rows = account.history.csat(&query).unwrap();
        rows.into_iter().map(|row| row.id).collect::<Vec<_>>()
    };
    assert_eq!(of(None, None), ["01A", "01B", "01C"]);
    assert_eq!(of(Some(MARCH + 1), None), ["01B", "01C"]);
    assert_eq!(of(None, Some(MARCH + 2)), ["01A", "01B"]);
    assert_eq!(of(Some(MARCH + 1), Some(MARCH + 2)), ["01B"]);
}

#[test]
fn rows_can_be_taken_one_at_a_time_until_one_is_refused() {
    #[derive(Debug)]
    struct Enough;
    impl From<HistoryError> for Enough {
        fn from(error: HistoryError) -> Self {
            panic!("{error}")
        }
    }
    let account = Account::new("acme");
    with_ratings(&account, (1..=5).map(rating).collect());
    let mut seen = Vec::new();
    let ended = account.history.each_csat_row(&CsatQuery::default(), |row| {
        seen.push(row.id);
        if seen.len() == 2 { Err(Enough) } else { Ok(()) }
    });
    assert!(ended.is_err());
    assert_eq!(seen, ["1", "2"]);
}

#[test]
fn as_json_a_row_has_every_column_in_order() {
    let account = Account::new("acme");
    name_fields(&account);
    with_questions(&account);
    with_tickets(&account, vec![ticket(1, 100)]);
    with_responses(
        &account,
        vec![answered("01A", vec![csat_answer(5, "good", MARCH + DAY + 7)])],
    );
    let json = serde_json::to_string(&account.row()).unwrap();
    let expected = json!({
        "source": "survey", "id": "01A", "ticket_id": 1, "requester_id": 501,
        "assignee_id": 602, "group_id": 702, "attribution": "ticket",
        "sent_at": "2026-03-01T10:00:00.000Z", "rated_at": "2026-03-02T10:00:00.007Z",
        "expires_at": "2026-03-29T10:00:00.000Z",
        "score": "good", "rating": 5, "scale": 5, "reason": null, "reason_id": null, "comment": null,
        "survey_id": SURVEY, "survey_version": 3, "locale": "en-us",
        "ticket_subject": "Where is my order?", "ticket_status": "solved", "reasons": [],
        "first_rated_at": "2026-03-02T10:00:00.007Z", "is_latest": true, "is_offer": true,
        "agent": null, "group": null, "brand_id": 801, "brand": null, "organization_id": 901, "organization": null,
        "ticket_form_id": null, "ticket_form": null, "priority": "high", "tags": ["vip", "late"], "channel": "email",
        "ticket_url": "https://acme.zendesk.com/agent/tickets/1", "custom_fields": {"plan": ["gold", "late"], "region": "europe"},
    });
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&json).unwrap(),
        expected
    );
    assert!(
        json.starts_with(
            r#"{"source":"survey","id":"01A","ticket_id":1,"requester_id":501,"assignee_id":602"#
        )
    );
    assert!(json.ends_with(r#""custom_fields":{"plan":["gold","late"],"region":"europe"}}"#));
}

#[test]
fn the_view_has_the_same_columns_and_values_as_the_rows() {
    let account = Account::new("acme");
    name_fields(&account);
    with_questions(&account);
    with_tickets(&account, vec![ticket(1, 100)]);
    with_ratings(&account, vec![rated(rating(11), "bad", MARCH - 1)]);
    let odd_times = (1..60).map(|n| SurveyResponse {
        sent_at: MARCH + n * 86_399_001,
        ..answered(
            &format!("01{n:02}"),
            vec![csat_answer(1, "bad", MARCH + n * 1_234_567)],
        )
    });
    with_responses(&account, odd_times.collect());
    let rows = account.rows();
    assert!(rows.len() > 50);
    account
        .history
        .read(|connection| {
            let mut statement = connection.prepare("SELECT * FROM csat ORDER BY sent_at, source, id")?;
            let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
            assert_eq!(names[0], "subdomain");
            let mut view = statement.query([])?;
            for expected in &rows {
                let row = view.next()?.expect("as many rows");
                let serde_json::Value::Object(expected) = serde_json::to_value(expected).unwrap() else {
                    panic!("a row is an object");
                };
                assert_eq!(expected.len(), names.len() - 1);
                for name in &names[1..] {
                    let value = match row.get_ref(name.as_str())? {
                        ValueRef::Null => serde_json::Value::Null,
                        ValueRef::Integer(number) if name.starts_with("is_") => (number == 1).into(),
                        ValueRef::Integer(number) => number.into(),
                        ValueRef::Text(json)
                            if ["reasons", "tags", "custom_fields"].contains(&name.as_str()) =>
                        {
                            serde_json::from_slice(json).unwrap()
                        }
                        ValueRef::Text(_) => row.get::<_, String>(name.as_str())?.into(),
                        other => panic!("{name}: {other:?}"),
                    };
                    assert_eq!(value, expected[name], "{name}");
                }
            }
            assert!(view.next()?.is_none());
            Ok(())
        })
        .unwrap();
}

#[test]
fn texts_stay_until_those_in_another_locale_come() {
    let account = Account::new("acme");
    with_questions(&account);
    let answers = vec![csat_answer(3, "neutral", MARCH), reason_answer(&["slow"], MARCH)];
    with_responses(&account, vec![answered("01A", answers)]);
    account
        .write(|transaction, _| rows::account::begin(transaction, "acme", Some("de"), |_| None).map(|_| ()));
    let row = account.row();
    assert_eq!((row.scale, row.reason.as_deref()), (Some(5), Some("Too slow")));
    assert_eq!(row.locale.as_deref(), Some("en-us"));
    with_questions(&account);
    assert_eq!(account.row().locale.as_deref(), Some("de"));
}
