//! The command line.

mod filter;
mod names;
mod period;
mod shown;
mod sync;

pub(crate) use filter::Which;
pub(crate) use names::{Brands, Groups, Organizations, TicketForms, Users};
pub(crate) use period::Stretch;
pub(crate) use shown::Shown;
pub(crate) use sync::{Plan, Sync};

use crate::connection::Connection;
use crate::exit::exit_code;
use crate::time;
use chrono::{DateTime, Utc};
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use std::path::PathBuf;
use zendesk_csat_history::export::{Format, Table};
use zendesk_csat_history::report::{CountBasis, DateBasis, Dimension, Like};
use zendesk_csat_history::{Compare, WeekStart, Zone};

/// Every CSAT rating of a Zendesk account, from both of Zendesk's CSAT systems.
///
/// Credentials come from the environment: ZENDESK_OAUTH_CLIENT_ID and ZENDESK_OAUTH_CLIENT_SECRET, or
/// ZENDESK_OAUTH_TOKEN, or ZENDESK_EMAIL and ZENDESK_API_TOKEN.
#[derive(Debug, Parser)]
#[command(name = "zendesk-csat", version, after_help = exit_code::HELP)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// Say more of what went wrong: the call, its status, the request's id, the attempts
    #[arg(long, global = true)]
    pub(crate) verbose: bool,
}

impl Command {
    /// Whether standard output has an event a line, the failure among them.
    pub(crate) fn tells_events(&self) -> bool {
        matches!(self, Self::Sync(Sync { json: true, .. }))
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Try it all on an offline account: sync, report, report.html
    #[command(after_help = "Example: zendesk-csat demo --tickets 2000")]
    Demo(Demo),
    /// Bring the history up to date with the account
    #[command(after_help = "Example: zendesk-csat sync --subdomain acme --since 2026-01-01")]
    Sync(Sync),
    /// Tell what a sync will take, before it runs: calls, and minutes at the account's limits
    #[command(after_help = "Example: zendesk-csat plan --since 2026-01-01")]
    Plan(Plan),
    /// Report the scores that are in the history
    #[command(after_help = REPORT_HELP)]
    Report(Report),
    /// The accounts that the history has: list them, rename one, forget one
    #[command(subcommand)]
    Accounts(Accounts),
    /// Write a table of the history as a workbook for Excel, CSV, JSON lines, Parquet or Arrow
    #[command(after_help = EXPORT_HELP)]
    Export(Export),
    /// Legacy satisfaction ratings
    #[command(subcommand)]
    Ratings(Ratings),
    /// Reasons for bad legacy ratings
    #[command(subcommand)]
    Reasons(Reasons),
    /// Survey responses
    #[command(subcommand)]
    Responses(Responses),
    /// Surveys
    #[command(subcommand)]
    Surveys(Surveys),
    /// Tickets, as far as satisfaction is concerned
    #[command(subcommand)]
    Tickets(Tickets),
    /// The groups of agents
    #[command(subcommand)]
    Groups(Groups),
    /// Agents and other users, and whose credentials are used
    #[command(subcommand)]
    Users(Users),
    /// The brands of the account
    #[command(subcommand)]
    Brands(Brands),
    /// The forms by which tickets are made
    #[command(subcommand)]
    TicketForms(TicketForms),
    /// The organizations that customers belong to
    #[command(subcommand)]
    Organizations(Organizations),
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

const REPORT_HELP: &str = "\
Examples:
  zendesk-csat report --by week --by agent --html report.html
  zendesk-csat report --open
  zendesk-csat report --markdown --fail-if-drop 3
  zendesk-csat report --month 2026-05 --compare year --time-zone Europe/Berlin
  zendesk-csat report --last 28d --by group
  zendesk-csat report --month 2026-05 --brand 'Acme Pro' --without-tag test --by agent
  zendesk-csat report --since 2026-05 --like explore --date rated --week-start sunday

Without a period it is of the last full month beside the one before, by the time of the last sync; --all is everything.";

#[derive(Debug, Args)]
pub(crate) struct Report {
    #[command(flatten)]
    pub(crate) history: HistoryFile,
    /// Only this account of the file
    #[arg(long, value_name = "NAME")]
    pub(crate) subdomain: Option<String>,
    #[command(flatten)]
    pub(crate) period: Stretch,
    /// Everything; where no period is said, the report is of the last full month
    #[arg(long, conflicts_with_all = ["stretch", "since", "until"])]
    pub(crate) all: bool,
    /// What to compare with: previous, the month before a month and so on, as many days before what has no name; year, the
    /// same a year ago; a month or another period (2026-04); or both ends (2026-01-01..2026-01-31)
    #[arg(
        long,
        value_name = "PERIOD",
        default_value = "previous",
        hide_default_value = true
    )]
    pub(crate) compare: Compare,
    /// The zone of days, weeks and months, such as Europe/Berlin
    #[arg(long, value_name = "ZONE", default_value_t = Zone::default())]
    pub(crate) time_zone: Zone,
    /// The first day of a week: monday or sunday
    #[arg(long, value_name = "DAY", default_value_t = WeekStart::Monday)]
    pub(crate) week_start: WeekStart,
    /// The date that ratings go by: sent, when the customer was asked, or rated
    #[arg(long, value_name = "DATE", default_value_t = DateBasis::Sent)]
    pub(crate) date: DateBasis,
    /// What counts once: tickets, each by its latest answer, or answers
    #[arg(long, value_name = "WHAT", default_value_t = CountBasis::Tickets)]
    pub(crate) count: CountBasis,
    /// Count as another tool does: explore, each ticket once, neutral as bad, deleted tickets out
    #[arg(long, value_name = "TOOL", conflicts_with = "count")]
    pub(crate) like: Option<Like>,
    #[arg(long, value_name = "DIMENSION", help = dimensions())]
    pub(crate) by: Vec<Dimension>,
    #[command(flatten)]
    pub(crate) shown: Shown,
    #[command(flatten)]
    pub(crate) which: Which,
}

