//! The reasons of legacy ratings: few, and read anew by every run.

use futures::stream::BoxStream;
use rusqlite::Transaction;
use zendesk_csat::types::SatisfactionReason;
use zendesk_csat::{Client, Error, Page};

use super::listing::{Listing, PageOf};
use super::run::Run;
use crate::error::HistoryError;
use crate::progress::Step;
use crate::rows::reading::Reading;
use crate::rows::reason;
use crate::rows::walk::Walk;

struct Reasons;

pub(super) async fn read(run: &Run<'_>) -> Result<(), HistoryError> {
    run.available(run.walk::<Reasons>(Walk::default()).await)?;
    Ok(())
}

impl Listing for Reasons {
    const STEP: Step = Step::Reasons;
    const TABLE: &'static str = "reasons";
    const PAGES_AT_ONCE: usize = 1;
    type Item = SatisfactionReason;

    fn pages(
        _run: &Run<'_>,
        client: &Client,
        _walk: &Walk,
    ) -> BoxStream<'static, Result<Page<SatisfactionReason>, Error>> {
        client.satisfaction_reasons().list().pages()
    }

    fn id(row: &SatisfactionReason) -> String {
        row.id.to_string()
    }

    fn store(
        transaction: &Transaction<'_>,
        account: i64,
        _reading: &Reading,
        rows: &[SatisfactionReason],
    ) -> rusqlite::Result<()> {
        reason::store(transaction, account, rows)
    }

    /// Reasons say nothing of the time, and nothing is listed from a time on.
    fn witness(_walk: &mut Walk, _rows: &[SatisfactionReason], _page: PageOf, _reading: &Reading) {}
}
