//! Bringing a history up to date: what is listed, in which order, and what runs at the same time.

mod again;
mod attribution;
mod by_ticket;
mod changed;
mod count;
mod explanation;
mod fields;
mod follow_ups;
mod full;
mod gaps;
mod heard;
mod listing;
mod names;
mod plan;
mod questions;
mod ratings;
mod reason_questions;
mod reasons;
mod run;
mod sample;
mod show_many;
mod since;
mod submissions;
mod summary;
mod survey_responses;
mod ticket_calls;
mod ticket_facts;
mod tickets;
mod tickets_via;
mod via;
mod waits;

use std::time::Duration;

use chrono::DateTime;
use tokio::sync::mpsc::unbounded_channel;
use zendesk_csat::{Client, Locale};

use crate::derived::derive;
use crate::error::HistoryError;
use crate::progress::{Progress, Step};
use crate::store::History;
use run::{Findings, Run};

pub use attribution::AttributeBy;
pub use explanation::{Category, Explained};
pub use fields::{TicketField, TicketFieldError};
pub use gaps::{Gap, GapKind};
pub use plan::Plan;
pub use reason_questions::ReasonQuestions;
pub use since::Since;
pub use summary::{Reconciliation, Rows, SyncSummary, Unavailable};
pub use tickets_via::{Because, TicketsChoice, TicketsVia};
pub use via::Via;

/// What to sync; everything by default.
#[derive(Debug, Clone)]
pub struct SyncOptions {
    /// From when on the history has rows. What is in it already stays and is kept up to date.
    pub since: Since,
    /// Reads everything anew, as into a new file: the account's part of the history is replaced when all of it has come, and
    /// stays as it is where something is refused.
    pub full: bool,
    /// The locale in which the texts of questions and options are read. A history remembers it; a new one takes `en-us`, which
    /// not every help center has.
    pub locale: Option<Locale>,
    /// Which closed questions ask for reasons, where a survey has several. A history remembers it.
    pub reason_questions: ReasonQuestions,
    /// Custom fields of tickets to read, with the names that they are to have. A history remembers them, and adds these to those
    /// that it has; a field that has a name gets this one. Where one is new, all tickets are read again.
    pub fields: Vec<TicketField>,
    /// How to read the answers to surveys.
    pub via: Via,
    /// Where the assignee and the group of an answer come from.
    pub attribution: AttributeBy,
    /// How to read the tickets that rows are about. With [`Via::Audits`] it is always the export.
    pub tickets: TicketsVia,
    /// Whether to read the names of customers too. They are personal data, and one call brings a hundred of them; the names of
    /// agents, groups, brands, organizations and ticket forms are read always.
    pub requesters: bool,
    /// How long trouble that passes, such as a lost connection or a service that answers 503, may last without a single
    /// success before it ends the sync; it begins with the first. Ten minutes by default.
    pub patience: Duration,
}

impl Default for SyncOptions {
    fn default() -> Self {
        Self {
            since: Since::default(),
            full: false,
            locale: None,
            reason_questions: ReasonQuestions::default(),
            fields: Vec::new(),
            via: Via::default(),
            attribution: AttributeBy::default(),
            tickets: TicketsVia::default(),
            requesters: false,
            patience: Duration::from_secs(10 * 60),
        }
    }
}

