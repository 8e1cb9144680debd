//! The reasons of ratings, by their ids.

use std::borrow::Cow;

use serde::Deserialize;

use super::ReportError;
use super::query::Labels;
use super::tally::Grouping;

#[derive(Deserialize)]
struct Reason<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    label: Option<Cow<'a, str>>,
}

fn parsed(list: &str) -> Result<Vec<Reason<'_>>, ReportError> {
    serde_json::from_str(list).map_err(|error| ReportError::Column {
        column: "reasons",
        found: format!("what is no list of reasons: {error}"),
    })
}

/// Takes a grouping by lists of reasons, as the table has them, apart into one by the ids of reasons. An empty list counts
/// as no reason.
pub(crate) fn apart(grouping: &mut Grouping, labels: &mut Labels) -> Result<(), ReportError> {
    let mut lists = std::mem::replace(grouping, Grouping::new(grouping.dimension.clone())).into_groups();
    // Which of two labels is seen first shall not hang on the order of a map.
    lists.texts.sort_by(|left, right| left.0.cmp(&right.0));
    for (list, tally) in &lists.texts {
        let reasons = parsed(list)?;
        if reasons.is_empty() {
            grouping.merge_text(None, tally);
        }
        for reason in reasons {
            grouping.merge_text(Some(&reason.id), tally);
            if let Some(label) = reason.label.filter(|_| !labels.contains_key(&*reason.id)) {
                labels.insert(reason.id.into_owned(), label.into_owned());
            }
        }
    }
    grouping.merge_text(None, &lists.without_key);
    Ok(())
}

/// The reasons of a rating in words; one without a label by its id.
pub(crate) fn in_words(list: &str) -> Result<Option<String>, ReportError> {
    let reasons = parsed(list)?;
    let words: Vec<&str> = reasons
        .iter()
        .map(|reason| match reason.label.as_deref() {
            Some(label) if !label.is_empty() => label,
            _ => reason.id.as_ref(),
        })
        .collect();
    Ok((!words.is_empty()).then(|| words.join(", ")))
}
