//! Times of records: one moment in any form is that moment, and a text that is no time costs its record at most.

use crate::case::{Case, Checked, check, check_malformed};
use crate::service::Answer;
use chrono::{DateTime, Datelike, FixedOffset, SecondsFormat, TimeDelta, Utc};
use serde_json::json;

/// 0001-01-01 and 9998-12-31: an offset may move a time by a day, and no year has five digits.
const FIRST: i64 = -62_135_510_400;
const LAST: i64 = 253_370_678_400;

/// A moment, and one of the ways to write it.
pub(super) fn written(case: &mut Case<'_>) -> (DateTime<Utc>, String) {
    let seconds = case.random.i64(FIRST..LAST);
    let fraction = case.pick(&[0, 0, 1, 999, 500]);
    let moment = DateTime::from_timestamp(seconds, fraction * 1_000_000).unwrap();
    let minutes = case.pick(&[0, 0, 60, -60, 330, -570, 14 * 60, 1_439, -1_439]);
    let zoned = moment.with_timezone(&FixedOffset::east_opt(minutes * 60).unwrap());
    let format = case.pick(&[
        SecondsFormat::AutoSi,
        SecondsFormat::Millis,
        SecondsFormat::Micros,
        SecondsFormat::Nanos,
    ]);
    let mut text = zoned.to_rfc3339_opts(format, case.once_in(2));
    if case.once_in(5) {
        text.make_ascii_lowercase();
    }
    (moment, text)
}

/// A text that looks like a time and may be one.
pub(super) fn doubtful(case: &mut Case<'_>) -> String {
    let (_, mut text) = written(case);
    for _ in 0..case.random.usize(1..4) {
        let characters: Vec<_> = text.chars().collect();
        let at = case.random.usize(..characters.len().max(1));
        let part = if case.once_in(2) {
            case.text(2)
        } else {
            case.random.u32(..100).to_string()
        };
        let before: String = characters.iter().take(at).collect();
        let after: String = characters.iter().skip(at + case.random.usize(..3)).collect();
        text = format!("{before}{part}{after}");
    }
    text
}

pub(super) async fn run(case: &mut Case<'_>) -> Checked {
    let times: Vec<_> = (0..20).map(|_| written(case)).collect();
    let bad = doubtful(case);
    let mut records: Vec<_> = (1_u64..)
        .zip(&times)
        .map(|(id, (_, text))| json!({"id": id, "created_at": text, "updated_at": text}))
        .collect();
    records.push(json!({"id": 21, "created_at": bad}));
    let body = json!({"satisfaction_ratings": records, "meta": {"has_more": false}}).to_string();
    case.service.answer(move |_| Answer::json(body.clone()));
    let client = case.client(0);
    let page = client.satisfaction_ratings().list().send().await;
    let page = page.map_err(|error| format!("the page is lost: {error}, for {bad:?}"))?;
    check_malformed(&page.malformed)?;
    for malformed in &page.malformed {
        let (moment, text) = times.get(malformed.index()).cloned().unwrap_or_default();
        check(malformed.index() == 20, || {
            format!("{malformed}: {moment} as {text:?}")
        })?;
    }
    for ((moment, text), rating) in times.iter().zip(&page.items) {
        check(
            rating.created_at == Some(*moment) && rating.updated_at == Some(*moment),
            || format!("{text:?} is {:?} in place of {moment}", rating.created_at),
        )?;
    }
    if let Some(doubtful) = page.items.get(20).and_then(|rating| rating.created_at) {
        // What is taken for a time is one that the text begins to say.
        let shift = TimeDelta::days(2);
        let year = bad.get(..4).and_then(|year| year.parse::<i32>().ok());
        let near =
            year.is_some_and(|year| (doubtful - shift).year() <= year && year <= (doubtful + shift).year());
        check(near, || format!("{bad:?} is {doubtful}"))?;
    }
    Ok(())
}
