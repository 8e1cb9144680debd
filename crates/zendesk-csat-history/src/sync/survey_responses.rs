//! Survey responses with their answers, newest first. Each run reads again all that could still change when it was
//! read last.

use chrono::DateTime;
use futures::stream::BoxStream;
use rusqlite::Transaction;
use zendesk_csat::types::{SurveyResponse, SurveyResponseSort};
use zendesk_csat::{Client, Error, Page};

use super::listing::{Listing, PageOf};
use super::run::Run;
use super::tickets::Tickets;
use crate::error::HistoryError;
use crate::progress::Step;
use crate::rows::survey_response;
use crate::rows::walk::Walk;

pub(super) const PAGE_SIZE: u32 = 50;

/// An answer can be changed for 28 days after the survey was sent; an hour more, since the service's clocks may differ
/// a little. In milliseconds.
pub(super) const REACH_BACK: i64 = 28 * 86_400_000 + 3_600_000;

struct SurveyResponses;

pub(super) async fn read(run: &Run<'_>) -> Result<(), HistoryError> {
    loop {
        let mut walk = Walk::next(run.walked::<SurveyResponses>()?, run.since, REACH_BACK);
        let resumed = walk.cursor.is_some();
        if !resumed {
            // Whatever a ticket export has seen lies before the walk that begins now.
            let exported = run.walked::<Tickets>()?.and_then(|tickets| tickets.horizon);
            walk.horizon = walk.horizon.max(exported);
        }
        let available = run.available(run.walk::<SurveyResponses>(walk).await)?.is_some();
        // What an interrupted run has read may have changed since.
        if !(resumed && available) {
            return Ok(());
        }
    }
}

impl Listing for SurveyResponses {
    const STEP: Step = Step::SurveyResponses;
    const TABLE: &'static str = "survey_responses";
    const PAGES_AT_ONCE: usize = 20;
    type Item = SurveyResponse;

    fn pages(client: &Client, walk: &Walk) -> BoxStream<'static, Result<Page<SurveyResponse>, Error>> {
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

    fn store(transaction: &Transaction<'_>, account: i64, rows: &[SurveyResponse]) -> rusqlite::Result<()> {
        survey_response::store(transaction, account, rows)
    }

    /// The newest response of the first page was there when the walk began: what could change after that moment can
    /// have changed after it was read.
    fn witness(walk: &mut Walk, rows: &[SurveyResponse], page: PageOf) {
        if page == PageOf::Beginning {
            walk.horizon = walk
                .horizon
                .max(rows.iter().filter_map(survey_response::sent_at).max());
        }
    }
}
