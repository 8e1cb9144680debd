//! `emulator`: an offline account, for as long as it is wanted.

use crate::arguments;
use crate::exit::Failure;
use crate::output;
use zendesk_csat_emulator::Emulator;

pub(crate) async fn run(arguments: arguments::Emulator) -> Result<(), Failure> {
    let zendesk = Emulator::builder()
        .port(arguments.port)
        .seed(arguments.seed)
        .tickets(arguments.tickets)
        .clock_speed(arguments.clock)
        .start()?;
    output::json_line(zendesk.account())?;
    // Until Ctrl-C, which ends every command.
    std::future::pending().await
}
