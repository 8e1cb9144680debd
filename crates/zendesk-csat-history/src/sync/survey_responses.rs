//! Survey responses with their answers, newest first. Each run reads again all that could still change when it was
//! read last.

use chrono::DateTime;
use futures::stream::BoxStream;
use rusqlite::{Connection, Transaction};
use zendesk_csat::types::{SurveyResponse, SurveyResponseSort};
use zendesk_csat::{Client, Error, Page};

use super::listing::{Listing, PageOf};
use super::run::Run;
use super::tickets::Tickets;
use crate::error::HistoryError;
use crate::progress::Step;
use crate::rows::reading::Reading;
use crate::rows::walk::Walk;
use crate::rows::{account, survey_response};

pub(super) const PAGE_SIZE: u32 = 50;

/// What is listed again beyond the time for which a survey can be answered, in milliseconds: the service's clocks may differ
/// a little.
const OVERLAP: i64 = 3_600_000;

struct SurveyResponses;

/// How far back a walk lists again what can have changed since the last one, in milliseconds.
pub(super) fn lookback(connection: &Connection, account: i64) -> rusqlite::Result<i64> {
    Ok(account::answer_period(connection, account)?.saturating_add(OVERLAP))
}

pub(super) async fn read(run: &Run<'_>) -> Result<(), HistoryError> {
    loop {
        let lookback = run.history.read(|connection| lookback(connection, run.account))?;
        // A rating copies the answer to a survey that was sent up to so long before it.
        let since = run.since.map(|since| since.saturating_sub(lookback));
        let mut walk = Walk::next(run.walked::<SurveyResponses>()?, since, lookback);
        let (resumed, whole) = (walk.cursor.is_some(), walk.start_at.is_none());
        if !resumed {
            // Whatever a ticket export has seen lies before the walk that begins now.
            let exported = run.walked::<Tickets>()?.and_then(|tickets| tickets.horizon);
            walk.horizon = walk.horizon.max(exported);
        }
        let available = run.available(run.walk::<SurveyResponses>(walk).await)?.is_some();
        let known = run
            .history
            .read(|connection| self::lookback(connection, run.account))?;
        // What an interrupted run has read may have changed since; and surveys may stay open for longer than was known.
        let further = resumed || (known > lookback && !whole);
        if !(further && available) {
            return Ok(());
        }
    }
}

impl Listing for SurveyResponses {
    const STEP: Step = Step::SurveyResponses;
    const TABLE: &'static str = "survey_responses";
    const PAGES_AT_ONCE: usize = 20;
    type Item = SurveyResponse;

    fn pages(
        _run: &Run<'_>,
        client: &Client,
        walk: &Walk,
    ) -> BoxStream<'static, Result<Page<SurveyResponse>, Error>> {
        let mut list = client
            .survey_responses()
            .list()
            .page_size(PAGE_SIZE)
            .sort(SurveyResponseSort::IdDescending);
        if let Some(start) = walk.start_at.and_then(DateTime::from_timestamp_millis) {
            list = list.created_at_start(start);
        }
        if let Some(cursor) = &walk.cursor {
            list = list.after(cursor.clone());
        }
        list.pages()
    }

    fn id(row: &SurveyResponse) -> String {
        row.id.to_string()
    }

    fn store(
        transaction: &Transaction<'_>,
        account: i64,
        reading: &Reading,
        rows: &[SurveyResponse],
    ) -> rusqlite::Result<()> {
        survey_response::store(transaction, account, reading, rows)
    }

    fn doubtful(row: &SurveyResponse, reading: &Reading) -> Option<&'static str> {
        survey_response::doubtful(row, reading)
    }

    /// The newest response of the first page was there when the walk began: what could change after that moment can
    /// have changed after it was read.
    fn witness(walk: &mut Walk, rows: &[SurveyResponse], page: PageOf, reading: &Reading) {
        if page == PageOf::Beginning {
            let sent = rows.iter().map(survey_response::sent_at);
            walk.horizon = walk
                .horizon
                .max(sent.filter_map(|sent| reading.believed(sent)).max());
        }
    }
}
