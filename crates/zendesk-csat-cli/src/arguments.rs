//! The command line.

use crate::connection::Connection;
use crate::exit::exit_code;
use crate::time;
use chrono::{DateTime, Utc};
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use std::path::PathBuf;
use zendesk_csat_history::report::Dimension;

/// Every CSAT rating of a Zendesk account, from both of Zendesk's CSAT systems.
///
/// Credentials come from the environment: ZENDESK_OAUTH_TOKEN, or ZENDESK_EMAIL and ZENDESK_API_TOKEN.
#[derive(Debug, Parser)]
#[command(name = "zendesk-csat", version, after_help = exit_code::HELP)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Try it all on an offline account: sync, report, report.html
    #[command(after_help = "Example: zendesk-csat demo --tickets 2000")]
    Demo(Demo),
    /// Bring the history up to date with the account
    #[command(after_help = "Example: zendesk-csat sync --subdomain acme --since 2026-01-01")]
    Sync(Sync),
    /// Report the scores that are in the history
    #[command(after_help = "Example: zendesk-csat report --by week --by agent --html report.html")]
    Report(Report),
    /// Legacy satisfaction ratings
    #[command(subcommand)]
    Ratings(Ratings),
    /// Survey responses
    #[command(subcommand)]
    Responses(Responses),
    /// Serve an offline Zendesk account until interrupted
    #[command(after_help = "Example: zendesk-csat emulator --port 4000 --seed 7 --tickets 10000")]
    Emulator(Emulator),
    /// Print a completion script for a shell
    #[command(after_help = "Example: zendesk-csat completions bash > /etc/bash_completion.d/zendesk-csat")]
    Completions {
        /// The shell
        shell: Shell,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Which account: the same seed and size make the same one
    #[arg(long, default_value_t = 7)]
    pub(crate) seed: u64,
    /// How many tickets the account has
    #[arg(long, default_value_t = 10_000)]
    pub(crate) tickets: u32,
    /// Where to write the report as a page
    #[arg(long, value_name = "FILE", default_value = "report.html")]
    pub(crate) html: PathBuf,
}

/// The file that holds the history.
#[derive(Debug, Args)]
pub(crate) struct HistoryFile {
    /// The file that holds the history
    #[arg(
        long = "history",
        value_name = "FILE",
        default_value = "csat.db",
        env = "ZENDESK_CSAT_HISTORY"
    )]
    pub(crate) path: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Sync {
    #[command(flatten)]
    pub(crate) history: HistoryFile,
    /// Only what was sent then or later: a day, or a time with its zone
    #[arg(long, value_name = "TIME", value_parser = time::parse)]
    pub(crate) since: Option<DateTime<Utc>>,
    /// Print the summary as JSON
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) connection: Connection,
}

#[derive(Debug, Args)]
pub(crate) struct Report {
    #[command(flatten)]
    pub(crate) history: HistoryFile,
    /// Only this account of the file
    #[arg(long, value_name = "NAME")]
    pub(crate) subdomain: Option<String>,
    /// Only what was sent then or later: a day, or a time with its zone
    #[arg(long, value_name = "TIME", value_parser = time::parse)]
    pub(crate) since: Option<DateTime<Utc>>,
    /// Only what was sent before then
    #[arg(long, value_name = "TIME", value_parser = time::parse)]
    pub(crate) until: Option<DateTime<Utc>>,
    /// What to group by, as often as wanted: day, week, month, agent, group, reason, …
    #[arg(long, value_name = "DIMENSION")]
    pub(crate) by: Vec<Dimension>,
    /// Print the report as JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Write the report as a page, too
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Ratings {
    /// List ratings, oldest first
    #[command(after_help = "Example: zendesk-csat ratings list --score bad_with_comment --limit 20")]
    List(ListRatings),
}

#[derive(Debug, Args)]
pub(crate) struct ListRatings {
    /// Only ratings of this score, such as bad, good or received_with_comment
    #[arg(long)]
    pub(crate) score: Option<String>,
    /// Only ratings created then or later: a day, or a time with its zone
    #[arg(long, value_name = "TIME", value_parser = time::parse)]
    pub(crate) start_time: Option<DateTime<Utc>>,
    /// Only ratings created then or before
    #[arg(long, value_name = "TIME", value_parser = time::parse)]
    pub(crate) end_time: Option<DateTime<Utc>>,
    #[command(flatten)]
    pub(crate) listing: Listing,
    #[command(flatten)]
    pub(crate) connection: Connection,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Responses {
    /// List survey responses, newest first
    #[command(after_help = "Example: zendesk-csat responses list --subject-zrns zen:ticket:7,zen:ticket:8")]
    List(ListResponses),
}

#[derive(Debug, Args)]
pub(crate) struct ListResponses {
    /// Only responses of these users
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub(crate) responder_ids: Vec<i64>,
    /// Only responses about these subjects, such as zen:ticket:7
    #[arg(long, value_name = "ZRN", value_delimiter = ',')]
    pub(crate) subject_zrns: Vec<String>,
    /// Only surveys sent then or later: a day, or a time with its zone
    #[arg(long, value_name = "TIME", value_parser = time::parse)]
    pub(crate) created_at_start: Option<DateTime<Utc>>,
    /// Only surveys sent then or before
    #[arg(long, value_name = "TIME", value_parser = time::parse)]
    pub(crate) created_at_end: Option<DateTime<Utc>>,
    /// Oldest or newest first
    #[arg(long, value_enum, default_value_t = Order::Newest)]
    pub(crate) sort: Order,
    #[command(flatten)]
    pub(crate) listing: Listing,
    #[command(flatten)]
    pub(crate) connection: Connection,
}

/// How a listing is read and printed.
#[derive(Debug, Args)]
pub(crate) struct Listing {
    /// Records a call; the most that the endpoint gives where not said
    #[arg(long, value_name = "N")]
    pub(crate) page_size: Option<u32>,
    /// Stop after this many records
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<usize>,
    /// Print one JSON object a line, as the API sends it
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Order {
    Oldest,
    Newest,
}

#[derive(Debug, Args)]
pub(crate) struct Emulator {
    /// The port on 127.0.0.1; 0 takes any that is free
    #[arg(long, default_value_t = 0)]
    pub(crate) port: u16,
    /// Which account: the same seed and size make the same one
    #[arg(long, default_value_t = 7)]
    pub(crate) seed: u64,
    /// How many tickets the account has
    #[arg(long, default_value_t = 10_000)]
    pub(crate) tickets: u32,
    /// How many seconds pass in the account for each real one
    #[arg(long, value_name = "SPEED", default_value_t = 1.0)]
    pub(crate) clock: f64,
}
