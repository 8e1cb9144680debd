//! `serve RECORDS [plain]` is the service, `table` compares the ways to walk, `memory` walks a million ratings.
#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a measurement: whatever goes wrong ends it"
)]

use std::process::ExitCode;
use zendesk_csat_bench::service::{Service, serve};
use zendesk_csat_bench::walks::Walks;
use zendesk_csat_bench::{memory, table};

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    let program = std::env::current_exe().unwrap();
    match arguments[..] {
        ["serve", records] => serve(records.parse().unwrap(), true),
        ["serve", records, "plain"] => serve(records.parse().unwrap(), false),
        ["table"] => {
            let service = Service::start(&program, 20_000);
            table::print(&Walks::new(&service), 25);
        }
        ["memory"] => memory::print(&Service::start(&program, 1_000_000)),
        _ => {
            eprintln!("say serve RECORDS [plain], table or memory");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
