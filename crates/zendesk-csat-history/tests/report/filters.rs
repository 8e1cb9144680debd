//! Which ratings a report and the one table have.

use std::collections::BTreeSet;

use serde_json::Value;
use zendesk_csat::{Client, Credentials};
use zendesk_csat_emulator::Emulator;
use zendesk_csat_history::report::{CountBasis, Dimension, Report, ReportOptions};
use zendesk_csat_history::{CsatQuery, Filter, History, NoProgress, SyncOptions};

use crate::table::{File, Row, rating, survey, table, tables};

fn of<const N: usize>(texts: [&str; N]) -> Vec<String> {
    texts.map(str::to_owned).to_vec()
}

fn picked(file: &File, filter: Filter) -> Report {
    let options = ReportOptions {
        filter,
        ..ReportOptions::default()
    };
    file.report(&options).unwrap()
}

fn refused(file: &File, filter: Filter) -> String {
    let options = ReportOptions {
        filter,
        ..ReportOptions::default()
    };
    file.report(&options).unwrap_err().to_string()
}

fn rated(agent: i64, group: i64, score: &'static str) -> Row {
    rating("2026-03-02T08:00:00Z")
        .answered(score, "2026-03-02T09:00:00Z")
        .by(agent, group)
}

const NAMES: &str = "
    INSERT INTO agents SELECT id, 11, 'Zoë Müller', 1, 0 FROM accounts;
    INSERT INTO agents SELECT id, 12, 'Ben Okafor', 0, 0 FROM accounts;
    INSERT INTO agents SELECT id, 13, 'Ben Okafor', 1, 0 FROM accounts;
    INSERT INTO groups SELECT id, 1, 'Orders', 1, 0 FROM accounts;
    INSERT INTO groups SELECT id, 2, 'Returns', 1, 0 FROM accounts;";

/// Zoë has 3 of which 2 are good, all in Orders; either Ben has one.
fn small() -> File {
    let file = table(&[
        rated(11, 1, "good"),
        rated(11, 1, "good"),
        rated(11, 1, "bad"),
        rated(12, 1, "good"),
        rated(13, 2, "bad"),
    ]);
    file.execute(NAMES);
    file
}

#[test]
fn names_are_those_of_the_file_in_letters_of_any_case() {
    let file = small();
    for text in ["Zoë Müller", "zoë MÜLLER", " Zoë Müller", "11"] {
        let report = picked(
            &file,
            Filter {
                agent: of([text]),
                ..Filter::default()
            },
        );
        assert_eq!((report.total.answered, report.total.good), (3, 2), "{text}");
        assert_eq!(report.filters[0].keys, ["11"]);
        let said = "Only: agent Zoë Müller.";
        assert_eq!(report.scope, [said]);
        assert!(report.to_text(100, false).contains(said) && report.to_html().contains(said));
    }
    // Two of one name are both meant, and an id is one of them.
    let both = picked(
        &file,
        Filter {
            agent: of(["ben okafor"]),
            ..Filter::default()
        },
    );
    assert_eq!(
        (both.total.answered, both.scope),
        (2, of(["Only: agent ben okafor (12, 13)."]))
    );
    let one = picked(
        &file,
        Filter {
            agent: of(["13"]),
            ..Filter::default()
        },
    );
    assert_eq!((one.total.answered, one.total.bad), (1, 1));
}

#[test]
fn several_texts_are_any_and_several_filters_are_all() {
    let file = small();
    let filter = Filter {
        agent: of(["11", "12"]),
        ..Filter::default()
    };
    assert_eq!(picked(&file, filter.clone()).total.answered, 4);
    let filter = Filter {
        group: of(["Orders"]),
        score: of(["GOOD"]),
        ..filter
    };
    let report = picked(&file, filter);
    assert_eq!((report.total.answered, report.total.good), (3, 3));
    assert_eq!(
        report.scope,
        ["Only: agent Zoë Müller or Ben Okafor; group Orders; score good."]
    );
    // Of answers alone nobody knows how many were asked.
    assert_eq!(report.total.response_rate_percent, None);
    assert!(!report.to_text(100, false).contains("Response"));
    assert!(!report.to_html().contains("Response rate"));
}