impl History {
    /// Brings the account's part of the history up to date, in as few calls as the API allows.
    ///
    /// Everything is listed; nothing is asked for ticket by ticket. Tickets are exported, or shown by their ids a hundred at a
    /// time, whichever takes fewer calls: see [`TicketsVia`].
    ///
    /// A later sync reads what is new, and what can have changed: survey responses that had not expired when they were
    /// read last, and legacy ratings whose ticket shows something else by now.
    ///
    /// Pages are stored together with the place where the next one begins. A sync that ends early, however it
    /// ends, loses at most the few pages that came last: the next one goes on from there.
    ///
    /// A part of the API that the account or the credentials do not have is left out and named in the summary. A record that
    /// cannot be read, or that the service fails at, is named and asked for again by later syncs; the others go on. What
    /// is missing then, [`History::gaps`] tells.
    ///
    /// Must run on a Tokio runtime.
    ///
    /// # Errors
    /// Another sync is writing to the file, the service refuses or cannot be reached, or the file cannot be written.
    pub async fn sync(
        &mut self,
        client: &Client,
        options: SyncOptions,
        progress: &mut dyn Progress,
    ) -> Result<SyncSummary, HistoryError> {
        if options.full {
            return self.sync_in_full(client, options, progress).await;
        }
        let calls_before = client.call_counts();
        let (sender, begun) = unbounded_channel();
        // Nobody is left to tell once the sync has ended.
        let client = &client.clone().on_wait(move |wait| {
            let _ = sender.send(*wait);
        });
        let run = Run::begin(self, client, &options, progress).await?;
        let first = run.is_first(options.via)?;
        if let Some(calls) = run.tickets_again()? {
            run.reads_tickets_again(calls);
        }
        let tickets = waits::told(begun, |wait| run.waiting(wait), read(&run, &options)).await;
        // Also where not all of it came: what did is in the table.
        let derived = run.write(derive).await;
        let tickets = tickets?;
        derived?;
        let calls = client.call_counts() - calls_before;
        run.note(options.via, first, calls).await?;
        self.checkpoint()?;
        let since = run.since.and_then(DateTime::from_timestamp_millis);
        let Findings {
            rows,
            unavailable,
            joins,
        } = run.end()?;
        Ok(SyncSummary {
            subdomain: client.subdomain().to_owned(),
            since,
            rows,
            tickets,
            calls,
            reconciliation: Reconciliation::of(self, client.subdomain())?,
            unavailable,
            joins,
            kept: false,
        })
    }
}

/// All steps.
async fn read(run: &Run<'_>, options: &SyncOptions) -> Result<TicketsChoice, HistoryError> {
    // It also tells the service's time, by which the others go.
    reasons::read(run).await?;
    let reached = tickets::reached(run)?;
    let tickets = match options.via {
        Via::Listings => by_listings(run, options.tickets).await?,
        Via::Audits => by_audits(run).await?,
    };
    if options.attribution == AttributeBy::Audit {
        attribution::read(run).await?;
    }
    names::read(run, options.requesters).await?;
    count::compare(run).await?;
    if let Some(source) = run.has_narrowed().await {
        tickets::go_back(run, reached).await?;
        let step = Step::Tickets;
        run.available(Err::<(), _>(HistoryError::Api { step, source }))?;
    }
    Ok(tickets)
}

/// The buckets have limits of their own: what one of them holds up does not hold up the others.
async fn by_listings(run: &Run<'_>, via: TicketsVia) -> Result<TicketsChoice, HistoryError> {
    let surveys = async {
        survey_responses::read(run).await?;
        questions::read(run).await?;
        follow_ups::read(run).await
    };
    let lists = async {
        let lists = futures::join!(ratings::read(run), surveys);
        run.heard.end();
        lists
    };
    let narrowed = run.may_have_narrowed()?;
    let tickets = async {
        if narrowed {
            Ok(None)
        } else {
            ticket_facts::export_when_sure(run, via).await
        }
    };
    let ((listed, surveys), exported) = futures::join!(lists, tickets);
    let listed = listed?;
    surveys?;
    if narrowed && !run.is_given_a_list() {
        return Ok(TicketsChoice::without(via, Because::NarrowRole));
    }
    let choice = match exported? {
        Some(choice) => choice,
        None => ticket_facts::choose(run, via).await?,
    };
    // The tickets tell which ratings have changed, the surveys which of them count.
    if choice.is_show_many() {
        let listed = ratings::read_new(run, listed).await?;
        let shown_to = show_many::read(run).await?;
        changed::read(run, listed, shown_to).await?;
        if shown_to.is_some() {
            show_many::read_unknown(run).await?;
        }
    } else {
        changed::read(run, listed, None).await?;
        // A survey may have been sent without a change of its ticket, and not every export has shown all.
        show_many::read_unknown(run).await?;
    }
    Ok(choice)
}

/// The tickets tell whose audits to read, these which survey responses to show.
async fn by_audits(run: &Run<'_>) -> Result<TicketsChoice, HistoryError> {
    let surveys = async {
        tickets::read(run).await?;
        by_ticket::read(run).await?;
        follow_ups::read(run).await
    };
    let (listed, surveys) = futures::join!(ratings::read(run), surveys);
    let listed = listed?;
    surveys?;
    changed::read(run, listed, None).await?;
    Ok(TicketsChoice::without(TicketsVia::Export, Because::Audits))
}
