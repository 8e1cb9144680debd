//! Custom fields as dimensions and filters, with values counted by hand.

use zendesk_csat_history::report::{Dimension, Report, ReportOptions};
use zendesk_csat_history::{CsatQuery, Filter};

use crate::table::{File, Row, rating, table, tables};

fn rated(ticket: i64, score: &'static str) -> Row {
    rating("2026-03-02T08:00:00Z")
        .answered(score, "2026-03-02T09:00:00Z")
        .about(ticket)
        .on_a_ticket_that_is("solved")
}

/// Field 7 is the plan, 8 a list, 9 a number; ticket 4 has none of them, and one is about no ticket.
fn small() -> File {
    let file = table(&[
        rated(1, "good"),
        rated(2, "bad"),
        rated(3, "good"),
        rated(4, "good"),
        rating("2026-03-02T08:00:00Z").answered("bad", "2026-03-02T09:00:00Z"),
    ]);
    file.execute(
        r#"INSERT INTO ticket_fields SELECT id, 7, 'plan' FROM accounts;
           INSERT INTO ticket_fields SELECT id, 8, 'kinds' FROM accounts;
           INSERT INTO ticket_fields SELECT id, 9, 'seats used' FROM accounts;
           UPDATE tickets SET custom_fields = '{"7":"gold","8":["a","b"],"9":12}' WHERE id = 1;
           UPDATE tickets SET custom_fields = '{"7":"gold","8":[],"9":12.5}' WHERE id = 2;
           UPDATE tickets SET custom_fields = '{"7":"silver \"1\"","8":["b","b"],"9":true}' WHERE id = 3;"#,
    );
    file
}

fn by(file: &File, name: &str) -> Report {
    let options = ReportOptions {
        by: vec![Dimension::Agent, Dimension::Field(name.into()), Dimension::Month],
        ..ReportOptions::default()
    };
    file.report(&options).unwrap()
}

/// The groups with good and answered ratings.
fn groups(report: &Report, name: &str) -> Vec<(Option<String>, u64, u64)> {
    let breakdown = report.breakdown(Dimension::Field(name.into())).unwrap();
    breakdown
        .buckets
        .iter()
        .map(|bucket| (bucket.key.clone(), bucket.score.good, bucket.score.answered))
        .collect()
}

fn some(key: &str) -> Option<String> {
    Some(key.to_owned())
}

fn with(fields: &[(&str, &str)]) -> ReportOptions {
    ReportOptions {
        filter: Filter {
            field: fields
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            ..Filter::default()
        },
        ..ReportOptions::default()
    }
}

#[test]
fn a_report_by_a_field_counts_each_value_and_what_has_none() {
    let file = small();
    let report = by(&file, "plan");
    assert_eq!(
        groups(&report, "plan"),
        [(some("gold"), 1, 2), (some("silver \"1\""), 1, 1), (None, 1, 2)]
    );
    let text = report.to_text(100, false);
    assert!(text.contains("By plan") && text.contains("No plan"), "{text}");
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["breakdowns"][1]["by"], "plan");
    let page = report.to_html();
    assert!(page.contains("id=\"by-plan\"") && page.contains("By plan"));
    // A ticket with a list counts under each, an empty list is no value.
    assert_eq!(
        groups(&by(&file, "kinds"), "kinds"),
        [(some("b"), 2, 2), (some("a"), 1, 1), (None, 1, 3)]
    );
    let report = by(&file, "Seats Used");
    assert_eq!(
        groups(&report, "Seats Used"),
        [
            (some("12"), 1, 1),
            (some("12.5"), 0, 1),
            (some("true"), 1, 1),
            (None, 1, 2)
        ]
    );
    assert!(report.to_html().contains("id=\"by-Seats-Used\""));
}

#[test]
fn a_name_may_be_words_of_any_language() {
    let file = small();
    file.execute("UPDATE ticket_fields SET name = 'Größe der Firma' WHERE id = 7");
    let groups = groups(&by(&file, "größe der firma"), "größe der firma");
    assert_eq!(groups.first(), Some(&(some("gold"), 1, 2)));
    let report = file.report(&with(&[("GRÖSSE", "gold")])).unwrap_err().to_string();
    assert!(report.contains("no custom field"), "{report}");
    let report = file.report(&with(&[("GRÖßE der Firma", "gold")])).unwrap();
    assert_eq!(report.total.answered, 2);
}

#[test]
fn two_fields_at_once_are_not_mixed_up() {
    let file = small();
    let fields = ["kinds", "plan", "kinds", "seats used"];
    let options = ReportOptions {
        by: fields.map(|name| Dimension::Field(name.into())).to_vec(),
        ..ReportOptions::default()
    };
    let report = file.report(&options).unwrap();
    assert_eq!(report.breakdowns.len(), 3);
    for name in fields {
        assert_eq!(groups(&report, name), groups(&by(&file, name), name), "{name}");
    }
}

