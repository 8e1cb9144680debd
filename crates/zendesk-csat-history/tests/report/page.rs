//! The report as a page.

use zendesk_csat_history::report::{Bucket, Dimension, Report, ReportOptions};

use crate::table::{busy_table, rating, small_table, survey, table, tables};

pub(crate) fn every_dimension() -> ReportOptions {
    ReportOptions {
        by: Dimension::ALL.to_vec(),
        ..ReportOptions::default()
    }
}

#[test]
fn small_account() {
    let report = small_table().report(&ReportOptions::default()).unwrap();
    insta::assert_snapshot!(report.to_html());
}

#[test]
fn empty_table_says_so() {
    let page = table(&[]).report(&ReportOptions::default()).unwrap().to_html();
    assert!(page.contains("The history holds no ratings yet."), "{page}");
    assert!(page.contains("zendesk-csat sync"), "{page}");
    assert!(!page.contains("<table"));
}

#[test]
fn empty_period_says_so() {
    let options = ReportOptions {
        since: "2027-01-01T00:00:00Z".parse().ok(),
        ..ReportOptions::default()
    };
    let page = small_table().report(&options).unwrap().to_html();
    assert!(
        page.contains("No rating was sent in this period, 2027-01-01"),
        "{page}"
    );
    assert!(
        page.contains("There are ratings from 2026-03-02 to 2026-03-24"),
        "{page}"
    );
}

#[test]
fn words_of_customers_stay_text() {
    let hostile = "</blockquote><script>alert(1)</script><img src=x onerror=alert(2)>\"'&";
    let rows = [
        rating("2026-03-02T08:00:00.000Z")
            .answered("bad", "2026-03-02T09:00:00.000Z")
            .because("<b onclick='alert(3)'>slow</b>", "5")
            .saying(7, hostile),
        survey("2026-03-09T08:00:00.000Z", "2026-04-06T08:00:00.000Z")
            .answered("bad", "2026-03-09T09:00:00.000Z")
            .because("</th><style>*{display:none}</style>", "o1"),
    ];
    let page = tables(&[("acme/\"><script>", &rows)])
        .report(&every_dimension())
        .unwrap()
        .to_html();
    let lower = page.to_lowercase();
    for start in ["<img", "<b ", "</th><style", "<iframe", "javascript:"] {
        assert!(!lower.contains(start), "{start}");
    }
    for own in ["<style", "</style", "<script", "</script"] {
        assert_eq!(lower.matches(own).count(), 1, "{own}");
    }
    // Among the latest bad ones, and below the row of those that are assigned to nobody.
    assert_eq!(lower.matches("</blockquote>").count(), 2);
    let words = page
        .split_once("<blockquote dir=\"auto\">")
        .unwrap()
        .1
        .split_once("</blockquote>")
        .unwrap()
        .0;
    assert_eq!(text(words), hostile);
    // A name that is no host does not become a link.
    assert!(page.contains("ticket 7") && !page.contains("/agent/tickets/"));
}

#[test]
fn nothing_is_fetched_and_no_script_runs_but_its_own() {
    let page = busy_table().report(&every_dimension()).unwrap().to_html();
    let policy = page
        .split_once("http-equiv=\"Content-Security-Policy\" content=\"")
        .unwrap()
        .1;
    let policy = policy.split_once('"').unwrap().0;
    let sources: Vec<Vec<&str>> = policy
        .split("; ")
        .map(|directive| directive.split(' ').collect())
        .collect();
    for (directive, source) in [
        ("default-src", "'none'"),
        ("script-src", "'sha256-"),
        ("style-src", "'sha256-"),
        ("base-uri", "'none'"),
        ("form-action", "'none'"),
    ] {
        let found: Vec<_> = sources.iter().filter(|of| of[0] == directive).collect();
        assert!(
            found.len() == 1 && found[0].len() == 2 && found[0][1].starts_with(source),
            "{policy}"
        );
    }
    assert_eq!(sources.len(), 5, "{policy}");
    let (before, script) = page.split_once("<script>").unwrap();
    let page = format!("{before}{}", script.split_once("</script>").unwrap().1);
    for fetches in [
        " src=",
        "url(",
        "@import",
        "<link",
        "<script",
        "xlink:href",
        " on",
    ] {
        let found = page.find(fetches).map(|at| &page[at.saturating_sub(40)..at + 40]);
        // The word "on" is fine in a sentence, not as the start of a handler.
        assert!(
            found.is_none_or(|around| fetches == " on" && !around.contains("=\"")),
            "{fetches}: {found:?}"
        );
    }
    for address in page.split("http").skip(1) {
        let is_known = address.starts_with("s://acme.zendesk.com/agent/tickets/")
            || address.starts_with("://www.w3.org/2000/svg\"")
            || address.starts_with("-equiv=");
        assert!(is_known, "http{}", &address[..60]);
    }
}

