//! How many instructions a walk takes: the same number on a busy machine and on a quiet one.
//!
//! valgrind counts what this process executes, not what the kernel does for it.

use crate::listing::Listing;
use crate::service::Service;
use crate::walks::Way;
use std::path::Path;
use std::process::Command;

/// Prints a line a listing and way, or why there is none.
pub fn print(program: &Path, service: &Service) {
    if Command::new("valgrind").arg("--version").output().is_err() {
        println!("left out: instructions, since valgrind is not installed");
        return;
    }
    println!(
        "{:<17} {:<10} {:>20} {:>12}",
        "listing", "way", "instructions/record", "÷ raw bytes"
    );
    for listing in Listing::ALL {
        let mut raw = None;
        for way in Way::of(listing) {
            // What comes before the first walk falls out of the difference.
            let walks = |times| executed(program, service, listing, *way, times);
            let taken = (walks(3) - walks(1)) / 2.0;
            let raw = *raw.get_or_insert(taken);
            println!(
                "{:<17} {:<10} {:>20.0} {:>12.2}",
                listing.name(),
                way.name(),
                taken / service.records() as f64,
                taken / raw,
            );
        }
    }
}

fn executed(program: &Path, service: &Service, listing: Listing, way: Way, times: usize) -> f64 {
    let mut walk = Command::new("valgrind");
    walk.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(program);
    walk.args(["walk", service.base_url(), listing.name(), way.name()]);
    walk.args([service.records(), times].map(|number| number.to_string()));
    let output = walk.output().unwrap();
    let report = String::from_utf8_lossy(&output.stderr).into_owned();
    let count = report.lines().find_map(|line| line.split_once("Collected : "));
    count.expect("a count of valgrind").1.trim().parse().unwrap()
}
