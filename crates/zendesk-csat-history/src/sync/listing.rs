//! Walking a listing page by page, those that come together stored in one transaction with the cursor of the next.

use std::time::Duration;

use chrono::{DateTime, Utc};
use futures::stream::{self, BoxStream};
use futures::{Stream, StreamExt};
use rusqlite::Transaction;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tracing::Instrument;
use zendesk_csat::{Client, Error, Page};

use super::again;
use super::run::Run;
use crate::error::HistoryError;
use crate::progress::Step;
use crate::rows::inaccessible;
use crate::rows::malformed::{self, Malformed, Name, PageKey};
use crate::rows::reading::Reading;
use crate::rows::walk::{self, Walk};

/// How long a page waits for others. From the service itself a page takes longer, so that each is stored at once.
const MOMENT: Duration = Duration::from_millis(10);

/// A listing of the service and the table that it fills.
pub(super) trait Listing {
    const STEP: Step;
    const TABLE: &'static str;
    /// How many pages one transaction takes at most.
    const PAGES_AT_ONCE: usize;
    type Item: Send + 'static;

    /// The pages of the walk, from its cursor on.
    fn pages(
        run: &Run<'_>,
        client: &Client,
        walk: &Walk,
    ) -> BoxStream<'static, Result<Page<Self::Item>, Error>>;

    /// The record's id, as text.
    fn id(row: &Self::Item) -> String;

    fn store(
        transaction: &Transaction<'_>,
        account: i64,
        reading: &Reading,
        rows: &[Self::Item],
    ) -> rusqlite::Result<()>;

    /// The property of a row with a time that cannot be.
    fn doubtful(_row: &Self::Item, _reading: &Reading) -> Option<&'static str> {
        None
    }

    /// Moves the walk's horizon by what the rows of a page say of the service's clock, as far as that can be believed.
    fn witness(walk: &mut Walk, rows: &[Self::Item], page: PageOf, reading: &Reading);

    /// Makes a walk one that the service takes, at this time of its clock.
    fn prepare(_walk: &mut Walk, _now: DateTime<Utc>) {}

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

    /// Walks the listing to its end. Pages come on while others are being stored.
    pub(super) async fn walk<L: Listing>(&self, mut walk: Walk) -> Result<(), HistoryError> {
        self.started(L::STEP);
        let now = self.service_time().unwrap_or_else(Utc::now);
        if walk.cursor.as_deref().is_some_and(is_by_number) {
            // Records may have come before it since.
            L::restart(&mut walk);
        }
        L::prepare(&mut walk, now);
        let mut pages = L::pages(self, &self.patient, &walk);
        let mut first = pages.next().await;
        if walk.cursor.is_some() && first.as_ref().is_some_and(cursor_is_refused) {
            L::restart(&mut walk);
            L::prepare(&mut walk, now);
            pages = L::pages(self, &self.patient, &walk);
            first = pages.next().await;
        }
        let (sender, waiting) = mpsc::channel(1);
        let pages = stream::iter(first).chain(pages).fuse();
        // A task of its own takes the pages as they come, so that this one wakes for many at a time.
        let mut gathering = JoinSet::new();
        gathering.spawn(gather(pages, L::PAGES_AT_ONCE, sender).in_current_span());
        self.store_as_they_come::<L>(waiting, walk).await?;
        if let Some(Err(stopped)) = gathering.join_next().await {
            return Err(self.history.stopped(stopped));
        }
        again::read::<L>(self).await?;
        self.finished(L::STEP);
        Ok(())
    }

    /// Pages that come close upon each other go into one transaction; none waits for long.
    async fn store_as_they_come<L: Listing>(
        &self,
        mut waiting: Waiting<L>,
        mut walk: Walk,
    ) -> Result<(), HistoryError> {
        let mut position = if walk.cursor.is_none() {
            PageOf::Beginning
        } else {
            PageOf::Rest
        };
        while let Some(pages) = waiting.recv().await {
            let (mut rows, mut looks) = (Vec::new(), Vec::new());
            let (mut failed, mut read_by) = (None, None);
            for page in pages {
                let mut page = match page {
                    Ok(page) => page,
                    Err(source) => {
                        failed = Some(source);
                        break;
                    }
                };
                self.was_given(L::STEP);
                let reading = self.reading(&page.meta);
                if !page.items.is_empty() {
                    L::witness(&mut walk, &page.items, position, &reading);
                    position = PageOf::Rest;
                }
                let key = PageKey {
                    start_at: walk.start_at,
                    cursor: walk.cursor.clone(),
                };
                walk.finished = !page.has_more;
                // More without a way to it is an error that comes next: the following run asks for this page again.
                if page.cursor.is_some() || walk.finished {
                    walk.cursor = page.cursor.take();
                }
                looks.push(Look::new::<L>(key, &page, 0, &reading));
                rows.append(&mut page.items);
                read_by = Some(reading);
            }
            let counts: Vec<_> = looks.iter().map(|look| look.read).collect();
            if let Some(reading) = read_by {
                self.store::<L>(reading, rows, looks, Some(walk.clone())).await?;
            }
            for count in counts {
                self.advanced(L::STEP, count);
            }
            if let Some(source) = failed {
                return Err(HistoryError::Api {
                    step: L::STEP,
                    source,
                });
            }
        }
        Ok(())
    }

    /// Rows and cursor in one transaction: what the cursor has passed is in the table.
    pub(super) async fn store<L: Listing>(
        &self,
        reading: Reading,
        rows: Vec<L::Item>,
        looks: Vec<Look>,
        walk: Option<Walk>,
    ) -> Result<(), HistoryError> {
        self.write(move |transaction, account| {
            L::store(transaction, account, &reading, &rows)?;
            inaccessible::forget_if_any(transaction, account, L::TABLE, rows.iter().map(L::id))?;
            let mut rest = rows.as_slice();
            for look in &looks {
                let (read, further) = rest.split_at(look.read.min(rest.len()));
                let believed = read.iter().map(L::id).filter(|id| !look.holds(id));
                malformed::forget(transaction, account, L::TABLE, believed)?;
                look.store(transaction, account, L::TABLE)?;
                rest = further;
            }
            walk.map_or(Ok(()), |walk| walk::store(transaction, account, L::TABLE, &walk))
        })
        .await
    }
}

