//! What `sync` and `plan` take.

use super::{HistoryFile, Output};
use crate::connection::Connection;
use crate::time;
use clap::{Args, ValueEnum};
use std::time::Duration;
use zendesk_csat::Locale;
use zendesk_csat_history::{AttributeBy, ReasonQuestions, Since, SyncOptions, TicketField, TicketsVia};

#[derive(Debug, Args)]
pub(crate) struct Sync {
    #[command(flatten)]
    pub(crate) history: HistoryFile,
    #[command(flatten)]
    pub(crate) what: What,
    /// Read everything anew, as into a new file; what is there stays until all of it has come
    #[arg(long)]
    pub(crate) full: bool,
    /// List by id what the summary counts apart: without a ticket, deleted, forbidden, malformed, …
    #[arg(long)]
    pub(crate) explain: bool,
    /// Print one JSON object a line for each event: started, progress, waiting, finished, failed
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) connection: Connection,
}

#[derive(Debug, Args)]
pub(crate) struct Plan {
    #[command(flatten)]
    pub(crate) history: HistoryFile,
    #[command(flatten)]
    pub(crate) what: What,
    #[command(flatten)]
    pub(crate) output: Output,
    #[command(flatten)]
    pub(crate) connection: Connection,
}

/// What to sync.
#[derive(Debug, Args)]
pub(crate) struct What {
    /// Only what was sent then or later: 2026-03-01, 2026-03, 90d, last-month, or a time with its zone; all reads everything. As before where not said, so
    /// that it only has to be said once
    #[arg(long, value_name = "TIME", value_parser = time::since_or_all)]
    pub(crate) since: Option<Since>,
    /// The locale in which the texts of questions and options are read; as before where not said, en-us at first
    #[arg(long)]
    pub(crate) locale: Option<Locale>,
    /// The closed question whose answers are reasons, by id or alias, where a survey has several; repeat it for several surveys. `auto`,
    /// as at first, takes what is asked after a rating that is not good. As before where not said
    #[arg(long, value_name = "QUESTION")]
    pub(crate) reason_question: Vec<String>,
    /// A custom field of tickets to read, by its id, and the name that it is to have in tables and reports: 360001=plan. Repeat it for
    /// several. The history remembers it; all tickets are read again where a field is new
    #[arg(long, value_name = "ID=NAME")]
    pub(crate) field: Vec<TicketField>,
    /// Where the agent and the group of a survey's answer come from: the ticket as it is, or its audits as it was then, at
    /// a call for each answered ticket
    #[arg(long, value_enum, default_value_t = Attribution::Ticket)]
    pub(crate) attribution: Attribution,
    /// How to read surveys: by listing all of them, or, where that is not allowed, by the audits of each ticket, which
    /// takes many times the calls and finds answers only
    #[arg(long, value_enum, default_value_t = Via::Listings)]
    pub(crate) via: Via,
    /// How long trouble that passes, such as a lost connection or a service that answers 503, may last without a single
    /// success before the sync ends: 10m, 90s, 2h, or 0
    #[arg(long, value_name = "TIME", default_value = "10m", value_parser = time::duration)]
    pub(crate) patience: Duration,
    /// How to read tickets: by the export of all that have changed, or by the ids of those that have rows; auto takes
    /// the way of fewer calls
    #[arg(long, value_enum, default_value_t = Tickets::Auto)]
    pub(crate) tickets: Tickets,
    /// Read the names of customers too, a hundred a call. They are personal data; those of agents, groups, brands,
    /// organizations and ticket forms are read always
    #[arg(long)]
    pub(crate) requesters: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Attribution {
    Ticket,
    Audit,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Via {
    Listings,
    Audits,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Tickets {
    Auto,
    Export,
    ShowMany,
}

impl From<What> for SyncOptions {
    fn from(what: What) -> Self {
        Self {
            since: what.since.unwrap_or_default(),
            full: false,
            locale: what.locale,
            reason_questions: ReasonQuestions::from_names(what.reason_question),
            fields: what.field,
            via: match what.via {
                Via::Listings => zendesk_csat_history::Via::Listings,
                Via::Audits => zendesk_csat_history::Via::Audits,
            },
            patience: what.patience,
            requesters: what.requesters,
            attribution: match what.attribution {
                Attribution::Ticket => AttributeBy::Ticket,
                Attribution::Audit => AttributeBy::Audit,
            },
            tickets: match what.tickets {
                Tickets::Auto => TicketsVia::Auto,
                Tickets::Export => TicketsVia::Export,
                Tickets::ShowMany => TicketsVia::ShowMany,
            },
        }
    }
}
