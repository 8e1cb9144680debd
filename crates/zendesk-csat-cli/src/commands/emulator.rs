//! `emulator`: an offline account, for as long as it is wanted.

use crate::arguments;
use crate::exit::Failure;
use crate::output;
use zendesk_csat_emulator::Emulator;

pub(crate) async fn run(arguments: arguments::Emulator) -> Result<(), Failure> {
    let mut builder = Emulator::builder()
        .port(arguments.port)
        .seed(arguments.seed)
        .tickets(arguments.tickets)
        .clock_speed(arguments.clock)
        .surveys(!arguments.no_surveys)
        .open_days(arguments.open_days);
    if let Some(plan) = arguments.plan {
        builder = builder.plan(plan);
    }
    if let Some(file) = arguments.state {
        builder = builder.state(file);
    }
    if let Some(host) = arguments.bind {
        builder = builder.bind(host);
    }
    let zendesk = builder.start()?;
    if zendesk.is_open() {
        output::say(
            "warning: this account is open to other machines: whoever reaches its port reads and changes it. \
             A client there needs ZENDESK_ALLOW_HTTP=HOST.",
        );
    }
    output::json_line(zendesk.account())?;
    // Until Ctrl-C, which ends every command and drops the account, so that its file is whole.
    std::future::pending().await
}