/// What can follow `--by`.
fn dimensions() -> String {
    let names = Dimension::ALL.map(|dimension| dimension.to_string());
    format!(
        "What to group by, as often as wanted: {}, or a custom field by the name that sync gave it",
        names.join(", ")
    )
}

/// What can follow `--table`.
fn tables() -> String {
    let names = Table::ALL.map(|table| table.as_str());
    format!(
        "The table: {}; csat is every rating of both systems",
        names.join(", ")
    )
}

const EXPORT_HELP: &str = "\
Examples:
  zendesk-csat export csat.parquet
  zendesk-csat export may.xlsx --month 2026-05 --time-zone Europe/Berlin
  zendesk-csat export csat.csv --excel
  zendesk-csat export --table tickets --format jsonl - | jq .subject

A row is of the time at which the customer was asked, or rated without being asked.
In a workbook times are dates, ids are text, tickets are links. In CSV, a text that a spreadsheet would run as a formula
has an apostrophe before it.";

#[derive(Debug, Args)]
pub(crate) struct Export {
    /// The file to write, whole or not at all; - for standard output
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) history: HistoryFile,
    #[arg(long, default_value_t = Table::Csat, help = tables())]
    pub(crate) table: Table,
    /// xlsx, csv, jsonl, parquet or arrow; as the file's suffix tells where not said
    #[arg(long, required_if_eq("file", STANDARD_OUTPUT))]
    pub(crate) format: Option<Format>,
    /// Only this account of the file
    #[arg(long, value_name = "NAME")]
    pub(crate) subdomain: Option<String>,
    #[command(flatten)]
    pub(crate) period: Stretch,
    /// The zone of the period's days, and of the times in a workbook and in CSV with --excel, such as Europe/Berlin; other times are UTC
    #[arg(long, value_name = "ZONE", default_value_t = Zone::default())]
    pub(crate) time_zone: Zone,
    /// The first day of a week: monday or sunday
    #[arg(long, value_name = "DAY", default_value_t = WeekStart::Monday)]
    pub(crate) week_start: WeekStart,
    /// CSV as a spreadsheet reads it: its UTF-8, its dates, and every digit of an id
    #[arg(long)]
    pub(crate) excel: bool,
    /// Print what was written as JSON
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) which: Which,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Accounts {
    /// List the accounts, from when on each has rows, and up to when
    #[command(after_help = "Example: zendesk-csat accounts list")]
    List(ListAccounts),
    /// Give an account the name that its address has now; its syncs go on where they ended
    #[command(after_help = "Example: zendesk-csat accounts rename acme acme-support")]
    Rename(RenameAccount),
    /// Remove an account with all its records from the file
    #[command(after_help = "Example: zendesk-csat accounts forget acme")]
    Forget(ForgetAccount),
}

