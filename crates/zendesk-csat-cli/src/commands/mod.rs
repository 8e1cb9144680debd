//! One file a command.

mod accounts;
mod demo;
mod documented_way;
mod emulator;
mod export;
mod listing;
mod names;
mod plan;
mod ratings;
mod reasons;
mod report;
mod responses;
mod surveys;
mod sync;
mod tickets;

use crate::arguments::{Arguments, Command};
use crate::exit::Failure;
use crate::output;
use clap::CommandFactory;

pub(crate) async fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Demo(arguments) => demo::run(arguments).await,
        Command::Sync(arguments) => sync::run(arguments).await,
        Command::Plan(arguments) => plan::run(arguments).await,
        Command::Report(arguments) => report::run(arguments),
        Command::Accounts(command) => accounts::run(command).await,
        Command::Export(arguments) => export::run(arguments),
        Command::Ratings(command) => ratings::run(command).await,
        Command::Reasons(command) => reasons::run(command).await,
        Command::Responses(command) => responses::run(command).await,
        Command::Surveys(command) => surveys::run(command).await,
        Command::Tickets(command) => tickets::run(command).await,
        Command::Groups(command) => names::groups(command).await,
        Command::Users(command) => names::users(command).await,
        Command::Brands(command) => names::brands(command).await,
        Command::TicketForms(command) => names::ticket_forms(command).await,
        Command::Organizations(command) => names::organizations(command).await,
        Command::Emulator(arguments) => emulator::run(arguments).await,
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Arguments::command(), "zendesk-csat", &mut script);
            output::bytes(&script)
        }
    }
}
