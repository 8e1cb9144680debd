//! The command `zendesk-csat`.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(zendesk_csat_cli::run(std::env::args_os()))
}