#[test]
fn what_is_no_dimension_and_no_field_is_refused_with_what_is_near() {
    let file = small();
    let refused = |file: &File, name: &str| {
        let options = ReportOptions {
            by: vec![Dimension::Field(name.into())],
            ..ReportOptions::default()
        };
        file.report(&options).unwrap_err().to_string()
    };
    let error = refused(&file, "pln");
    assert!(
        error.contains("cannot group by \"pln\", perhaps plan: there are day, week, ")
            && error.ends_with("and the custom fields kinds, plan, seats used"),
        "{error}"
    );
    let error = refused(&file, "brnad");
    assert!(error.contains("perhaps brand"), "{error}");
    let error = refused(&table(&[rated(1, "good")]), "plan");
    assert!(
        error.contains("no custom field has a name yet, which sync gives with --field ID=NAME"),
        "{error}"
    );
}

#[test]
fn a_filter_by_a_field_takes_values_in_letters_of_any_case() {
    let file = small();
    let answered = |fields: &[(&str, &str)]| file.report(&with(fields)).unwrap().total.answered;
    assert_eq!(answered(&[("plan", "GOLD")]), 2);
    assert_eq!(answered(&[("PLAN", " gold ")]), 2);
    assert_eq!(answered(&[("plan", "gold"), ("plan", "silver \"1\"")]), 3);
    assert_eq!(answered(&[("plan", "gold"), ("kinds", "b")]), 1);
    assert_eq!(answered(&[("kinds", "b")]), 2);
    assert_eq!(answered(&[("seats used", "12")]), 1);
    assert_eq!(answered(&[("seats used", "true")]), 1);
    let report = file
        .report(&with(&[
            ("Plan", "GOLD"),
            ("kinds", "a"),
            ("plan", "Silver \"1\""),
        ]))
        .unwrap();
    assert_eq!(report.scope, ["Only: plan gold or silver \"1\"; kinds a."]);
    let filters = serde_json::to_value(&report.filters).unwrap();
    assert_eq!(
        filters,
        serde_json::json!([
            {"by": "field", "field": "plan", "keys": ["gold", "silver \"1\""], "names": ["gold", "silver \"1\""]},
            {"by": "field", "field": "kinds", "keys": ["a"], "names": ["a"]},
        ])
    );
    // The one table has the same rows.
    let query = CsatQuery {
        filter: with(&[("plan", "gold")]).filter,
        ..CsatQuery::default()
    };
    let tickets: Vec<_> = file
        .history
        .csat(&query)
        .unwrap()
        .iter()
        .map(|row| row.ticket_id)
        .collect();
    assert_eq!(tickets, [Some(1), Some(2)]);
}

#[test]
fn a_field_or_a_value_that_is_not_there_is_refused_with_what_is_near() {
    let file = small();
    let refused = |fields: &[(&str, &str)]| file.report(&with(fields)).unwrap_err().to_string();
    let error = refused(&[("plam", "gold")]);
    assert!(
        error.ends_with("no custom field of the file is called \"plam\": perhaps plan"),
        "{error}"
    );
    let error = refused(&[("country", "gold")]);
    assert!(error.ends_with(": there are kinds, plan, seats used"), "{error}");
    let error = refused(&[("plan", "glod")]);
    assert!(
        error.ends_with("no plan of the file is called \"glod\": perhaps gold"),
        "{error}"
    );
    let empty = table(&[rated(1, "good")]);
    let error = empty.report(&with(&[("plan", "gold")])).unwrap_err().to_string();
    assert!(error.contains("--field ID=NAME"), "{error}");
}

#[test]
fn fields_of_one_name_in_two_accounts_are_one_however_it_is_written() {
    let rows = [rated(1, "good"), rated(2, "bad")];
    let file = tables(&[("acme", &rows), ("other", &rows)]);
    file.execute(
        r#"INSERT INTO ticket_fields SELECT id, 7, 'plan' FROM accounts WHERE subdomain = 'acme';
           INSERT INTO ticket_fields SELECT id, 5, 'Plan' FROM accounts WHERE subdomain = 'other';
           UPDATE tickets SET custom_fields = '{"7":"gold"}'
           WHERE id = 1 AND account_id = (SELECT id FROM accounts WHERE subdomain = 'acme');
           UPDATE tickets SET custom_fields = '{"5":"gold","7":"silver"}'
           WHERE id = 2 AND account_id = (SELECT id FROM accounts WHERE subdomain = 'other');"#,
    );
    let expected = [(some("gold"), 1, 2), (None, 1, 2)];
    assert_eq!(groups(&by(&file, "plan"), "plan"), expected);
    let report = file.report(&with(&[("plan", "gold")])).unwrap();
    assert_eq!((report.total.answered, report.total.good), (2, 1));
    let other = ReportOptions {
        subdomain: Some("other".to_owned()),
        ..with(&[("plan", "gold")])
    };
    assert_eq!(file.report(&other).unwrap().total.answered, 1);
}
