//! Every number against tables worked out by hand.

use chrono::{DateTime, Utc};
use zendesk_csat_history::HistoryError;
use zendesk_csat_history::report::{Bucket, Dimension, Report, ReportError, ReportOptions, Score};

use crate::table::{rating, small_table, survey, table, tables};

fn time(text: &str) -> Option<DateTime<Utc>> {
    Some(text.parse().unwrap())
}

fn by(dimensions: &[Dimension]) -> ReportOptions {
    ReportOptions {
        by: dimensions.to_vec(),
        ..ReportOptions::default()
    }
}

fn counts(score: &Score) -> [u64; 7] {
    [
        score.sent,
        score.good,
        score.neutral,
        score.bad,
        score.unanswered_open,
        score.unanswered_expired,
        score.unanswered_without_expiry,
    ]
}

fn buckets(report: &Report, by: Dimension) -> Vec<(Option<&str>, [u64; 7])> {
    let of = |bucket: &Bucket| counts(&bucket.score);
    report
        .breakdown(by)
        .unwrap()
        .buckets
        .iter()
        .map(|bucket| (bucket.key.as_deref(), of(bucket)))
        .collect()
}

#[test]
fn the_total_counts_every_row_once() {
    let report = small_table().report(&ReportOptions::default()).unwrap();
    assert_eq!(counts(&report.total), [10, 4, 1, 2, 1, 1, 1]);
    assert_eq!(report.total.answered, 7);
    assert!((report.total.csat_percent.unwrap() - 400.0 / 7.0).abs() < 1e-9);
    assert_eq!(report.total.response_rate_percent, Some(70.0));
    // 10 min, 30 min, 1 h, 2 h, 4 h, 24 h, 48 h.
    assert_eq!(report.total.median_time_to_answer_seconds, Some(2 * 3600));
    assert!(report.total.small_sample);
    assert_eq!(report.subdomains, ["acme"]);
    assert_eq!(report.first_sent_at, time("2026-03-02T08:00:00Z"));
    assert_eq!(report.last_sent_at, time("2026-03-24T08:00:00Z"));
    assert_eq!(report.as_of, time("2026-03-25T08:00:00Z"));
}

#[test]
fn weeks_begin_on_monday_and_the_seam_lies_in_the_second() {
    let report = small_table().report(&by(&[Dimension::Week])).unwrap();
    assert_eq!(
        buckets(&report, Dimension::Week),
        [
            (Some("2026-W10"), [4, 2, 0, 1, 0, 0, 1]),
            (Some("2026-W11"), [4, 1, 1, 1, 0, 1, 0]),
            (Some("2026-W12"), [0; 7]),
            (Some("2026-W13"), [2, 1, 0, 0, 1, 0, 0]),
        ]
    );
    assert_eq!(report.surveys_began_at, time("2026-03-09T00:00:00Z"));
    let weeks = &report.breakdown(Dimension::Week).unwrap().buckets;
    assert_eq!(
        weeks.iter().map(|week| week.surveys_began).collect::<Vec<_>>(),
        [false, true, false, false]
    );
    let change = weeks[1].change.as_ref().unwrap();
    assert!((change.csat_points - (100.0 / 3.0 - 200.0 / 3.0)).abs() < 1e-9);
    assert_eq!((&weeks[2].change, &weeks[3].change), (&None, &None));
}

#[test]
fn days_and_months_follow_each_other_without_a_gap() {
    let report = small_table()
        .report(&by(&[Dimension::Day, Dimension::Month]))
        .unwrap();
    let days = buckets(&report, Dimension::Day);
    assert_eq!(days.len(), 23);
    assert_eq!(days[6], (Some("2026-03-08"), [1, 0, 0, 0, 0, 0, 1]));
    assert_eq!(days[7], (Some("2026-03-09"), [1, 1, 0, 0, 0, 0, 0]));
    assert_eq!(
        buckets(&report, Dimension::Month),
        [(Some("2026-03"), [10, 4, 1, 2, 1, 1, 1])]
    );
}

