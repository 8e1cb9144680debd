//! What is said below the numbers, the same in the text, on the page and in Markdown.

use super::dimension::Dimension;
use super::format;
use super::model::{Breakdown, Bucket, Report};
use super::score::{SMALL_SAMPLE_BELOW, Score};
use super::{CountBasis, DateBasis, Like};

pub(super) const SMALL_SAMPLE_MARK: char = '*';
pub(super) const SURVEYS_BEGAN_MARK: char = '◆';

/// Why there is nothing to show, and what to do about it; none if there is something.
pub(super) fn empty(report: &Report) -> Option<[String; 2]> {
    if !report.is_empty() {
        return None;
    }
    let (Some(first), Some(last)) = (report.first_sent_at, report.last_sent_at) else {
        return Some([
            "The history holds no ratings yet.".to_owned(),
            "Bring it up to date with the account: `zendesk-csat sync`.".to_owned(),
        ]);
    };
    let was = match report.date {
        DateBasis::Sent => "sent",
        DateBasis::Rated => "given",
    };
    let of_those = if report.filters.is_empty() {
        ""
    } else {
        " of those picked"
    };
    let days = [first, last].map(|time| format::date(&report.time_zone, time));
    Some([
        format!(
            "No rating{of_those} was {was} in this period, {}.",
            format::period(report)
        ),
        format!(
            "There are ratings from {} to {}: ask for {}.",
            days[0],
            days[1],
            if report.filters.is_empty() {
                "days among these"
            } else {
                "days among these, or pick by less"
            }
        ),
    ])
}

/// Whether a score carries the mark of a small sample.
pub(super) const fn is_marked(score: &Score) -> bool {
    score.small_sample && score.answered > 0
}

/// What the marks and columns mean and how the report counts, a sentence or two each.
pub(super) fn notes(report: &Report) -> Vec<String> {
    let mut notes = marks(report);
    notes.extend(how_it_counts(report));
    notes
}

fn marks(report: &Report) -> Vec<String> {
    let scored = || {
        let of_scores = |breakdown: &&Breakdown| breakdown.by != Dimension::Reason;
        report.breakdowns.iter().filter(of_scores)
    };
    let first_in_time = |is: fn(&Bucket) -> bool| {
        let mut found = report.breakdowns.iter();
        found
            .find(|breakdown| breakdown.buckets.iter().any(is))
            .map(|breakdown| breakdown.by.clone())
    };
    let mut notes = Vec::new();
    if scored().next().is_some() {
        notes.push("95% CI: Wilson's interval of the score.".to_owned());
        notes.push("Answered after: the median time from being asked to the first answer.".to_owned());
    }
    if scored()
        .flat_map(|breakdown| &breakdown.buckets)
        .any(|bucket| is_marked(&bucket.score))
    {
        notes.push(format!(
            "{SMALL_SAMPLE_MARK} fewer than {SMALL_SAMPLE_BELOW} answers: a single one moves the score by over 3 points."
        ));
    }
    if let (Some(by), Some(began)) = (
        first_in_time(|bucket| bucket.surveys_began),
        report.surveys_began_at,
    ) {
        notes.push(format!(
            "{SURVEYS_BEGAN_MARK} the {by} of the first survey, {}; ratings before it are of the legacy system.",
            format::date(&report.time_zone, began)
        ));
    }
    if let Some(by) = first_in_time(|bucket| bucket.is_open) {
        notes.push(format!(
            "open: customers asked in that {by} can still answer, so that its numbers will change. No change is shown from or to it."
        ));
    }
    notes.extend(changes(report));
    if report.breakdown(&Dimension::Reason).is_some() {
        notes.push(
            "Reasons: those of bad and neutral answers. One with several reasons counts under each."
                .to_owned(),
        );
    }
    if report.breakdown(Dimension::Tag).is_some() {
        notes.push("Tags: a ticket with several counts under each.".to_owned());
    }
    notes
}

fn changes(report: &Report) -> Option<String> {
    let tested = |breakdown: &Breakdown| {
        breakdown
            .buckets
            .iter()
            .filter(|bucket| bucket.change.is_some())
            .count()
    };
    let most = report.breakdowns.iter().map(tested).max().unwrap_or_default();
    let corrected = if most > 1 {
        format!(", corrected for all comparisons of its table, up to {most} (Holm)")
    } else {
        String::new()
    };
    let against = report.comparison.as_ref().map_or_else(
        || "the span before".to_owned(),
        |comparison| format::span(&report.time_zone, &comparison.previous),
    );
    let mut in_time = report
        .breakdowns
        .iter()
        .filter(|breakdown| breakdown.by.is_time());
    let by_time = if in_time.any(|breakdown| tested(breakdown) > 0) {
        ", by time against the row before"
    } else {
        ""
    };
    (most > 0).then(|| {
        format!(
            "Change: points against {against}{by_time}; p: how often, with no real change, one as large comes{corrected}. \
             None is shown from or to fewer than {SMALL_SAMPLE_BELOW} answers."
        )
    })
}

/// What the report counts, and how.
pub(super) fn how_it_counts(report: &Report) -> Vec<String> {
    let explore = report.like == Some(Like::Explore);
    let mut sentences = Vec::new();
    sentences.push("CSAT: good answers in percent of all answers.".to_owned());
    sentences.push(
        if explore {
            "Neutral answers count as bad, as in Zendesk."
        } else {
            "Neutral answers are neither good nor bad; Zendesk counts them as bad."
        }
        .to_owned(),
    );
    if report.scales.len() > 1 {
        let scales: Vec<String> = report
            .scales
            .iter()
            .map(|scale| format::scale(scale).to_lowercase())
            .collect();
        sentences.push(format!(
            "One score of different scales ({}): group by scale to tell them apart.",
            scales.join(", ")
        ));
    }
    sentences.push(
        match (explore, report.count) {
            (true, _) => "Like Zendesk Explore: each ticket counts once, by its latest answer; deleted tickets are left out.",
            (false, CountBasis::Tickets) => "Each ticket counts once, by its latest answer.",
            (false, CountBasis::Answers) => "Each answer counts, also where a ticket has several.",
        }
        .to_owned(),
    );
    let dated = match report.date {
        DateBasis::Sent => "Ratings are dated by when the customer was asked.",
        DateBasis::Rated => {
            "Ratings are dated by when the customer rated, so that there is no response rate."
        }
    };
    sentences.push(format!("{dated} Days are those of {}.", report.time_zone));
    sentences
}