#[test]
fn an_agents_row_has_the_agents_comments_below_it_as_many_as_asked_for() {
    let sent = "2026-03-02T08:00:00.000Z";
    let mut rows = vec![
        survey(sent, "2026-04-01T08:00:00.000Z")
            .answered("bad", "2026-03-03T08:00:00.000Z")
            .by(12, 1)
            .saying(70, "Slow."),
    ];
    rows[0].subject = Some("Parcel <b>lost</b>");
    rows.extend((0..5).map(|ticket| {
        rating(sent)
            .answered("good", "2026-03-02T09:00:00.000Z")
            .by(11, 1)
            .saying(ticket, "Thanks!")
    }));
    let options = ReportOptions {
        comments: 3,
        ..ReportOptions::default()
    };
    let page = table(&rows).report(&options).unwrap().to_html();
    let said = |agent: u64| {
        let row = page.split_once(&format!("<tr class=\"said\" id=\"comments-of-{agent}\">"));
        row.unwrap().1.split_once("</tr>").unwrap().0
    };
    assert!(said(11).contains("<summary>the latest 3 of 5 comments</summary>"));
    assert_eq!(
        said(11)
            .matches("<blockquote dir=\"auto\">Thanks!</blockquote>")
            .count(),
        3
    );
    assert!(said(12).contains("<summary>1 comment</summary>"));
    assert_eq!(
        text(said(12)).split_whitespace().collect::<Vec<_>>().join(" "),
        "1 comment Slow. bad 2026-03-03 08:00 ticket 70: Parcel <b>lost</b> agent 12 group 1"
    );
    assert!(page.contains("This page holds customers' words"));
    let none = ReportOptions {
        comments: 0,
        bad_comments: 0,
        ..ReportOptions::default()
    };
    let page = table(&rows).report(&none).unwrap().to_html();
    for word in ["Slow.", "Thanks!", "Parcel", "customers' words"] {
        assert!(!page.contains(word), "{word}");
    }
}

#[test]
fn groups_have_a_picture_with_words_and_agents_have_none() {
    let page = busy_table().report(&every_dimension()).unwrap().to_html();
    let words = "0: 81.1%, 95% CI 77.6 to 84.1%; 1: 81.1%, 95% CI 77.6 to 84.1%. All: 81.1%.";
    assert!(
        page.contains(&format!("<desc id=\"by-group-words\">{words}</desc>")),
        "{page}"
    );
    assert!(page.contains("<desc id=\"by-source-words\">Surveys: 80.0%"));
    for none in ["by-agent-words", "by-reason-words", "by-week-words"] {
        assert!(!page.contains(none), "{none}");
    }
}

#[test]
fn what_has_a_name_has_its_id_beside_it() {
    let mut report = small_table().report(&every_dimension()).unwrap();
    for breakdown in &mut report.breakdowns {
        if matches!(breakdown.by, Dimension::Agent | Dimension::Group) {
            for bucket in breakdown.buckets.iter_mut().filter(|bucket| bucket.key.is_some()) {
                bucket.label = Some(format!("The <b>same</b> {}", breakdown.by));
            }
        }
    }
    let page = report.to_html();
    for (name, ids) in [("agent", ["11", "12"]), ("group", ["1", "2"])] {
        let name = format!("The &#60;b&#62;same&#60;/b&#62; {name}");
        for id in ids {
            assert!(
                page.contains(&format!("<bdi>{name}</bdi> <span class=\"id\">{id}</span>")),
                "{id}"
            );
        }
    }
}

#[test]
fn links_lead_to_the_tickets() {
    let page = small_table().report(&ReportOptions::default()).unwrap().to_html();
    assert!(page.contains(
        "<a href=\"https://acme.zendesk.com/agent/tickets/107\" rel=\"noreferrer\">ticket 107</a>"
    ));
}

#[test]
fn the_picture_is_there_in_both_sizes_with_words_for_those_who_do_not_see_it() {
    let page = small_table().report(&ReportOptions::default()).unwrap().to_html();
    let words = ">CSAT with its 95% CI, and below it ratings sent and answered, by week. \
                 First 66.7% (week of 2026-03-02), last 100.0% (week of 2026-03-23); \
                 lowest 33.3% (week of 2026-03-09), highest 100.0% (week of 2026-03-23).</desc>";
    assert_eq!(page.matches(words).count(), 2);
    assert_eq!(page.matches("<svg width=").count(), 2);
    // One dot for each of the three weeks with a score.
    assert_eq!(page.matches("<circle cx=\"").count(), 2 * 3);
}