#[test]
fn agents_and_groups_come_by_answers_and_the_unknown_last() {
    let report = small_table()
        .report(&by(&[Dimension::Agent, Dimension::Group]))
        .unwrap();
    assert_eq!(
        buckets(&report, Dimension::Agent),
        [
            (Some("12"), [5, 0, 1, 2, 1, 0, 1]),
            (Some("11"), [4, 3, 0, 0, 0, 1, 0]),
            (None, [1, 1, 0, 0, 0, 0, 0]),
        ]
    );
    assert_eq!(
        buckets(&report, Dimension::Group),
        [
            (Some("1"), [6, 3, 0, 1, 0, 1, 1]),
            (Some("2"), [3, 0, 1, 1, 1, 0, 0]),
            (None, [1, 1, 0, 0, 0, 0, 0]),
        ]
    );
    let agents = &report.breakdown(Dimension::Agent).unwrap().buckets;
    // 30 min, 4 h, 24 h; 10 min, 1 h, 2 h.
    assert_eq!(agents[0].score.median_time_to_answer_seconds, Some(4 * 3600));
    assert_eq!(agents[1].score.median_time_to_answer_seconds, Some(3600));
}

#[test]
fn a_rating_with_several_reasons_counts_under_each_and_the_unanswered_under_none() {
    let report = small_table()
        .report(&by(&[Dimension::Reason, Dimension::Locale]))
        .unwrap();
    assert_eq!(
        buckets(&report, Dimension::Reason),
        [
            (Some("Not polite"), [1, 0, 0, 1, 0, 0, 0]),
            (Some("Slow"), [1, 0, 0, 1, 0, 0, 0]),
            (Some("The issue took too long to resolve"), [1, 0, 0, 1, 0, 0, 0]),
            (None, [5, 4, 1, 0, 0, 0, 0]),
        ]
    );
    assert_eq!(
        buckets(&report, Dimension::Locale),
        [
            (Some("en-us"), [4, 2, 1, 1, 0, 0, 0]),
            (None, [3, 2, 0, 1, 0, 0, 0])
        ]
    );
    for breakdown in &report.breakdowns {
        assert!(
            breakdown
                .buckets
                .iter()
                .all(|bucket| bucket.score.response_rate_percent.is_none())
        );
    }
}

#[test]
fn both_systems_and_survey_versions_are_told_apart() {
    let report = small_table()
        .report(&by(&[Dimension::Source, Dimension::SurveyVersion]))
        .unwrap();
    let surveys = [6, 2, 1, 1, 1, 1, 0];
    let ratings = [4, 2, 0, 1, 0, 0, 1];
    assert_eq!(
        buckets(&report, Dimension::Source),
        [(Some("survey"), surveys), (Some("rating"), ratings)]
    );
    assert_eq!(
        buckets(&report, Dimension::SurveyVersion),
        [(Some("01JSURVEY v3"), surveys), (None, ratings)]
    );
}

#[test]
fn channels_are_those_of_the_tickets() {
    let survey = || survey("2026-03-02T08:00:00.000Z", "2026-03-30T08:00:00.000Z");
    let rows = [
        survey()
            .answered("good", "2026-03-02T09:00:00.000Z")
            .through("email"),
        survey()
            .answered("bad", "2026-03-02T09:00:00.000Z")
            .through("email"),
        survey().through("native_messaging"),
        survey(),
        rating("2026-03-02T08:00:00.000Z").answered("good", "2026-03-02T09:00:00.000Z"),
    ];
    let report = table(&rows).report(&by(&[Dimension::Channel])).unwrap();
    assert_eq!(
        buckets(&report, Dimension::Channel),
        [
            (Some("email"), [2, 1, 0, 1, 0, 0, 0]),
            (Some("native_messaging"), [1, 0, 0, 0, 1, 0, 0]),
            (None, [2, 1, 0, 0, 1, 0, 0]),
        ]
    );
    let text = report.to_text(100, false);
    assert!(
        text.contains("By channel") && text.contains("no channel"),
        "{text}"
    );
}

#[test]
fn a_period_holds_its_begin_but_not_its_end() {
    let options = ReportOptions {
        since: time("2026-03-03T08:00:00Z"),
        until: time("2026-03-09T00:00:00Z"),
        ..by(&[Dimension::Week])
    };
    let report = small_table().report(&options).unwrap();
    assert_eq!(counts(&report.total), [3, 1, 0, 1, 0, 0, 1]);
    assert_eq!(
        buckets(&report, Dimension::Week),
        [(Some("2026-W10"), [3, 1, 0, 1, 0, 0, 1])]
    );
    // The table's own times stay the table's.
    assert_eq!(report.last_sent_at, time("2026-03-24T08:00:00Z"));
    assert_eq!(report.surveys_began_at, time("2026-03-09T00:00:00Z"));
}