#[derive(Debug, Args)]
pub(crate) struct ListAccounts {
    #[command(flatten)]
    pub(crate) history: HistoryFile,
    #[command(flatten)]
    pub(crate) output: Output,
}

#[derive(Debug, Args)]
pub(crate) struct RenameAccount {
    /// The account as the file has it
    pub(crate) subdomain: String,
    /// Its new name
    pub(crate) name: String,
    #[command(flatten)]
    pub(crate) history: HistoryFile,
}

#[derive(Debug, Args)]
pub(crate) struct ForgetAccount {
    /// The account
    pub(crate) subdomain: String,
    #[command(flatten)]
    pub(crate) history: HistoryFile,
}

/// The file that stands for standard output.
pub(crate) const STANDARD_OUTPUT: &str = "-";

#[derive(Debug, Subcommand)]
pub(crate) enum Ratings {
    /// List ratings, oldest first
    #[command(after_help = "Example: zendesk-csat ratings list --score bad_with_comment --limit 20")]
    List(ListRatings),
    /// Count ratings; above 100,000 the number is up to a day old
    #[command(after_help = "Example: zendesk-csat ratings count")]
    Count(Count),
    /// Show one rating
    #[command(after_help = "Example: zendesk-csat ratings show 11200000032931")]
    Show(Show),
    /// Rate a ticket, as the end user who requested it
    #[command(after_help = "Example: zendesk-csat ratings create 7 --score bad --comment 'Too slow'")]
    Create(CreateRating),
}

#[derive(Debug, Args)]
pub(crate) struct Count {
    #[command(flatten)]
    pub(crate) output: Output,
    #[command(flatten)]
    pub(crate) connection: Connection,
}

#[derive(Debug, Args)]
pub(crate) struct Show {
    /// The record's id
    pub(crate) id: i64,
    #[command(flatten)]
    pub(crate) output: Output,
    #[command(flatten)]
    pub(crate) connection: Connection,
}

