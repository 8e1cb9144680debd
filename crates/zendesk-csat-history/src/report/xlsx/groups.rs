//! A sheet for each grouping: a row a group, all of them.

use rust_xlsxwriter::XlsxError;

use super::super::format;
use super::super::model::{Breakdown, Bucket};
use super::super::score::{Change, Score};
use super::cells::{Sheet, Value};

/// The columns of every score: what they are called, how wide they are, and what stands in them.
type Column = (&'static str, u16, fn(&Score) -> Value<'static>);

const SCORE: [Column; 15] = [
    ("CSAT", 9, |score| Value::Percent(score.csat_percent)),
    ("95% CI low", 9, |score| Value::Percent(score.csat_percent_low)),
    ("95% CI high", 9, |score| Value::Percent(score.csat_percent_high)),
    ("Answered", 10, |score| Value::Count(score.answered)),
    ("Good", 9, |score| Value::Count(score.good)),
    ("Neutral", 9, |score| Value::Count(score.neutral)),
    ("Bad", 9, |score| Value::Count(score.bad)),
    ("Other score", 9, |score| Value::Count(score.unscored)),
    ("Sent", 9, |score| Value::Count(score.sent)),
    ("Response rate", 10, |score| {
        Value::Percent(score.response_rate_percent)
    }),
    ("Unanswered, open", 12, |score| {
        Value::Count(score.unanswered_open)
    }),
    ("Unanswered, expired", 12, |score| {
        Value::Count(score.unanswered_expired)
    }),
    ("Answered, not asked", 12, |score| Value::Count(score.unasked)),
    ("Answered after (median, h:mm:ss)", 14, |score| {
        Value::Duration(score.median_time_to_answer_seconds)
    }),
    ("Small sample", 9, |score| {
        Value::Boolean(Some(score.small_sample))
    }),
];

pub(super) fn write(sheet: &mut Sheet, breakdown: &Breakdown) -> Result<(), XlsxError> {
    let by = &breakdown.by;
    let (names, name_widths): (&[&str], &[u16]) = if by.is_time() {
        (&["From", "Open"], &[14, 12, 8])
    } else {
        (&["Id"], &[32, 20])
    };
    let changes = ["Change in points", "p (Holm)", "Significant change"];
    let heads: Vec<&str> = [format::heading(by)]
        .into_iter()
        .chain(names.iter().copied())
        .chain(SCORE.map(|(head, ..)| head))
        .chain(changes)
        .collect();
    let score_widths = SCORE.map(|(_, width, _)| width);
    sheet.widths(
        name_widths
            .iter()
            .copied()
            .chain(score_widths)
            .chain([10, 10, 12]),
    )?;
    sheet.head(&heads)?;
    for bucket in &breakdown.buckets {
        let mut row = vec![Value::Text(format::name(by, bucket).into())];
        if by.is_time() {
            row.extend([
                Value::Date(bucket.starts_on),
                Value::Boolean(Some(bucket.is_open)),
            ]);
        } else {
            row.push(Value::Id(bucket.key.clone()));
        }
        row.extend(SCORE.map(|(_, _, value)| value(&bucket.score)));
        row.extend(change(bucket));
        sheet.row(row)?;
    }
    Ok(())
}

fn change(bucket: &Bucket) -> [Value<'static>; 3] {
    let change = bucket.change.as_ref();
    let number = |of: fn(&Change) -> f64| Value::Number(change.map(of));
    [
        number(|change| change.csat_points),
        number(|change| change.p_value_adjusted),
        Value::Boolean(change.map(|change| change.significant_change)),
    ]
}

/// The names and values of a score, one above another.
pub(super) fn facts(score: &Score) -> impl Iterator<Item = (&'static str, Value<'static>)> {
    SCORE.into_iter().map(|(name, _, value)| (name, value(score)))
}
