//! The reasons of ratings, by their ids.

use std::borrow::Cow;

use serde::Deserialize;

use super::ReportError;

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

/// Calls `each` with the id and the label of each of a list of reasons as the table has it.
pub(crate) fn each_reason(
    list: Option<&str>,
    mut each: impl FnMut(&str, Option<&str>),
) -> Result<(), ReportError> {
    if let Some(list) = list {
        for reason in parsed(list)? {
            each(&reason.id, reason.label.as_deref());
        }
    }
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
