//! `serve` is the service, `table` compares the ways to walk by time, `instructions` by what is executed,
//! `memory` walks a million ratings, `walk` walks for a profiler. `sync` syncs a million survey responses, `calls` counts
//! the calls of a sync and of the documented way,
//! `report` reports on a million rows and exports them.
#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a measurement: whatever goes wrong ends it"
)]

use std::process::ExitCode;
use zendesk_csat_bench::listing::Listing;
use zendesk_csat_bench::service::{Service, serve};
use zendesk_csat_bench::walks::{Walks, Way};
use zendesk_csat_bench::{account, calls, instructions, memory, report, sync, table};

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    let program = std::env::current_exe().unwrap();
    match arguments[..] {
        ["serve", records] => serve(records.parse().unwrap(), true),
        ["serve", records, "plain"] => serve(records.parse().unwrap(), false),
        ["table"] => {
            let service = Service::start(&program, 20_000);
            table::print(&Walks::new(service.base_url(), service.records()), 25);
        }
        ["instructions"] => instructions::print(&program, &Service::start(&program, 4_000)),
        ["memory"] => memory::print(&Service::start(&program, 1_000_000)),
        ["walk", base_url, listing, way, records, times] => {
            let walks = Walks::new(base_url, records.parse().unwrap());
            let listing = Listing::ALL
                .into_iter()
                .find(|known| known.name() == listing)
                .unwrap();
            let way = Way::of(listing).iter().find(|known| known.name() == way).unwrap();
            for _ in 0..times.parse().unwrap() {
                walks.walk(listing, *way);
            }
        }
        ["account", surveys] => account::serve(surveys.parse().unwrap()),
        ["sync"] => sync::print(&program),
        ["sync-once", base_url, surveys, raw] => {
            sync::once(base_url, surveys.parse().unwrap(), raw.parse().unwrap());
        }
        ["calls"] => calls::print(10_000),
        ["report"] => report::print(1_000_000),
        ["report", rows] => report::print(rows.parse().unwrap()),
        _ => {
            eprintln!(
                "say table, instructions, memory, sync, calls, report [ROWS], serve RECORDS [plain] or walk BASE_URL LISTING WAY RECORDS TIMES"
            );
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
