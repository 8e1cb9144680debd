//! What a report is of, where that is not what one would think: one sentence each.

use chrono::{DateTime, Utc};

use super::ReportOptions;
use super::format;
use super::model::{Report, TimeSpan};
use super::spans::Spans;

/// What there is to say before the numbers of a report.
pub(crate) fn of(options: &ReportOptions, spans: &Spans, begins: Option<DateTime<Utc>>) -> Vec<String> {
    let zone = &options.calendar.zone;
    let begin = |ms: Option<i64>| ms.and_then(DateTime::from_timestamp_millis);
    let starts_before =
        |time: Option<DateTime<Utc>>| begins.filter(|&begins| time.is_some_and(|time| time < begins));
    let mut sentences = Vec::new();
    let (since, _) = spans.bounds();
    let previous = spans.compared.map(|compared| compared.previous.since);
    if let Some(begins) = starts_before(begin(since)) {
        let day = format::minute(zone, begins);
        sentences.push(format!(
            "The history begins at {day}: of this period there is nothing before."
        ));
    } else if let Some(begins) = starts_before(begin(previous)) {
        let day = format::minute(zone, begins);
        sentences.push(format!(
            "The history begins at {day}: of the span that is compared with there is nothing before."
        ));
    }
    sentences
}

/// Why a report is of everything.
pub(crate) fn fallen_back(empty: &Report) -> String {
    let span = empty.since.zip(empty.until).map(|(since, until)| {
        let span = TimeSpan { since, until };
        format!(", {}", format::span(&empty.time_zone, &span))
    });
    format!(
        "Nothing is of the last full month{}: this is everything there is.",
        span.unwrap_or_default()
    )
}