#[test]
fn a_period_is_compared_with_as_long_a_time_before_it() {
    let options = ReportOptions {
        since: time("2026-03-09T00:00:00Z"),
        until: time("2026-03-16T00:00:00Z"),
        ..by(&[Dimension::Agent])
    };
    let report = small_table().report(&options).unwrap();
    let comparison = report.comparison.as_ref().unwrap();
    assert_eq!(comparison.previous.since, time("2026-03-02T00:00:00Z").unwrap());
    assert_eq!(comparison.previous.until, time("2026-03-09T00:00:00Z").unwrap());
    // 1 good of 3 after 2 good of 3.
    assert!((comparison.change.csat_points + 100.0 / 3.0).abs() < 1e-9);
    assert_eq!(
        (
            comparison.change.previous_answered,
            comparison.change.current_answered
        ),
        (3, 3)
    );
    // Pooled 1/2, error √(1/4 · 2/3) = 0.40825, z = 0.81650, p = 0.41422.
    assert!((comparison.change.probability_of_chance - 0.41422).abs() < 0.00001);
    assert!(comparison.change.small_sample);
    let agents = &report.breakdown(Dimension::Agent).unwrap().buckets;
    // Agent 12: 0 of 2 after 0 of 1; agent 11: 1 of 1 after 2 of 2.
    assert_eq!(
        agents
            .iter()
            .map(|agent| agent.change.as_ref().unwrap().csat_points)
            .collect::<Vec<_>>(),
        [0.0, 0.0]
    );
}

#[test]
fn without_a_begin_the_last_four_weeks_are_compared_with_the_four_before() {
    let rows = [
        rating("2026-01-01T00:00:00.000Z").answered("bad", "2026-01-01T01:00:00.000Z"),
        rating("2026-02-10T00:00:00.000Z").answered("bad", "2026-02-10T01:00:00.000Z"),
        rating("2026-02-10T23:59:59.999Z").answered("good", "2026-02-11T01:00:00.000Z"),
        rating("2026-02-11T00:00:00.000Z").answered("good", "2026-02-11T01:00:00.000Z"),
        rating("2026-03-10T00:00:00.000Z").answered("good", "2026-03-10T01:00:00.000Z"),
    ];
    let report = table(&rows).report(&ReportOptions::default()).unwrap();
    let comparison = report.comparison.unwrap();
    assert_eq!(Some(comparison.previous.since), time("2026-01-14T00:00:00Z"));
    assert_eq!(Some(comparison.previous.until), time("2026-02-11T00:00:00Z"));
    assert_eq!(Some(comparison.current.until), time("2026-03-11T00:00:00Z"));
    let change = comparison.change;
    assert_eq!((change.previous_answered, change.current_answered), (2, 2));
    assert_eq!(change.csat_points, 50.0);
    assert_eq!(report.total.answered, 5);
}

#[test]
fn a_rating_given_again_says_nothing_about_time_to_answer() {
    let rows = [
        rating("2026-03-02T08:00:00.000Z").answered("bad", "2026-03-02T09:00:00.000Z"),
        rating("2026-03-03T08:00:00.000Z").answered("good", "2026-03-03T08:00:00.000Z"),
    ];
    let report = table(&rows).report(&ReportOptions::default()).unwrap();
    assert_eq!(report.total.answered, 2);
    assert_eq!(report.total.median_time_to_answer_seconds, Some(3600));
}

#[test]
fn surveys_stay_open_until_they_expire() {
    let rows = [survey("2026-03-02T08:00:00.000Z", "2026-03-30T08:00:00.000Z")];
    let as_of = |text| ReportOptions {
        as_of: time(text),
        ..ReportOptions::default()
    };
    let open = table(&rows).report(&as_of("2026-03-30T07:59:59Z")).unwrap().total;
    assert_eq!((open.unanswered_open, open.unanswered_expired), (1, 0));
    let expired = table(&rows).report(&as_of("2026-03-30T08:00:00Z")).unwrap().total;
    assert_eq!((expired.unanswered_open, expired.unanswered_expired), (0, 1));
}

