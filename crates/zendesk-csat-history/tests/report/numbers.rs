//! Every number against tables worked out by hand.

use chrono::{DateTime, TimeDelta, Utc};
use zendesk_csat_history::report::{
    AgentComments, Bucket, CountBasis, DateBasis, Dimension, Like, Report, ReportError, ReportOptions, Score,
};
use zendesk_csat_history::{Calendar, HistoryError, WeekStart};

use crate::table::{Row, rating, small_table, survey, table, tables};

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
        score.unasked,
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
    assert_eq!(counts(&report.total), [10, 4, 1, 2, 2, 1, 0]);
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
            (Some("2026-W10"), [4, 2, 0, 1, 1, 0, 0]),
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
    // Nobody of the second can answer any more.
    assert_eq!(
        weeks.iter().map(|week| week.is_open).collect::<Vec<_>>(),
        [true, false, false, true]
    );
    assert!(weeks.iter().all(|week| week.change.is_none()));
}

#[test]
fn days_and_months_follow_each_other_without_a_gap() {
    let report = small_table()
        .report(&by(&[Dimension::Day, Dimension::Month]))
        .unwrap();
    let days = buckets(&report, Dimension::Day);
    assert_eq!(days.len(), 23);
    assert_eq!(days[6], (Some("2026-03-08"), [1, 0, 0, 0, 1, 0, 0]));
    assert_eq!(days[7], (Some("2026-03-09"), [1, 1, 0, 0, 0, 0, 0]));
    assert_eq!(
        buckets(&report, Dimension::Month),
        [(Some("2026-03"), [10, 4, 1, 2, 2, 1, 0])]
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
            (Some("12"), [5, 0, 1, 2, 2, 0, 0]),
            (Some("11"), [4, 3, 0, 0, 0, 1, 0]),
            (None, [1, 1, 0, 0, 0, 0, 0]),
        ]
    );
    assert_eq!(
        buckets(&report, Dimension::Group),
        [
            (Some("1"), [6, 3, 0, 1, 1, 1, 0]),
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
fn reasons_are_those_of_bad_and_neutral_answers_by_id_under_their_label() {
    let report = small_table().report(&by(&[Dimension::Reason])).unwrap();
    assert_eq!(
        buckets(&report, Dimension::Reason),
        [
            (Some("5"), [1, 0, 0, 1, 0, 0, 0]),
            (Some("o1"), [1, 0, 0, 1, 0, 0, 0]),
            (Some("o2"), [1, 0, 0, 1, 0, 0, 0]),
            (None, [1, 0, 1, 0, 0, 0, 0]),
        ]
    );
    let reasons = &report.breakdown(Dimension::Reason).unwrap().buckets;
    assert_eq!(
        reasons
            .iter()
            .map(|reason| reason.label.as_deref())
            .collect::<Vec<_>>(),
        [
            Some("The issue took too long to resolve"),
            Some("Slow"),
            Some("Not polite"),
            None
        ]
    );
    for reason in reasons {
        let score = &reason.score;
        assert_eq!(
            (score.response_rate_percent, score.csat_percent, &reason.change),
            (None, None, &None)
        );
    }
}

#[test]
fn a_reason_without_a_label_goes_by_its_id_and_reasons_of_good_answers_do_not_count() {
    let row = || survey("2026-03-02T08:00:00.000Z", "2026-03-30T08:00:00.000Z");
    let rows = [
        row()
            .answered("bad", "2026-03-02T09:00:00.000Z")
            .because("", "o9"),
        row()
            .answered("good", "2026-03-02T09:00:00.000Z")
            .because("Fast; Kind", "o7; o8"),
    ];
    let report = table(&rows).report(&by(&[Dimension::Reason])).unwrap();
    assert_eq!(
        buckets(&report, Dimension::Reason),
        [(Some("o9"), [1, 0, 0, 1, 0, 0, 0])]
    );
    let text = report.to_text(100, false);
    assert!(text.contains("\no9 ") && !text.contains("Kind"), "{text}");
}

#[test]
fn scales_are_told_apart_and_one_score_of_several_says_so() {
    let row = || survey("2026-03-02T08:00:00.000Z", "2026-03-30T08:00:00.000Z");
    let rows = [
        row().answered("good", "2026-03-02T09:00:00.000Z"),
        row().of_points(3).answered("bad", "2026-03-02T09:00:00.000Z"),
        row().of_points(2),
        rating("2026-03-02T08:00:00.000Z").answered("good", "2026-03-02T09:00:00.000Z"),
    ];
    let report = table(&rows).report(&by(&[Dimension::Scale])).unwrap();
    assert_eq!(report.scales, ["3", "5", "legacy"]);
    assert_eq!(
        buckets(&report, Dimension::Scale),
        [
            (Some("3"), [1, 0, 0, 1, 0, 0, 0]),
            (Some("5"), [1, 1, 0, 0, 0, 0, 0]),
            (Some("legacy"), [1, 1, 0, 0, 0, 0, 0]),
        ]
    );
    let said = "different scales (3 points, 5 points, legacy: good or bad)";
    assert!(report.to_text(200, false).contains(said) && report.to_html().contains(said));
    let one = table(&rows[..1]).report(&ReportOptions::default()).unwrap();
    assert!(!one.to_text(200, false).contains("different scales"));
}

#[test]
fn both_systems_and_survey_versions_are_told_apart() {
    let report = small_table()
        .report(&by(&[Dimension::Source, Dimension::SurveyVersion]))
        .unwrap();
    let surveys = [6, 2, 1, 1, 1, 1, 0];
    let ratings = [4, 2, 0, 1, 1, 0, 0];
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
        text.contains("By channel") && text.contains("Unknown channel"),
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
    assert_eq!(counts(&report.total), [3, 1, 0, 1, 1, 0, 0]);
    assert_eq!(
        buckets(&report, Dimension::Week),
        [(Some("2026-W10"), [3, 1, 0, 1, 1, 0, 0])]
    );
    // The table's own times stay the table's.
    assert_eq!(report.last_sent_at, time("2026-03-24T08:00:00Z"));
    assert_eq!(report.surveys_began_at, time("2026-03-09T00:00:00Z"));
}

/// So many legacy answers, sent and given on this day, of which so many are good.
fn answers(day: &'static str, answered: usize, good: usize) -> Vec<Row> {
    let row = |number| {
        rating(day)
            .answered(if number < good { "good" } else { "bad" }, day)
            .by(11, 1)
    };
    (0..answered).map(row).collect()
}

#[test]
fn a_period_is_compared_with_as_many_days_before_it() {
    let mut rows = answers("2026-03-04T08:00:00.000Z", 50, 35);
    rows.extend(answers("2026-03-09T08:00:00.000Z", 50, 45));
    let options = ReportOptions {
        since: time("2026-03-09T00:00:00Z"),
        until: time("2026-03-16T00:00:00Z"),
        as_of: time("2026-04-30T00:00:00Z"),
        ..by(&[Dimension::Agent])
    };
    let report = table(&rows).report(&options).unwrap();
    let comparison = report.comparison.as_ref().unwrap();
    assert_eq!(comparison.previous.since, time("2026-03-02T00:00:00Z").unwrap());
    assert_eq!(comparison.previous.until, time("2026-03-09T00:00:00Z").unwrap());
    let change = comparison.change.as_ref().unwrap();
    assert!((change.csat_points - 20.0).abs() < 1e-9);
    assert_eq!((change.previous_answered, change.current_answered), (50, 50));
    // Pooled 0.8, error 0.08, z = 2.5 · √(99/100), p = 0.01287.
    assert!((change.p_value - 0.01287).abs() < 0.00001, "{}", change.p_value);
    assert!(change.significant_change);
    let agents = &report.breakdown(Dimension::Agent).unwrap().buckets;
    assert_eq!(agents[0].change.as_ref(), Some(change));
}

#[test]
fn nothing_is_compared_under_30_answers() {
    let mut rows = answers("2026-01-20T08:00:00.000Z", 29, 20);
    rows.extend(answers("2026-03-09T08:00:00.000Z", 500, 300));
    let report = table(&rows)
        .report(&by(&[Dimension::Agent, Dimension::Month]))
        .unwrap();
    let comparison = report.comparison.as_ref().unwrap();
    assert_eq!(
        (comparison.previous_answered, comparison.current_answered),
        (29, 500)
    );
    assert_eq!(comparison.change, None);
    let mut buckets = report.breakdowns.iter().flat_map(|breakdown| &breakdown.buckets);
    assert!(buckets.all(|bucket| bucket.change.is_none()));
    let says = "it takes 30 answers on either side, and there are 500 in 2026-02-10 to 2026-03-09 and 29 in 2026-01-13 to 2026-02-09";
    assert!(report.to_text(200, false).contains(says) && report.to_html().contains(says));
}

#[test]
fn several_comparisons_of_a_table_are_corrected_for_being_several() {
    let mut rows = Vec::new();
    for (agent, now) in [(1, 45), (2, 36), (3, 35)] {
        rows.extend(
            answers("2026-01-20T08:00:00.000Z", 50, 35)
                .into_iter()
                .map(|row| row.by(agent, 1)),
        );
        rows.extend(
            answers("2026-03-09T08:00:00.000Z", 50, now)
                .into_iter()
                .map(|row| row.by(agent, 1)),
        );
    }
    let report = table(&rows).report(&by(&[Dimension::Agent])).unwrap();
    let agents = &report.breakdown(Dimension::Agent).unwrap().buckets;
    let changes: Vec<_> = agents
        .iter()
        .map(|agent| agent.change.as_ref().unwrap())
        .collect();
    // 0.01287 alone, three times that among three.
    assert!((changes[0].p_value_adjusted - 3.0 * 0.01287).abs() < 0.0001);
    assert!(changes[0].significant_change && !changes[1].significant_change);
    assert!(
        report
            .to_text(200, false)
            .contains("corrected for all comparisons of its table, up to 3 (Holm)")
    );
}

#[test]
fn without_a_begin_the_last_four_weeks_are_compared_with_the_four_before() {
    let mut rows = answers("2026-01-01T00:00:00.000Z", 40, 0);
    rows.extend(answers("2026-02-10T00:00:00.000Z", 30, 15));
    rows.extend(answers("2026-02-10T23:59:59.999Z", 10, 5));
    rows.extend(answers("2026-02-11T00:00:00.000Z", 30, 30));
    rows.extend(answers("2026-03-10T00:00:00.000Z", 10, 10));
    let report = table(&rows).report(&ReportOptions {
        as_of: time("2026-03-11T00:00:00Z").map(|time| time - TimeDelta::milliseconds(1)),
        ..ReportOptions::default()
    });
    let report = report.unwrap();
    let comparison = report.comparison.unwrap();
    assert_eq!(Some(comparison.previous.since), time("2026-01-14T00:00:00Z"));
    assert_eq!(Some(comparison.previous.until), time("2026-02-11T00:00:00Z"));
    assert_eq!(Some(comparison.current.until), time("2026-03-11T00:00:00Z"));
    let change = comparison.change.unwrap();
    assert_eq!((change.previous_answered, change.current_answered), (40, 40));
    assert_eq!(change.csat_points, 50.0);
    assert_eq!(report.total.answered, 120);
}

#[test]
fn the_span_before_is_seen_at_the_same_age() {
    // Known until 2026-03-16T12:00; the week before is seen as on the 9th at noon.
    let late = |number| {
        let rated = if number % 2 == 0 {
            "2026-03-09T12:00:00.000Z"
        } else {
            "2026-03-09T12:00:00.001Z"
        };
        rating("2026-03-05T08:00:00.000Z").answered("bad", rated)
    };
    // Changed late, but first given in time.
    let edited = rating("2026-03-05T08:00:00.000Z")
        .answered("good", "2026-03-15T00:00:00.000Z")
        .first_answered("2026-03-06T00:00:00.000Z");
    let mut rows: Vec<Row> = (0..20).map(late).collect();
    rows.extend((0..30).map(|_| edited.clone()));
    rows.extend(answers("2026-03-12T08:00:00.000Z", 40, 30));
    let options = ReportOptions {
        since: time("2026-03-09T00:00:00Z"),
        until: time("2026-03-16T00:00:00Z"),
        as_of: time("2026-03-16T12:00:00Z"),
        ..by(&[])
    };
    let file = table(&rows);
    let comparison = file.report(&options).unwrap().comparison.unwrap();
    assert_eq!(comparison.previous_as_of, time("2026-03-09T12:00:00Z"));
    assert_eq!(
        (comparison.previous_answered, comparison.previous_answered_later),
        (40, 10)
    );
    let by_date_rated = ReportOptions {
        date: DateBasis::Rated,
        ..options
    };
    let comparison = file.report(&by_date_rated).unwrap().comparison.unwrap();
    assert_eq!(
        (comparison.previous_as_of, comparison.previous_answered_later),
        (None, 0)
    );
}

#[test]
fn time_to_answer_is_that_of_the_first_answer_and_of_those_who_were_asked() {
    let rows = [
        rating("2026-03-02T08:00:00.000Z")
            .answered("bad", "2026-03-05T09:00:00.000Z")
            .first_answered("2026-03-02T09:00:00.000Z"),
        rating("2026-03-03T08:00:00.000Z")
            .answered("good", "2026-03-03T08:00:00.000Z")
            .unasked(),
    ];
    let report = table(&rows).report(&ReportOptions::default()).unwrap();
    assert_eq!(
        (report.total.sent, report.total.answered, report.total.unasked),
        (1, 2, 1)
    );
    assert_eq!(report.total.response_rate_percent, Some(100.0));
    assert_eq!(report.total.median_time_to_answer_seconds, Some(3600));
}

/// Ticket 1: rated, and once more unasked. Ticket 2: a survey nobody answered, then one answered. Ticket 3: asked twice,
/// never answered. A survey without a ticket.
fn several_records_a_ticket() -> [Row; 8] {
    let survey = |sent| survey(sent, "2026-04-30T00:00:00.000Z");
    [
        rating("2026-03-02T08:00:00.000Z")
            .about(1)
            .answered("good", "2026-03-02T09:00:00.000Z")
            .superseded(),
        rating("2026-03-20T08:00:00.000Z")
            .about(1)
            .answered("bad", "2026-03-20T08:00:00.000Z")
            .unasked(),
        survey("2026-03-03T08:00:00.000Z").about(2),
        survey("2026-03-10T08:00:00.000Z")
            .about(2)
            .answered("good", "2026-03-10T10:00:00.000Z"),
        rating("2026-03-04T08:00:00.000Z").about(3),
        survey("2026-03-17T08:00:00.000Z").about(3),
        survey("2026-03-18T08:00:00.000Z").answered("neutral", "2026-03-18T08:30:00.000Z"),
        survey("2026-03-19T08:00:00.000Z")
            .about(4)
            .on_a_ticket_that_is("deleted"),
    ]
}

#[test]
fn each_ticket_counts_once_and_no_rating_given_again_is_sent() {
    let options = by(&[Dimension::Week]);
    let file = table(&several_records_a_ticket());
    let report = file.report(&options).unwrap();
    assert_eq!(counts(&report.total), [5, 1, 1, 1, 2, 0, 0]);
    assert_eq!(
        buckets(&report, Dimension::Week),
        [
            // Ticket 1, by when the customer was asked.
            (Some("2026-W10"), [1, 0, 0, 1, 0, 0, 0]),
            (Some("2026-W11"), [1, 1, 0, 0, 0, 0, 0]),
            (Some("2026-W12"), [3, 0, 1, 0, 2, 0, 0]),
        ]
    );
    // 30 min, 1 h, 2 h.
    assert_eq!(report.total.median_time_to_answer_seconds, Some(3600));
    assert_eq!(report.total.response_rate_percent, Some(60.0));
    let answers = ReportOptions {
        count: CountBasis::Answers,
        ..options
    };
    let report = file.report(&answers).unwrap();
    assert_eq!(counts(&report.total), [7, 2, 1, 1, 4, 0, 1]);
    assert!((report.total.response_rate_percent.unwrap() - 300.0 / 7.0).abs() < 1e-9);
}

#[test]
fn like_explore_neutral_is_bad_and_deleted_tickets_are_out() {
    let options = ReportOptions {
        like: Some(Like::Explore),
        count: CountBasis::Answers,
        ..by(&[Dimension::Reason])
    };
    let report = table(&several_records_a_ticket()).report(&options).unwrap();
    assert_eq!(counts(&report.total), [4, 1, 0, 2, 1, 0, 0]);
    assert_eq!(report.count, CountBasis::Tickets);
    assert_eq!(
        buckets(&report, Dimension::Reason),
        [(None, [2, 0, 0, 2, 0, 0, 0])]
    );
}

#[test]
fn by_the_date_rated_only_answers_count() {
    let options = ReportOptions {
        date: DateBasis::Rated,
        since: time("2026-03-10T00:00:00Z"),
        ..by(&[Dimension::Week, Dimension::Agent])
    };
    let report = table(&several_records_a_ticket()).report(&options).unwrap();
    assert_eq!(counts(&report.total), [3, 1, 1, 1, 0, 0, 0]);
    assert_eq!(
        buckets(&report, Dimension::Week),
        [
            (Some("2026-W11"), [1, 1, 0, 0, 0, 0, 0]),
            (Some("2026-W12"), [2, 0, 1, 1, 0, 0, 0]),
        ]
    );
    let scores = report
        .breakdowns
        .iter()
        .flat_map(|breakdown| &breakdown.buckets)
        .map(|bucket| &bucket.score);
    assert!(
        scores
            .chain([&report.total])
            .all(|score| score.response_rate_percent.is_none())
    );
    let (text, page) = (report.to_text(100, false), report.to_html());
    assert!(
        !text.contains("Response rate") && !page.contains("Response rate"),
        "{text}"
    );
}

#[test]
fn days_weeks_and_months_are_those_of_the_zone() {
    let rows = [
        // Saturday evening in New York, Sunday in UTC and Berlin.
        rating("2026-03-01T04:00:00.000Z").answered("good", "2026-03-01T05:00:00.000Z"),
        // Sunday evening in New York and UTC, Monday in Berlin.
        rating("2026-03-01T23:00:00.000Z"),
    ];
    let named = |zone: &str, week_start| {
        let options = ReportOptions {
            calendar: Calendar {
                zone: zone.parse().unwrap(),
                week_start,
            },
            ..by(&[Dimension::Day, Dimension::Week, Dimension::Month])
        };
        let report = table(&rows).report(&options).unwrap();
        let names = |by| -> Vec<String> {
            let buckets = &report.breakdown(by).unwrap().buckets;
            buckets.iter().map(|bucket| bucket.key.clone().unwrap()).collect()
        };
        [
            names(Dimension::Day),
            names(Dimension::Week),
            names(Dimension::Month),
        ]
    };
    let texts = |names: [&[&str]; 3]| {
        names.map(|names| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>())
    };
    assert_eq!(
        named("UTC", WeekStart::Monday),
        texts([&["2026-03-01"], &["2026-W09"], &["2026-03"]])
    );
    assert_eq!(
        named("Europe/Berlin", WeekStart::Monday),
        texts([
            &["2026-03-01", "2026-03-02"],
            &["2026-W09", "2026-W10"],
            &["2026-03"]
        ])
    );
    assert_eq!(
        named("America/New_York", WeekStart::Sunday),
        texts([
            &["2026-02-28", "2026-03-01"],
            &["2026-02-22", "2026-03-01"],
            &["2026-02", "2026-03"]
        ])
    );
}

#[test]
fn a_legacy_offer_is_open_as_long_as_its_ticket_is() {
    let offer = |ticket, status| {
        rating("2026-03-02T08:00:00.000Z")
            .about(ticket)
            .on_a_ticket_that_is(status)
    };
    let rows = [
        offer(1, "solved"),
        offer(2, "closed"),
        offer(3, "deleted"),
        // The file does not have its ticket.
        rating("2026-03-02T08:00:00.000Z").about(4),
        // A survey is, on a closed ticket too.
        survey("2026-03-02T08:00:00.000Z", "2026-03-30T08:00:00.000Z")
            .about(5)
            .on_a_ticket_that_is("closed"),
    ];
    let total = table(&rows).report(&ReportOptions::default()).unwrap().total;
    assert_eq!(
        (total.sent, total.unanswered_open, total.unanswered_expired),
        (5, 3, 2)
    );
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
fn an_agent_has_the_latest_comments_of_every_score_and_knows_how_many_there_are() {
    let sent = "2026-03-02T08:00:00.000Z";
    let answer = |agent, score, rated_at, ticket, words| {
        rating(sent)
            .answered(score, rated_at)
            .by(agent, 1)
            .saying(ticket, words)
    };
    let mut nobodys = survey(sent, "2026-04-01T08:00:00.000Z")
        .answered("neutral", "2026-03-03T08:00:00.000Z")
        .saying(5, "Fine.");
    nobodys.subject = Some("Refund");
    let rows = [
        answer(11, "bad", "2026-03-02T09:00:00.000Z", 1, "Slow."),
        answer(11, "good", "2026-03-02T11:00:00.000Z", 2, "Thanks!"),
        answer(12, "good", "2026-03-02T10:00:00.000Z", 3, "Quick."),
        answer(11, "good", "2026-03-02T10:00:00.000Z", 4, "Kind."),
        rating(sent)
            .answered("good", "2026-03-02T12:00:00.000Z")
            .by(11, 1),
        nobodys,
    ];
    let said = |options: &ReportOptions| -> Vec<_> {
        let of_agent = |of: AgentComments| {
            let latest: Vec<_> = of
                .latest
                .into_iter()
                .map(|one| (one.comment, one.score))
                .collect();
            (of.assignee_id, of.comments, latest)
        };
        let report = table(&rows).report(options).unwrap();
        report.agent_comments.into_iter().map(of_agent).collect()
    };
    let words = |all: &[(&str, &str)]| -> Vec<_> {
        let owned = |(comment, score): &(&str, &str)| ((*comment).to_owned(), Some((*score).to_owned()));
        all.iter().map(owned).collect()
    };
    let by_agent = ReportOptions {
        comments: 2,
        ..ReportOptions::default()
    };
    assert_eq!(
        said(&by_agent),
        [
            (Some(11), 3, words(&[("Thanks!", "good"), ("Kind.", "good")])),
            (Some(12), 1, words(&[("Quick.", "good")])),
            (None, 1, words(&[("Fine.", "neutral")])),
        ]
    );
    let report = table(&rows).report(&by_agent).unwrap();
    let nobodys = &report.agent_comments[2].latest[0];
    assert_eq!(
        (nobodys.ticket_id, nobodys.ticket_subject.as_deref()),
        (Some(5), Some("Refund"))
    );
    assert_eq!(report.agent_comments[0].latest[0].ticket_subject, None);
    // Of the period alone, and only where agents are asked for.
    let earlier = ReportOptions {
        until: sent.parse().ok(),
        ..by_agent.clone()
    };
    let (none, by_group) = (
        ReportOptions {
            comments: 0,
            ..by_agent.clone()
        },
        ReportOptions {
            by: vec![Dimension::Group],
            ..by_agent
        },
    );
    for options in [earlier, none, by_group] {
        assert_eq!(said(&options), []);
    }
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

#[test]
fn who_has_the_name_of_another_is_told_apart_by_the_id_and_who_has_none_goes_by_it() {
    let rows: Vec<Row> = [6, 6, 6, 7, 7, 8, 9]
        .into_iter()
        .map(|agent| {
            rating("2026-03-01T10:00:00Z")
                .answered("bad", "2026-03-02T10:00:00Z")
                .by(agent, 3)
                .saying(1, "no")
        })
        .collect();
    let file = table(&rows);
    file.execute(
        "INSERT INTO agents SELECT id, 6, 'Uma', 1, 0 FROM accounts;
         INSERT INTO agents SELECT id, 7, 'Uma', 0, 0 FROM accounts;
         INSERT INTO agents SELECT id, 8, 'Ida', 1, 0 FROM accounts;
         INSERT INTO agents SELECT id, 9, NULL, NULL, 0 FROM accounts;
         INSERT INTO groups SELECT id, 3, 'Orders', 1, 0 FROM accounts;",
    );
    let options = ReportOptions {
        count: CountBasis::Answers,
        ..by(&[Dimension::Agent])
    };
    let report = file.report(&options).unwrap();
    let named = report.breakdown(Dimension::Agent).unwrap().buckets.iter();
    let named: Vec<_> = named
        .map(|bucket| (bucket.key.as_deref().unwrap(), bucket.label.as_deref()))
        .collect();
    assert_eq!(
        named,
        [
            ("6", Some("Uma (6)")),
            ("7", Some("Uma (7)")),
            ("8", Some("Ida")),
            ("9", None)
        ]
    );
    let text = report.to_text(100, false);
    for line in ["Uma (6)", "Uma (7)", "Ida", "9 "] {
        assert!(
            text.lines().any(|shown| shown.starts_with(line)),
            "{line}\n{text}"
        );
    }
    let page = report.to_html();
    assert!(page.contains("Uma (7)") && page.contains("group <bdi>Orders</bdi>"));
}
