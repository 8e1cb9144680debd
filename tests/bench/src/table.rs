//! The ways side by side: interleaved rounds, medians, ratios.

use crate::process;
use crate::walks::{Listing, Walks, Way};
use std::time::Instant;

/// What one walk took, in milliseconds.
#[derive(Debug, Clone, Copy)]
struct Walk {
    elapsed: f64,
    processor: f64,
}

/// Prints one line a listing and way: medians of all rounds, and of each round's ratio to the raw bytes.
pub fn print(walks: &Walks, rounds: usize) {
    println!(
        "{:<17} {:<10} {:>10} {:>10} {:>12} {:>14} {:>18}",
        "listing", "way", "ms", "best ms", "÷ raw bytes", "processor ms", "processor ÷ raw"
    );
    for listing in Listing::ALL {
        let mut taken = vec![Vec::with_capacity(rounds); Way::ALL.len()];
        // The first round opens connections and makes the pages.
        for round in 0..=rounds {
            for (way, taken) in Way::ALL.iter().zip(&mut taken) {
                let walk = timed(|| walks.walk(listing, *way));
                if round > 0 {
                    taken.push(walk);
                }
            }
        }
        for (way, walks) in Way::ALL.iter().zip(&taken) {
            let of = |value: fn(&Walk) -> f64| walks.iter().map(value).collect::<Vec<_>>();
            let ratio = |value: fn(&Walk) -> f64| {
                let pairs = walks.iter().zip(&taken[0]);
                median(pairs.map(|(walk, raw)| value(walk) / value(raw)).collect())
            };
            println!(
                "{:<17} {:<10} {:>10.1} {:>10.1} {:>12.2} {:>14.1} {:>18.2}",
                listing.name(),
                way.name(),
                median(of(|walk| walk.elapsed)),
                of(|walk| walk.elapsed).into_iter().fold(f64::INFINITY, f64::min),
                ratio(|walk| walk.elapsed),
                median(of(|walk| walk.processor)),
                ratio(|walk| walk.processor),
            );
        }
    }
}

fn timed(walk: impl FnOnce()) -> Walk {
    let (started, processor) = (Instant::now(), process::processor_milliseconds());
    walk();
    Walk {
        elapsed: started.elapsed().as_secs_f64() * 1e3,
        processor: process::processor_milliseconds() - processor,
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
