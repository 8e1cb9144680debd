//! Walking a listing page by page, each stored with the cursor of the next.

use futures::StreamExt;
use futures::stream::BoxStream;
use rusqlite::Transaction;
use zendesk_csat::{Client, Error, Page};

use super::again;
use super::run::Run;
use crate::error::HistoryError;
use crate::progress::Step;
use crate::rows::malformed::{self, Malformed, PageKey};
use crate::rows::walk::{self, Walk};

/// A listing of the service and the table that it fills.
pub(super) trait Listing {
    const STEP: Step;
    const TABLE: &'static str;
    type Item: Send + 'static;

    /// The pages of the walk, from its cursor on.
    fn pages(client: &Client, walk: &Walk) -> BoxStream<'static, Result<Page<Self::Item>, Error>>;

    /// The record's id, as text.
    fn id(row: &Self::Item) -> String;

    fn store(transaction: &Transaction<'_>, account: i64, rows: &[Self::Item]) -> rusqlite::Result<()>;

    /// Moves the walk's horizon by what the rows of a page say of the service's clock.
    fn witness(walk: &mut Walk, rows: &[Self::Item], page: PageOf);

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
            let page = page.map_err(|source| HistoryError::Api {
                step: L::STEP,
                source,
            })?;
            let rows = page.items;
            if !rows.is_empty() {
                L::witness(&mut walk, &rows, position);
                position = PageOf::Rest;
            }
            let key = PageKey {
                start_at: walk.start_at,
                cursor: walk.cursor.clone(),
            };
            walk.finished = !page.has_more;
            // More without a way to it is an error that comes next: the following run asks for this page again.
            if page.cursor.is_some() || walk.finished {
                walk.cursor = page.cursor;
            }
            let count = rows.len();
            let write = self.store::<L>(rows, &page.malformed, key, 0, Some(walk.clone()));
            let (written, following) = futures::join!(write, pages.next());
            written?;
            self.advanced(L::STEP, count);
            next = following;
        }
        again::read::<L>(self).await?;
        self.finished(L::STEP);
        Ok(())
    }

    /// Rows and cursor in one transaction: what the cursor has passed is in the table.
    pub(super) async fn store<L: Listing>(
        &self,
        rows: Vec<L::Item>,
        malformed: &[zendesk_csat::Malformed],
        page: PageKey,
        attempts: u32,
        walk: Option<Walk>,
    ) -> Result<(), HistoryError> {
        let malformed: Vec<Malformed> = malformed.iter().map(Malformed::from).collect();
        self.write(move |transaction, account| {
            L::store(transaction, account, &rows)?;
            malformed::store(transaction, account, L::TABLE, &page, attempts, &malformed)?;
            malformed::forget(transaction, account, L::TABLE, rows.iter().map(L::id))?;
            walk.map_or(Ok(()), |walk| walk::store(transaction, account, L::TABLE, &walk))
        })
        .await
    }
}

/// Cursors expire, and the service says so in more than one way.
pub(super) fn cursor_is_refused<T>(page: &Result<T, Error>) -> bool {
    page.as_ref()
        .is_err_and(|error| matches!(error.status(), Some(400 | 404 | 410 | 422)))
}

impl From<&zendesk_csat::Malformed> for Malformed {
    fn from(record: &zendesk_csat::Malformed) -> Self {
        Self {
            index: record.index(),
            path: record.path().to_owned(),
            message: record.message().to_owned(),
            raw: record.raw().to_owned(),
        }
    }
}