/// How one record is printed.
#[derive(Debug, Args)]
pub(crate) struct Output {
    /// Print JSON, as the API sends it
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct CreateRating {
    /// The ticket
    pub(crate) ticket: i64,
    /// What the customer says
    #[arg(long, value_enum)]
    pub(crate) score: Score,
    /// The customer's words
    #[arg(long)]
    pub(crate) comment: Option<String>,
    /// Why it is bad, by the reason's code
    #[arg(long)]
    pub(crate) reason_code: Option<i64>,
    /// The e-mail address of the end user for whom an admin rates
    #[arg(long, value_name = "EMAIL")]
    pub(crate) on_behalf_of: Option<String>,
    #[command(flatten)]
    pub(crate) output: Output,
    #[command(flatten)]
    pub(crate) connection: Connection,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Score {
    Good,
    Bad,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Reasons {
    /// List the reasons for bad ratings
    #[command(after_help = "Example: zendesk-csat reasons list")]
    List(ListReasons),
    /// Show one reason
    #[command(after_help = "Example: zendesk-csat reasons show 360000001001")]
    Show(Show),
}

#[derive(Debug, Args)]
pub(crate) struct ListReasons {
    #[command(flatten)]
    pub(crate) output: JsonLines,
    #[command(flatten)]
    pub(crate) connection: Connection,
}

#[derive(Debug, Args)]
pub(crate) struct ListRatings {
    /// Only ratings of this score, such as bad, good or received_with_comment
    #[arg(long)]
    pub(crate) score: Option<String>,
    /// Only ratings created then or later: 2026-03-01, 2026-03, 7d, last-month, or a time with its zone
    #[arg(long, value_name = "TIME", value_parser = time::since)]
    pub(crate) start_time: Option<DateTime<Utc>>,
    /// Only ratings created then or before
    #[arg(long, value_name = "TIME", value_parser = time::until)]
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
    /// Show one survey response with the texts of its questions
    #[command(after_help = "Example: zendesk-csat responses show 01JQ7W3M8T4K2V9XN5B6C0DEFG --locale de")]
    Show(ShowResponse),
    /// Offer a survey; prints its links, by which anyone can answer for the customer
    #[command(
        after_help = "Example: zendesk-csat responses create --survey-id 01HZ3N5Q7R9S1T2V4W6X8Y0Z1A \
                            --responder-id 21 --subject-zrns zen:ticket:7"
    )]
    Create(CreateResponse),
    /// Answer a survey, signed in as its responder; the answers are JSON on standard input
    #[command(
        after_help = "Example: echo '[{\"type\":\"rating_scale\",\"question_id\":\"01J…\",\"rating\":5}]' | \
                            zendesk-csat responses submit 01JQ7W3M8T4K2V9XN5B6C0DEFG"
    )]
    Submit(SubmitResponse),
}

/// The locale of texts.
#[derive(Debug, Args)]
pub(crate) struct Locale {
    /// The locale of the texts
    #[arg(long, default_value = zendesk_csat::DEFAULT_LOCALE)]
    pub(crate) locale: String,
}

#[derive(Debug, Args)]
pub(crate) struct ShowResponse {
    /// The survey response's id
    pub(crate) id: String,
    #[command(flatten)]
    pub(crate) locale: Locale,
    #[command(flatten)]
    pub(crate) output: Output,
    #[command(flatten)]
    pub(crate) connection: Connection,
}

#[derive(Debug, Args)]
pub(crate) struct CreateResponse {
    /// The survey
    #[arg(long, value_name = "ID")]
    pub(crate) survey_id: String,
    /// The customer
    #[arg(long, value_name = "ID")]
    pub(crate) responder_id: i64,
    /// What the survey is about, such as zen:ticket:7
    #[arg(long, value_name = "ZRN", value_delimiter = ',', required = true)]
    pub(crate) subject_zrns: Vec<String>,
    #[command(flatten)]
    pub(crate) locale: Locale,
    #[command(flatten)]
    pub(crate) output: Output,
    #[command(flatten)]
    pub(crate) connection: Connection,
}

#[derive(Debug, Args)]
pub(crate) struct SubmitResponse {
    /// The survey response's id
    pub(crate) id: String,
    #[command(flatten)]
    pub(crate) locale: Locale,
    #[command(flatten)]
    pub(crate) output: Output,
    #[command(flatten)]
    pub(crate) connection: Connection,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Surveys {
    /// List the surveys with their questions
    #[command(after_help = "Example: zendesk-csat surveys list --locale de")]
    List(ListSurveys),
}

#[derive(Debug, Args)]
pub(crate) struct ListSurveys {
    #[command(flatten)]
    pub(crate) locale: Locale,
    #[command(flatten)]
    pub(crate) listing: Listing,
    #[command(flatten)]
    pub(crate) connection: Connection,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Tickets {
    /// Export the tickets that changed since a time, or since an earlier export's cursor
    #[command(
        after_help = "Example: zendesk-csat tickets export --start-time 2026-01-01 --json > tickets.jsonl"
    )]
    Export(ExportTickets),
    /// List what happened to a ticket
    #[command(after_help = "Example: zendesk-csat tickets audits 7 --events SurveyResponseSubmitted")]
    Audits(ListAudits),
    /// Show tickets by their ids
    #[command(after_help = "Example: zendesk-csat tickets show 7 8 9")]
    Show(ShowTickets),
}

