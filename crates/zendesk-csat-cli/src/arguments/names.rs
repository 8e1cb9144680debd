//! Arguments of the commands that tell who and where.

use super::{Connection, JsonLines, Listing, Output};
use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub(crate) enum Groups {
    /// List the groups of agents
    #[command(after_help = "Example: zendesk-csat groups list --deleted")]
    List(ListGroups),
}

#[derive(Debug, Args)]
pub(crate) struct ListGroups {
    /// Deleted groups too
    #[arg(long)]
    pub(crate) deleted: bool,
    #[command(flatten)]
    pub(crate) listing: Listing,
    #[command(flatten)]
    pub(crate) connection: Connection,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Users {
    /// List users; those of some roles where asked for, and else every customer too
    #[command(after_help = "Example: zendesk-csat users list --role agent,admin")]
    List(ListUsers),
    /// Show users by their ids, deleted ones too
    #[command(after_help = "Example: zendesk-csat users show 4398081584277 --json")]
    Show(ShowMany),
    /// Tell whose credentials are used
    #[command(after_help = "Example: zendesk-csat users me")]
    Me(Me),
}

#[derive(Debug, Args)]
pub(crate) struct ListUsers {
    /// Only users of these roles: agent, admin or end-user
    #[arg(long, value_name = "ROLE", value_delimiter = ',')]
    pub(crate) role: Vec<String>,
    #[command(flatten)]
    pub(crate) listing: Listing,
    #[command(flatten)]
    pub(crate) connection: Connection,
}

/// Records by their ids.
#[derive(Debug, Args)]
pub(crate) struct ShowMany {
    /// The records' ids
    #[arg(required = true, value_name = "ID")]
    pub(crate) ids: Vec<i64>,
    #[command(flatten)]
    pub(crate) output: JsonLines,
    #[command(flatten)]
    pub(crate) connection: Connection,
}

#[derive(Debug, Args)]
pub(crate) struct Me {
    #[command(flatten)]
    pub(crate) output: Output,
    #[command(flatten)]
    pub(crate) connection: Connection,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Brands {
    /// List the brands
    #[command(after_help = "Example: zendesk-csat brands list")]
    List(ListPages),
}

/// A listing without filters.
#[derive(Debug, Args)]
pub(crate) struct ListPages {
    #[command(flatten)]
    pub(crate) listing: Listing,
    #[command(flatten)]
    pub(crate) connection: Connection,
}

#[derive(Debug, Subcommand)]
pub(crate) enum TicketForms {
    /// List the ticket forms
    #[command(after_help = "Example: zendesk-csat ticket-forms list")]
    List(ListForms),
}

#[derive(Debug, Args)]
pub(crate) struct ListForms {
    #[command(flatten)]
    pub(crate) output: JsonLines,
    #[command(flatten)]
    pub(crate) connection: Connection,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Organizations {
    /// Show organizations by their ids
    #[command(after_help = "Example: zendesk-csat organizations show 360009004417")]
    Show(ShowMany),
}