/// The pages that have come and are not stored.
type Waiting<L> = mpsc::Receiver<Vec<Result<Page<<L as Listing>::Item>, Error>>>;

/// Sends the pages on: each with those that come in the moment after it, `most` at the utmost.
async fn gather<T>(mut pages: impl Stream<Item = T> + Unpin, most: usize, sender: mpsc::Sender<Vec<T>>) {
    while let Some(page) = pages.next().await {
        let mut together = vec![page];
        let more = async {
            while together.len() < most
                && let Some(page) = pages.next().await
            {
                together.push(page);
            }
        };
        // In time or not: what has come goes on.
        let _ = timeout(MOMENT, more).await;
        if sender.send(together).await.is_err() {
            return;
        }
    }
}

/// What a look at a page has found, but for the rows themselves.
pub(super) struct Look {
    key: PageKey,
    /// How many rows could be read.
    read: usize,
    malformed: Vec<Malformed>,
    /// How often the page was asked for again.
    attempts: u32,
}

impl Look {
    pub(super) fn new<L: Listing>(
        key: PageKey,
        page: &Page<L::Item>,
        attempts: u32,
        reading: &Reading,
    ) -> Self {
        let malformed = page.malformed.iter().map(Malformed::from);
        let doubtful = page.items.iter().filter_map(|row| {
            let property = L::doubtful(row, reading)?;
            Some(Malformed::doubtful(L::id(row), property))
        });
        Self {
            key,
            read: page.items.len(),
            malformed: malformed.chain(doubtful).collect(),
            attempts,
        }
    }

    /// Whether the record of this id is among those that the page is asked for again for.
    fn holds(&self, id: &str) -> bool {
        self.malformed
            .iter()
            .any(|record| matches!(&record.name, Name::Id(name) if name == id))
    }

    fn store(&self, transaction: &Transaction<'_>, account: i64, table: &str) -> rusqlite::Result<()> {
        malformed::store(
            transaction,
            account,
            table,
            &self.key,
            self.attempts,
            &self.malformed,
        )
    }
}

/// Whether the cursor is the number of a page, as of a service that knows no better.
fn is_by_number(cursor: &str) -> bool {
    cursor.starts_with("page=")
}

/// Cursors expire, and the service says so in more than one way.
pub(super) fn cursor_is_refused<T>(page: &Result<T, Error>) -> bool {
    page.as_ref()
        .is_err_and(|error| matches!(error.status(), Some(400 | 404 | 410 | 422)))
}

impl From<&zendesk_csat::Malformed> for Malformed {
    fn from(record: &zendesk_csat::Malformed) -> Self {
        Self {
            name: Name::of(record.raw(), record.index()),
            path: record.path().to_owned(),
            message: record.message().to_owned(),
            raw: record.raw().to_owned(),
            stored: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::block_on;

    #[test]
    fn pages_that_come_together_are_sent_on_together_up_to_the_most() {
        block_on(async {
            let (sender, mut waiting) = mpsc::channel(8);
            gather(stream::iter(1..=5).fuse(), 3, sender).await;
            assert_eq!(waiting.recv().await, Some(vec![1, 2, 3]));
            assert_eq!(waiting.recv().await, Some(vec![4, 5]));
            assert_eq!(waiting.recv().await, None);
        });
    }

    #[test]
    fn a_page_does_not_wait_for_one_that_does_not_come() {
        block_on(async {
            let (sender, mut waiting) = mpsc::channel(8);
            let pages = stream::iter([1]).chain(stream::pending()).fuse();
            tokio::select! {
                () = gather(pages, 3, sender) => panic!("there is more to come"),
                sent = waiting.recv() => assert_eq!(sent, Some(vec![1])),
            }
        });
    }
}