#[test]
fn what_is_not_there_is_refused_with_what_is_near() {
    let file = small();
    let agent = refused(
        &file,
        Filter {
            agent: of(["Zoe Müller"]),
            ..Filter::default()
        },
    );
    assert!(
        agent.ends_with("no agent of the file is called \"Zoe Müller\": perhaps Zoë Müller"),
        "{agent}"
    );
    let group = refused(
        &file,
        Filter {
            group: of(["orders & returns"]),
            ..Filter::default()
        },
    );
    assert!(
        group.contains("no group") && group.contains("perhaps Orders"),
        "{group}"
    );
    let brand = refused(
        &file,
        Filter {
            brand: of(["Acme"]),
            ..Filter::default()
        },
    );
    assert!(
        brand.contains("no brand") && brand.contains("next sync"),
        "{brand}"
    );
    for filter in [
        Filter {
            agent: of(["99"]),
            ..Filter::default()
        },
        Filter {
            source: of(["surveys "]),
            ..Filter::default()
        },
        Filter {
            score: of(["great"]),
            ..Filter::default()
        },
        Filter {
            priority: of(["P1"]),
            ..Filter::default()
        },
        Filter {
            channel: of(["pigeon"]),
            ..Filter::default()
        },
        Filter {
            tag: of(["vip"]),
            ..Filter::default()
        },
        Filter {
            agent: of([""]),
            ..Filter::default()
        },
    ] {
        assert!(
            refused(&file, filter.clone()).contains("of the file is called"),
            "{filter:?}"
        );
    }
}

#[test]
fn a_filter_that_leaves_nothing_says_so() {
    let file = small();
    let report = picked(
        &file,
        Filter {
            agent: of(["12"]),
            score: of(["bad"]),
            ..Filter::default()
        },
    );
    assert!(report.is_empty());
    let text = report.to_text(100, false);
    assert!(
        text.starts_with("No CSAT report. No rating of those picked was sent"),
        "{text}"
    );
    assert!(text.contains("Only: agent Ben Okafor; score bad."), "{text}");
    assert!(report.to_html().contains("Only: agent Ben Okafor; score bad."));
}

#[test]
fn an_id_is_that_of_the_account_whose_name_was_asked_for() {
    let rows = [rated(11, 1, "good")];
    let file = tables(&[("acme", &rows), ("other", &rows)]);
    file.execute(
        "INSERT INTO agents SELECT id, 11, iif(subdomain = 'acme', 'Ida', 'Ben'), 1, 0 FROM accounts;",
    );
    let ida = picked(
        &file,
        Filter {
            agent: of(["Ida"]),
            ..Filter::default()
        },
    );
    assert_eq!((ida.total.answered, ida.subdomains), (1, of(["acme"])));
    assert_eq!(
        picked(
            &file,
            Filter {
                agent: of(["11"]),
                ..Filter::default()
            }
        )
        .total
        .answered,
        2
    );
}

#[test]
fn a_ticket_is_picked_by_its_latest_answer() {
    let file = table(&[
        rated(11, 1, "bad").about(7).superseded(),
        survey("2026-03-05T08:00:00Z", "2026-04-05T08:00:00Z")
            .answered("good", "2026-03-05T09:00:00Z")
            .about(7)
            .by(12, 1),
    ]);
    file.execute(NAMES);
    let of_agent = |agent, count| {
        let options = ReportOptions {
            filter: Filter {
                agent: of([agent]),
                ..Filter::default()
            },
            count,
            ..ReportOptions::default()
        };
        let total = file.report(&options).unwrap().total;
        [total.sent, total.good, total.bad]
    };
    assert_eq!(of_agent("12", CountBasis::Tickets), [1, 1, 0]);
    assert_eq!(of_agent("11", CountBasis::Tickets), [0, 0, 0]);
    assert_eq!(of_agent("11", CountBasis::Answers), [1, 0, 1]);
}

#[test]
fn without_a_tag_is_what_is_not_known_to_have_it() {
    let file = table(&[
        rated(11, 1, "good").about(1).on_a_ticket_that_is("solved"),
        rated(11, 1, "good").about(2).on_a_ticket_that_is("solved"),
        rated(11, 1, "good").about(3).on_a_ticket_that_is("solved"),
        rated(11, 1, "bad"),
    ]);
    file.execute(
        r#"UPDATE tickets SET tags = '["test", "vip"]' WHERE id = 1; UPDATE tickets SET tags = '["vip"]' WHERE id = 2;"#,
    );
    let count = |filter| picked(&file, filter).total.answered;
    assert_eq!(
        count(Filter {
            tag: of(["VIP"]),
            ..Filter::default()
        }),
        2
    );
    assert_eq!(
        count(Filter {
            tag: of(["test", "vip"]),
            ..Filter::default()
        }),
        2
    );
    assert_eq!(
        count(Filter {
            without_tag: of(["test"]),
            ..Filter::default()
        }),
        3
    );
    assert_eq!(
        count(Filter {
            without_tag: of(["test", "vip"]),
            ..Filter::default()
        }),
        2
    );
    assert_eq!(
        count(Filter {
            tag: of(["vip"]),
            without_tag: of(["test"]),
            ..Filter::default()
        }),
        1
    );
    // A tag that no ticket has is said, and no failure.
    let slip = picked(
        &file,
        Filter {
            without_tag: of(["tset"]),
            ..Filter::default()
        },
    );
    assert_eq!(slip.total.answered, 4);
    let said = [
        "Only: without the tag tset.",
        "No ticket of the file has the tag \"tset\". Alike: test.",
    ];
    assert_eq!(slip.scope, said);
}

