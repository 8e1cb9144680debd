//! The reasons of legacy ratings: few, and read anew by every run.

use futures::StreamExt;
use zendesk_csat::types::SatisfactionReason;

use super::run::Run;
use crate::error::HistoryError;
use crate::progress::Step;
use crate::rows::malformed::{self, Malformed};
use crate::rows::reason::{self, Reason};

const TABLE: &str = "reasons";

pub(super) async fn read(run: &Run<'_>) -> Result<(), HistoryError> {
    run.started(Step::Reasons);
    let read = read_pages(run).await;
    run.available(read)?;
    run.finished(Step::Reasons);
    Ok(())
}

async fn read_pages(run: &Run<'_>) -> Result<(), HistoryError> {
    let mut pages = run.client.satisfaction_reasons().list().pages();
    while let Some(page) = pages.next().await {
        let page = page.map_err(|source| HistoryError::Api {
            step: Step::Reasons,
            source,
        })?;
        let reasons: Vec<Reason> = page.items.into_iter().map(Reason::from).collect();
        let malformed: Vec<Malformed> = page.malformed.iter().map(Malformed::from).collect();
        let count = reasons.len();
        run.write(move |transaction, account| {
            reason::store(transaction, account, &reasons)?;
            malformed::forget(
                transaction,
                account,
                TABLE,
                reasons.iter().map(|reason| reason.id.to_string()),
            )?;
            malformed::store(transaction, account, TABLE, &malformed)
        })
        .await?;
        run.advanced(Step::Reasons, count);
    }
    Ok(())
}

impl From<SatisfactionReason> for Reason {
    fn from(reason: SatisfactionReason) -> Self {
        Self {
            id: reason.id.get(),
            reason_code: reason.reason_code.map(|code| code.0),
            value: reason.value,
            deleted_at: reason.deleted_at.map(|time| time.timestamp_millis()),
        }
    }
}
