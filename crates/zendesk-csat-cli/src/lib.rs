//! The command `zendesk-csat`, as a library: the Python wheel runs the same command.

mod arguments;
mod commands;
mod connection;
mod events;
mod exit;
mod output;
mod progress;
#[cfg(test)]
mod scheduling;
mod time;

use arguments::{Arguments, Command};
use clap::Parser;
use events::Event;
use exit::{Failure, exit_code};
use std::ffi::OsString;
use std::io::IsTerminal;

/// Runs the command with these arguments, the program's name first, and returns its exit code.
///
/// Results go to standard output, everything else to standard error.
///
/// ```
/// assert_eq!(zendesk_csat_cli::run(["zendesk-csat", "--version"]), 0);
/// ```
pub fn run<I>(arguments: I) -> u8
where
    I: IntoIterator,
    I::Item: Into<OsString> + Clone,
{
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Nothing can be done where even the usage cannot be printed.
            let _ = error.print();
            return if error.use_stderr() { exit_code::USAGE } else { 0 };
        }
    };
    log_to_stderr();
    let Arguments { command, verbose } = arguments;
    let tells_events = command.tells_events();
    match finish(command) {
        Ok(()) => 0,
        Err(failure) => {
            if tells_events {
                // Whoever has left is not told, and the exit code stands.
                let _ = events::print(&Event::failed(&failure));
            }
            if let Some(line) = failure.line(verbose) {
                output::say(&format!("error: {line}"));
            }
            failure.code()
        }
    }
}

#[doc(hidden)]
pub mod testing {
    //! What the tests of this project ask of the command without running it.
    use super::{Arguments, Parser};
    use std::ffi::OsString;

    /// Whether these arguments can be read; if not, what the command would say.
    ///
    /// # Errors
    /// The usage, as it is printed.
    pub fn parse<I>(arguments: I) -> Result<(), String>
    where
        I: IntoIterator,
        I::Item: Into<OsString> + Clone,
    {
        let parsed = Arguments::try_parse_from(arguments);
        parsed.map(drop).map_err(|error| error.to_string())
    }
}

fn finish(command: Command) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(Failure::Runtime)?;
    let finished = runtime.block_on(async {
        let interrupted = tokio::signal::ctrl_c();
        // A task of its own: what does not wait, such as an export, does not keep from hearing of Ctrl-C.
        let running = tokio::spawn(commands::run(command));
        tokio::select! {
            finished = running => finished.unwrap_or_else(|stopped| match stopped.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                Err(_) => Err(Failure::Interrupted),
            }),
            _ = interrupted => Err(Failure::Interrupted),
        }
    });
    // What still runs, such as a write to a slow disk, does not hold up the prompt.
    runtime.shutdown_background();
    finished
}

/// `ZENDESK_CSAT_LOG=debug` shows what the client does; there are no bodies and no secrets in it.
fn log_to_stderr() {
    if let Ok(filter) = tracing_subscriber::EnvFilter::try_from_env("ZENDESK_CSAT_LOG") {
        let subscriber = tracing_subscriber::fmt()
            .with_env_filter(filter)
            .with_ansi(std::io::stderr().is_terminal())
            .with_writer(std::io::stderr);
        // A second run in one process, as in Python, keeps the first one's.
        let _ = subscriber.try_init();
    }
}