#[test]
fn accounts_in_one_file_are_kept_apart_or_added_up() {
    let acme = [rating("2026-03-02T08:00:00.000Z").answered("good", "2026-03-02T09:00:00.000Z")];
    let other = [
        rating("2026-03-02T08:00:00.000Z"),
        survey("2026-03-09T08:00:00.000Z", "2026-04-06T08:00:00.000Z"),
    ];
    let file = tables(&[("acme", &acme), ("other", &other)]);
    let both = file.report(&ReportOptions::default()).unwrap();
    assert_eq!(
        (both.total.sent, both.subdomains),
        (3, vec!["acme".to_owned(), "other".to_owned()])
    );
    let options = ReportOptions {
        subdomain: Some("acme".to_owned()),
        ..ReportOptions::default()
    };
    let one = file.report(&options).unwrap();
    assert_eq!(
        (one.total.sent, one.subdomains, one.surveys_began_at),
        (1, vec!["acme".to_owned()], None)
    );
}

#[test]
fn the_latest_bad_comments_come_first_and_no_more_than_asked_for() {
    let every = small_table()
        .report(&ReportOptions::default())
        .unwrap()
        .latest_bad_comments;
    assert_eq!(
        every.iter().map(|comment| comment.ticket_id).collect::<Vec<_>>(),
        [Some(107), Some(104)]
    );
    assert_eq!(every[1].comment, "Nine days for an invoice.");
    assert_eq!((every[1].assignee_id, every[1].group_id), (Some(12), Some(1)));
    let options = ReportOptions {
        bad_comments: 1,
        by: vec![],
        ..ReportOptions::default()
    };
    let one = small_table().report(&options).unwrap().latest_bad_comments;
    assert_eq!(
        one.iter().map(|comment| comment.ticket_id).collect::<Vec<_>>(),
        [Some(107)]
    );
    let none = ReportOptions {
        bad_comments: 0,
        ..ReportOptions::default()
    };
    assert_eq!(small_table().report(&none).unwrap().latest_bad_comments, []);
}

#[test]
fn an_empty_table_has_an_empty_report() {
    let report = table(&[]).report(&ReportOptions::default()).unwrap();
    assert!(report.is_empty());
    assert_eq!(
        (report.total.csat_percent, report.total.response_rate_percent),
        (None, None)
    );
    assert_eq!((report.comparison, report.as_of), (None, None));
    assert!(
        report
            .breakdowns
            .iter()
            .all(|breakdown| breakdown.buckets.is_empty())
    );
}

#[test]
fn a_period_that_ends_before_it_begins_is_refused() {
    let options = ReportOptions {
        since: time("2026-03-09T00:00:00Z"),
        until: time("2026-03-09T00:00:00Z"),
        ..ReportOptions::default()
    };
    let error = small_table().report(&options).unwrap_err();
    assert!(matches!(
        error,
        HistoryError::Report {
            source: ReportError::EmptyPeriod { .. },
            ..
        }
    ));
    assert!(error.to_string().contains("2026-03-09"), "{error}");
}

#[test]
fn an_answer_with_no_known_score_is_an_answer_and_not_good() {
    let row = || survey("2026-03-02T08:00:00.000Z", "2026-03-30T08:00:00.000Z");
    let (mut unnamed, mut unheard_of) = (row(), row());
    unnamed.rated_at = Some("2026-03-02T09:00:00.000Z");
    unheard_of.score = Some("splendid");
    let rows = [
        unnamed,
        unheard_of,
        row().answered("good", "2026-03-02T09:00:00.000Z"),
    ];
    let total = table(&rows).report(&ReportOptions::default()).unwrap().total;
    assert_eq!(
        (total.sent, total.answered, total.good, total.unscored),
        (3, 3, 1, 2)
    );
    assert!((total.csat_percent.unwrap() - 100.0 / 3.0).abs() < 1e-9);
}

#[test]
fn the_json_says_its_units() {
    let report = small_table()
        .report(&by(&[Dimension::Week, Dimension::Agent]))
        .unwrap();
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["total"]["response_rate_percent"], 70.0);
    assert_eq!(json["total"]["median_time_to_answer_seconds"], 7200);
    assert_eq!(json["surveys_began_at"], "2026-03-09T00:00:00Z");
    assert_eq!(json["breakdowns"][0]["by"], "week");
    assert_eq!(json["breakdowns"][0]["buckets"][1]["starts_on"], "2026-03-09");
    assert_eq!(json["breakdowns"][0]["buckets"][1]["surveys_began"], true);
    assert_eq!(json["breakdowns"][1]["buckets"][0]["key"], "12");
    assert_eq!(json["breakdowns"][1]["buckets"][0]["bad"], 2);
}