#[test]
fn the_numbers_on_the_page_are_the_reports() {
    for (report, rows) in [
        (small_table().report(&every_dimension()).unwrap(), 51),
        (busy_table().report(&every_dimension()).unwrap(), 89),
    ] {
        assert_eq!(compare(&report), rows);
    }
}

/// Compares every table of the page with the report and tells how many rows there were.
fn compare(report: &Report) -> usize {
    let page = report.to_html();
    let mut rows = 0;
    for breakdown in &report.breakdowns {
        let (headings, cells) = table_of(&page, &format!("by-{}", breakdown.by));
        let mut buckets: Vec<&Bucket> = breakdown.buckets.iter().collect();
        if breakdown.by.is_time() {
            buckets.reverse();
        }
        assert_eq!(cells.len(), buckets.len(), "{}", breakdown.by);
        for (row, bucket) in cells.iter().zip(buckets) {
            for (heading, cell) in headings.iter().zip(row).skip(1) {
                if let Some(expected) = expected(heading, bucket, report) {
                    assert_eq!(
                        cell.trim_end_matches('*'),
                        expected,
                        "{} {row:?} {heading}",
                        breakdown.by
                    );
                }
            }
            rows += 1;
        }
    }
    rows
}

fn expected(heading: &str, bucket: &Bucket, report: &Report) -> Option<String> {
    let score = &bucket.score;
    let with_unit = |number: Option<f64>| number.map_or("–".to_owned(), |number| format!("{number:.1}%"));
    Some(match heading {
        "CSAT" => with_unit(score.csat_percent),
        "95% CI" => match (score.csat_percent_low, score.csat_percent_high) {
            (Some(low), Some(high)) => format!("{low:.1}–{high:.1}"),
            _ => "–".to_owned(),
        },
        "Response rate" => with_unit(score.response_rate_percent),
        "% of bad" => with_unit(Some(100.0 * score.bad as f64 / report.total.bad as f64)),
        "Sent" => score.sent.to_string(),
        "Answered" => score.answered.to_string(),
        "Good" => score.good.to_string(),
        "Neutral" => score.neutral.to_string(),
        "Bad" => score.bad.to_string(),
        "Customers answered after (median)" => match score.median_time_to_answer_seconds {
            None => "–".to_owned(),
            Some(seconds @ 0..60) => format!("{seconds} s"),
            Some(seconds @ 60..3600) => format!("{} min", seconds / 60),
            Some(seconds @ 3600..86400) => format!("{} h {:02} min", seconds / 3600, seconds / 60 % 60),
            Some(seconds) => format!("{} d {:02} h", seconds / 86400, seconds / 3600 % 24),
        },
        "Change (p)" => match &bucket.change {
            None => "–".to_owned(),
            Some(change) => {
                let points = format!("{:+.1}", change.csat_points).replace('-', "−");
                let points = if points.ends_with("0.0") && points.len() <= 6 {
                    "±0.0".to_owned()
                } else {
                    points
                };
                match change.p_value_adjusted {
                    tiny if tiny < 0.001 => format!("{points} (<0.001)"),
                    small if small < 0.0995 => format!("{points} ({small:.3})"),
                    p_value => format!("{points} ({p_value:.2})"),
                }
            }
        },
        _ => return None,
    })
}

/// The headings, and the texts of all rows, of a table and what unfolds below it.
fn table_of(page: &str, id: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let Some((_, section)) = page.split_once(&format!("<h2 id=\"{id}\">")) else {
        return Default::default();
    };
    let section = section.split_once("</section>").unwrap().0;
    let cells = |row: &str| -> Vec<String> {
        let starts: Vec<&str> = row.split("<t").skip(1).collect();
        let of = |cell: &str| {
            text(cell.split_once('>').unwrap().1.split("</t").next().unwrap())
                .trim()
                .replace(',', "")
        };
        starts.into_iter().map(of).collect()
    };
    let rows: Vec<Vec<String>> = section
        .split("<tr")
        .skip(1)
        .filter(|row| !row.starts_with(" class=\"said\""))
        .map(|row| cells(row.split_once('>').unwrap().1.split("</tr>").next().unwrap()))
        .collect();
    let headings = rows[0].clone();
    let rows = rows.into_iter().filter(|row| *row != headings).collect();
    (headings, rows)
}

/// What a browser shows of this markup.
fn text(markup: &str) -> String {
    let mut shown = String::new();
    for (index, part) in markup.split('<').enumerate() {
        shown.push_str(if index == 0 {
            part
        } else {
            part.split_once('>').unwrap().1
        });
    }
    [
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#38;", "&"),
    ]
    .into_iter()
    .fold(shown, |text, (entity, character)| text.replace(entity, character))
}
