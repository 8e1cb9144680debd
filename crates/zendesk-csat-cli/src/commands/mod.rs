//! One file a command.

mod demo;
mod documented_way;
mod emulator;
mod listing;
mod ratings;
mod report;
mod responses;
mod sync;

use crate::arguments::{Arguments, Command, Ratings, Responses};
use crate::exit::Failure;
use clap::CommandFactory;

pub(crate) async fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Demo(arguments) => demo::run(arguments).await,
        Command::Sync(arguments) => sync::run(arguments).await,
        Command::Report(arguments) => report::run(arguments),
        Command::Ratings(Ratings::List(arguments)) => ratings::list(arguments).await,
        Command::Responses(Responses::List(arguments)) => responses::list(arguments).await,
        Command::Emulator(arguments) => emulator::run(arguments).await,
        Command::Completions { shell } => {
            clap_complete::generate(
                shell,
                &mut Arguments::command(),
                "zendesk-csat",
                &mut std::io::stdout(),
            );
            Ok(())
        }
    }
}
