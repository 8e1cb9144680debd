//! Which question asks for reasons, where a survey has several closed ones: the list of surveys says which follows a rating.

use std::collections::HashMap;

use futures::TryStreamExt;

use super::run::Run;
use crate::error::HistoryError;
use crate::progress::Step;
use crate::rows::follow_up;

/// Asks for the surveys where one is unclear: one call as a rule, and none for later syncs until the survey is changed.
pub(super) async fn read(run: &Run<'_>) -> Result<(), HistoryError> {
    run.available(read_unclear(run).await)?;
    Ok(())
}

async fn read_unclear(run: &Run<'_>) -> Result<(), HistoryError> {
    let unclear = run
        .history
        .read(|connection| follow_up::unclear(connection, run.account))?;
    if unclear.is_empty() {
        return Ok(());
    }
    let mut pages = run.patient.surveys().list().locale(run.locale.as_str()).pages();
    let (mut surveys, mut whole) = (HashMap::new(), true);
    while let Some(page) = pages.try_next().await.map_err(|source| HistoryError::Api {
        step: Step::Questions,
        source,
    })? {
        whole &= page.malformed.is_empty();
        for malformed in &page.malformed {
            tracing::warn!(%malformed, "a survey cannot be read");
        }
        surveys.extend(
            page.items
                .into_iter()
                .map(|survey| (survey.id.to_string(), survey)),
        );
    }
    // One that could not be read is asked for again.
    let listed = unclear.into_iter().filter_map(move |(id, newest)| {
        let survey = surveys.remove(&id);
        (whole || survey.is_some()).then_some((id, newest, survey))
    });
    run.write(move |transaction, account| {
        for (id, newest, survey) in listed {
            follow_up::store(transaction, account, &id, newest, survey.as_ref())?;
        }
        Ok(())
    })
    .await
}
