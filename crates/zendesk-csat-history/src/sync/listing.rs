//! Walking a listing page by page, each stored with the cursor of the next.

use futures::StreamExt;
use futures::stream::BoxStream;
use rusqlite::Transaction;
use zendesk_csat::{Client, Error, ErrorKind, Page};

use super::run::Run;
use crate::error::HistoryError;
use crate::progress::Step;
use crate::rows::malformed::{self, Malformed};
use crate::rows::walk::{self, Walk};

/// A listing of the service and the table that it fills.
pub(super) trait Listing {
    const STEP: Step;
    const TABLE: &'static str;
    /// A record of the service.
    type Item: Send + 'static;
    /// A record of the table.
    type Row: Send + 'static;

    /// The pages of the walk, from its cursor on.
    fn pages(client: &Client, walk: &Walk) -> BoxStream<'static, Result<Page<Self::Item>, Error>>;

    fn row(item: Self::Item) -> Self::Row;

    /// The row's id, as text.
    fn id(row: &Self::Row) -> String;

    fn store(transaction: &Transaction<'_>, account: i64, rows: &[Self::Row]) -> rusqlite::Result<()>;

    /// Moves the walk's horizon by what the rows of a page say of the service's clock.
    fn witness(walk: &mut Walk, rows: &[Self::Row], page: PageOf);

    /// Brings a walk whose cursor no longer serves to where it can begin again.
    fn restart(walk: &mut Walk) {
        walk.cursor = None;
    }
}

/// Which page of a walk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PageOf {
    /// The first that has rows, of a walk that began in this run.
    Beginning,
    Rest,
}

impl Run<'_> {
    /// How far the listing was walked.
    pub(super) fn walked<L: Listing>(&self) -> Result<Option<Walk>, HistoryError> {
        self.history
            .read(|connection| walk::load(connection, self.account, L::TABLE))
    }

    /// Walks the listing to its end.
    pub(super) async fn walk<L: Listing>(&self, mut walk: Walk) -> Result<(), HistoryError> {
        self.started(L::STEP);
        let mut pages = L::pages(self.client, &walk);
        let mut next = pages.next().await;
        if walk.cursor.is_some() && next.as_ref().is_some_and(cursor_is_refused) {
            L::restart(&mut walk);
            pages = L::pages(self.client, &walk);
            next = pages.next().await;
        }
        let mut position = if walk.cursor.is_none() {
            PageOf::Beginning
        } else {
            PageOf::Rest
        };
        while let Some(page) = next {
            let page = match page {
                Ok(page) => page,
                Err(error) => return Err(self.broken_off::<L>(walk, error).await?),
            };
            let rows: Vec<L::Row> = page.items.into_iter().map(L::row).collect();
            if !rows.is_empty() {
                L::witness(&mut walk, &rows, position);
                position = PageOf::Rest;
            }
            walk.finished = !page.has_more;
            walk.cursor = page.cursor;
            let malformed = page.malformed.iter().map(Malformed::from).collect();
            let count = rows.len();
            let write = self.store::<L>(rows, malformed, walk.clone());
            let (written, following) = futures::join!(write, pages.next());
            written?;
            self.advanced(L::STEP, count);
            next = following;
        }
        self.finished(L::STEP);
        Ok(())
    }

    /// Rows and cursor in one transaction: what the cursor has passed is in the table.
    async fn store<L: Listing>(
        &self,
        rows: Vec<L::Row>,
        malformed: Vec<Malformed>,
        walk: Walk,
    ) -> Result<(), HistoryError> {
        self.write(move |transaction, account| {
            L::store(transaction, account, &rows)?;
            malformed::forget(transaction, account, L::TABLE, rows.iter().map(L::id))?;
            malformed::store(transaction, account, L::TABLE, &malformed)?;
            walk::store(transaction, account, L::TABLE, &walk)
        })
        .await
    }

    /// A cursor that leads nowhere would do so again: the next run begins the walk anew.
    async fn broken_off<L: Listing>(
        &self,
        mut walk: Walk,
        error: Error,
    ) -> Result<HistoryError, HistoryError> {
        if error.kind() == ErrorKind::Pagination {
            L::restart(&mut walk);
            self.store::<L>(Vec::new(), Vec::new(), walk).await?;
        }
        Ok(HistoryError::Api {
            step: L::STEP,
            source: error,
        })
    }
}

/// Cursors expire, and the service says so in more than one way.
fn cursor_is_refused<T>(page: &Result<T, Error>) -> bool {
    page.as_ref()
        .is_err_and(|error| matches!(error.status(), Some(400 | 404 | 410 | 422)))
}

impl From<&zendesk_csat::Malformed> for Malformed {
    fn from(record: &zendesk_csat::Malformed) -> Self {
        Self {
            path: record.path().to_owned(),
            message: record.message().to_owned(),
            raw: record.raw().to_owned(),
        }
    }
}
