//! Legacy ratings, by pages. A rating that changes later is found by way of its ticket.

use chrono::DateTime;
use futures::stream::BoxStream;
use rusqlite::Transaction;
use zendesk_csat::types::SatisfactionRating;
use zendesk_csat::{Client, Error, Page};

use super::listing::{Listing, PageOf};
use super::run::Run;
use crate::error::HistoryError;
use crate::progress::Step;
use crate::rows::reading::Reading;
use crate::rows::walk::Walk;
use crate::rows::{milliseconds, rating};

pub(super) const PAGE_SIZE: u32 = 100;

/// What is listed again of what the last walk has seen, in milliseconds: a record may come into the list after a later one.
pub(super) const OVERLAP: i64 = 3_600_000;

/// What this run has done about the ratings so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Listed {
    /// All of them, from the first page to the last.
    InThisRun,
    /// In earlier runs, at least in part: there may be new ones.
    Earlier,
    /// In earlier runs, and what is new in this one.
    WithNew,
    /// The account has none to list.
    Unavailable,
}

pub(super) struct Ratings;

/// Lists what no walk has come to yet. What came after a finished walk is left to the step that knows what else to list.
pub(super) async fn read(run: &Run<'_>) -> Result<Listed, HistoryError> {
    let walked = run.walked::<Ratings>()?;
    if let Some(walk) = &walked
        && walk.finished
        && walk.reaches(run.since)
    {
        return Ok(Listed::Earlier);
    }
    let walk = Walk::next(walked, run.since, OVERLAP);
    let listed = if walk.cursor.is_none() {
        Listed::InThisRun
    } else {
        Listed::Earlier
    };
    Ok(run
        .available(run.walk::<Ratings>(walk).await)?
        .map_or(Listed::Unavailable, |()| listed))
}

/// Lists what came after a finished walk.
pub(super) async fn read_new(run: &Run<'_>, listed: Listed) -> Result<Listed, HistoryError> {
    if listed != Listed::Earlier {
        return Ok(listed);
    }
    let walk = Walk::next(run.walked::<Ratings>()?, run.since, OVERLAP);
    Ok(run
        .available(run.walk::<Ratings>(walk).await)?
        .map_or(Listed::Unavailable, |()| Listed::WithNew))
}

impl Listing for Ratings {
    const STEP: Step = Step::Ratings;
    const TABLE: &'static str = "ratings";
    const PAGES_AT_ONCE: usize = 10;
    type Item = SatisfactionRating;

    fn pages(
        _run: &Run<'_>,
        client: &Client,
        walk: &Walk,
    ) -> BoxStream<'static, Result<Page<SatisfactionRating>, Error>> {
        let mut list = client.satisfaction_ratings().list().page_size(PAGE_SIZE);
        if let Some(start) = walk.start_at.and_then(DateTime::from_timestamp_millis) {
            list = list.start_time(start);
        }
        if let Some(cursor) = &walk.cursor {
            list = list.after(cursor.clone());
        }
        list.pages()
    }

    fn id(row: &SatisfactionRating) -> String {
        row.id.to_string()
    }

    fn store(
        transaction: &Transaction<'_>,
        account: i64,
        reading: &Reading,
        rows: &[SatisfactionRating],
    ) -> rusqlite::Result<()> {
        rating::store(transaction, account, reading, rows)
    }

    fn doubtful(row: &SatisfactionRating, reading: &Reading) -> Option<&'static str> {
        rating::doubtful(row, reading)
    }

    /// The horizon is the newest rating: what is newer is listed by the next walk.
    fn witness(walk: &mut Walk, rows: &[SatisfactionRating], _page: PageOf, reading: &Reading) {
        let created = rows.iter().map(|row| row.created_at.map(milliseconds));
        walk.horizon = walk
            .horizon
            .max(created.filter_map(|created| reading.believed(created)).max());
    }
}