#[derive(Debug, Args)]
pub(crate) struct ExportTickets {
    /// Tickets that changed then or later: 2026-03-01, 2026-03, 7d, last-month, or a time with its zone
    #[arg(long, value_name = "TIME", value_parser = time::since, required_unless_present = "cursor")]
    pub(crate) start_time: Option<DateTime<Utc>>,
    /// Go on where an earlier export ended; the cursor is the last line on standard error
    #[arg(long, conflicts_with = "start_time")]
    pub(crate) cursor: Option<String>,
    #[command(flatten)]
    pub(crate) listing: Listing,
    #[command(flatten)]
    pub(crate) connection: Connection,
}

#[derive(Debug, Args)]
pub(crate) struct ListAudits {
    /// The ticket
    pub(crate) ticket: i64,
    /// Only audits with events of these types
    #[arg(long, value_name = "TYPE", value_delimiter = ',')]
    pub(crate) events: Vec<String>,
    #[command(flatten)]
    pub(crate) listing: Listing,
    #[command(flatten)]
    pub(crate) connection: Connection,
}

#[derive(Debug, Args)]
pub(crate) struct ShowTickets {
    /// The tickets
    #[arg(required = true, value_name = "ID")]
    pub(crate) ids: Vec<i64>,
    #[command(flatten)]
    pub(crate) output: JsonLines,
    #[command(flatten)]
    pub(crate) connection: Connection,
}

#[derive(Debug, Args)]
pub(crate) struct ListResponses {
    /// Only responses of these users
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub(crate) responder_ids: Vec<i64>,
    /// Only responses about these subjects, such as zen:ticket:7
    #[arg(long, value_name = "ZRN", value_delimiter = ',')]
    pub(crate) subject_zrns: Vec<String>,
    /// Only surveys sent then or later: 2026-03-01, 2026-03, 7d, last-month, or a time with its zone
    #[arg(long, value_name = "TIME", value_parser = time::since)]
    pub(crate) created_at_start: Option<DateTime<Utc>>,
    /// Only surveys sent then or before
    #[arg(long, value_name = "TIME", value_parser = time::until)]
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
    #[command(flatten)]
    pub(crate) output: JsonLines,
}

/// How many records are printed, and how.
#[derive(Debug, Args)]
pub(crate) struct JsonLines {
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
    /// The port; 0 takes any that is free
    #[arg(long, default_value_t = 0)]
    pub(crate) port: u16,
    /// Listen here and not on 127.0.0.1, as 0.0.0.0 for other containers. Unsafe: whoever reaches it, reads and changes
    /// the account
    #[arg(long, value_name = "ADDR")]
    pub(crate) bind: Option<String>,
    /// Which account: the same seed and size make the same one
    #[arg(long, default_value_t = 7)]
    pub(crate) seed: u64,
    /// How many tickets the account has
    #[arg(long, default_value_t = 10_000)]
    pub(crate) tickets: u32,
    /// How many seconds pass in the account for each real one
    #[arg(long, value_name = "SPEED", default_value_t = 1.0)]
    pub(crate) clock: f64,
    /// Leave the account with legacy ratings: it never changed to surveys
    #[arg(long)]
    pub(crate) no_surveys: bool,
    /// How many days a survey can be answered, 1 to 365
    #[arg(long, value_name = "DAYS", default_value_t = 28)]
    pub(crate) open_days: u16,
    /// Keep the limits of a plan, such as suite-professional or suite-growth+high-volume
    #[arg(long)]
    pub(crate) plan: Option<String>,
    /// Keep the account in this file, and go on from it
    #[arg(long, value_name = "FILE")]
    pub(crate) state: Option<PathBuf>,
}