async fn synced() -> (Vec<Value>, History, tempfile::TempDir) {
    let zendesk = Emulator::builder().seed(7).tickets(400).start().unwrap();
    let account = zendesk.account();
    let client = Client::builder(&account.subdomain)
        .base_url(zendesk.base_url())
        .credentials(Credentials::api_token(&account.email, &account.api_token))
        .build()
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut history = History::open(folder.path().join("csat.db")).unwrap();
    let options = SyncOptions::default();
    history.sync(&client, options, &mut NoProgress).await.unwrap();
    (zendesk.truth(), history, folder)
}

/// Each filter by each of its values, against the rows that the account itself tells.
#[tokio::test]
async fn rows_and_reports_of_every_filter_are_the_truths() {
    type Column = fn(&mut Filter) -> &mut Vec<String>;
    let (truth, history, _folder) = synced().await;
    let columns: [(&str, Column, Dimension); 7] = [
        ("agent", |filter| &mut filter.agent, Dimension::Agent),
        ("group", |filter| &mut filter.group, Dimension::Group),
        ("brand", |filter| &mut filter.brand, Dimension::Brand),
        (
            "organization",
            |filter| &mut filter.organization,
            Dimension::Organization,
        ),
        ("ticket_form", |filter| &mut filter.form, Dimension::Form),
        ("source", |filter| &mut filter.source, Dimension::Source),
        ("priority", |filter| &mut filter.priority, Dimension::Priority),
    ];
    for (column, of, by) in columns {
        let options = ReportOptions {
            by: vec![by],
            ..ReportOptions::default()
        };
        let all = history.report(&options).unwrap();
        let values: BTreeSet<&str> = truth.iter().filter_map(|row| row[column].as_str()).collect();
        assert!(values.len() > 1, "{column}");
        for value in values {
            let mut filter = Filter::default();
            *of(&mut filter) = vec![value.to_uppercase()];
            let query = CsatQuery {
                filter: filter.clone(),
                ..CsatQuery::default()
            };
            let rows: BTreeSet<String> = history
                .csat(&query)
                .unwrap()
                .into_iter()
                .map(|row| row.id)
                .collect();
            let expected = truth.iter().filter(|row| row[column] == value);
            let expected: BTreeSet<String> = expected
                .map(|row| row["id"].as_str().unwrap().to_owned())
                .collect();
            assert_eq!(rows, expected, "{column} {value}");
            // The report of one is its row in the report of all.
            let report = history
                .report(&ReportOptions {
                    filter,
                    ..options.clone()
                })
                .unwrap();
            let bucket = |report: &Report| {
                let named = |key: Option<&str>, label: Option<&str>| label.or(key) == Some(value);
                let mut buckets = report.breakdowns[0].buckets.iter();
                let found = buckets.find(|bucket| named(bucket.key.as_deref(), bucket.label.as_deref()));
                found.map(|bucket| bucket.score.clone())
            };
            assert_eq!(bucket(&report), bucket(&all), "{column} {value}");
            assert_eq!(Some(&report.total), bucket(&all).as_ref(), "{column} {value}");
        }
    }
}

#[test]
fn of_some_scores_alone_there_is_no_csat_and_nothing_fell() {
    let report = picked(
        &small(),
        Filter {
            score: of(["good"]),
            ..Filter::default()
        },
    );
    assert_eq!(report.total.good, 3);
    assert_eq!((report.total.csat_percent, &report.comparison), (None, &None));
    let buckets = report.breakdowns.iter().flat_map(|breakdown| &breakdown.buckets);
    assert!(buckets.clone().count() > 0);
    for bucket in buckets {
        assert_eq!((bucket.score.csat_percent, &bucket.change), (None, &None));
    }
    let fall = report.fall(1.0);
    assert!(fall.reason().contains("some scores"), "{fall:?}");
}
