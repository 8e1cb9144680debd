//! The first sheet: of what the report is, how it counts, and all ratings together.

use rust_xlsxwriter::XlsxError;

use super::super::model::{Comparison, Report};
use super::super::{CountBasis, DateBasis, Like};
use super::super::{format, notes};
use super::cells::{Sheet, Value};
use super::groups::facts;

pub(super) fn write(sheet: &mut Sheet, report: &Report) -> Result<(), XlsxError> {
    sheet.widths([34, 24, 24])?;
    sheet.row([Value::Title(format!(
        "CSAT of {}, {}",
        format::accounts(report),
        format::period(report)
    ))])?;
    // What is not whole says so first.
    for gap in &report.gaps {
        sheet.row([Value::Text(format!("Not whole: {gap}").into())])?;
    }
    sheet.row([])?;
    sheet.row([Value::Head("Report")])?;
    for (name, value) in about(report) {
        sheet.row([Value::Text(name.into()), value])?;
    }
    sheet.row([])?;
    sheet.row([Value::Head("All ratings")])?;
    for (name, value) in facts(&report.total) {
        sheet.row([Value::Text(name.into()), value])?;
    }
    if let Some(comparison) = &report.comparison {
        sheet.row([])?;
        compared(sheet, report, comparison)?;
    }
    sheet.row([])?;
    sheet.row([Value::Head("How it counts")])?;
    for sentence in notes::how_it_counts(report) {
        sheet.row([Value::Text(sentence.into())])?;
    }
    Ok(())
}

fn about(report: &Report) -> Vec<(&'static str, Value<'static>)> {
    let text = |text: &str| Value::Text(text.to_owned().into());
    let counts = match (report.like, report.count) {
        (Some(Like::Explore), _) => "tickets, as Zendesk Explore counts them",
        (None, CountBasis::Tickets) => "tickets, each by its latest answer",
        (None, CountBasis::Answers) => "answers",
    };
    let dated = match report.date {
        DateBasis::Sent => "when the customer was asked",
        DateBasis::Rated => "when the customer rated",
    };
    let mut about = vec![("Accounts", text(&format::accounts(report)))];
    // All ratings have neither.
    if report.since.is_some() {
        about.push(("Period from", Value::Time(report.since)));
    }
    if report.until.is_some() {
        about.push(("Period to, not part of it", Value::Time(report.until)));
    }
    about.extend([
        ("First customer asked", Value::Time(report.first_sent_at)),
        ("Last customer asked", Value::Time(report.last_sent_at)),
        ("Synced until", Value::Time(report.as_of)),
        ("Time zone of every time here", text(report.time_zone.name())),
        ("Weeks begin on", text(report.week_start.as_str())),
        ("Ratings are dated by", text(dated)),
        ("What counts once", text(counts)),
    ]);
    if report.surveys_began_at.is_some() {
        about.push((
            "Surveys since, legacy ratings before",
            Value::Time(report.surveys_began_at),
        ));
    }
    about
}

fn compared(sheet: &mut Sheet, report: &Report, comparison: &Comparison) -> Result<(), XlsxError> {
    let change = comparison.change.as_ref();
    let row = |name: &'static str, now, before| [Value::Text(name.into()), now, before];
    sheet.row([
        Value::Head("Change"),
        Value::Head("Period"),
        Value::Head("Period before"),
    ])?;
    let (current, previous) = (&comparison.current, &comparison.previous);
    sheet.row(row(
        "From",
        Value::Time(Some(current.since)),
        Value::Time(Some(previous.since)),
    ))?;
    sheet.row(row(
        "To, not part of it",
        Value::Time(Some(current.until)),
        Value::Time(Some(previous.until)),
    ))?;
    sheet.row(row(
        "Answers at the same age",
        Value::Count(comparison.current_answered),
        Value::Count(comparison.previous_answered),
    ))?;
    sheet.row(row(
        "CSAT at the same age",
        Value::Percent(change.map(|change| change.current_csat_percent)),
        Value::Percent(change.map(|change| change.previous_csat_percent)),
    ))?;
    let Some(change) = change else {
        return sheet.row([Value::Text(
            format::not_compared(&report.time_zone, comparison).into(),
        )]);
    };
    if let Some(later) = format::later_answers(comparison) {
        sheet.row([Value::Text(later.into())])?;
    }
    for (name, value) in [
        ("Change in points", Value::Number(Some(change.csat_points))),
        ("p", Value::Number(Some(change.p_value_adjusted))),
        (
            "Significant change",
            Value::Boolean(Some(change.significant_change)),
        ),
    ] {
        sheet.row([Value::Text(name.into()), value])?;
    }
    Ok(())
}
