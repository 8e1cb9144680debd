//! The ways side by side: interleaved rounds, medians, ratios.

use crate::listing::Listing;
use crate::process;
use crate::walks::{Walks, Way};
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
        "{:<17} {:<10} {:>10} {:>12} {:>10} {:>12} {:>14} {:>16}",
        "listing", "way", "ms", "÷ raw bytes", "best ms", "÷ raw bytes", "processor ms", "÷ raw bytes"
    );
    for listing in Listing::ALL {
        let ways = Way::of(listing);
        let mut taken = vec![Vec::with_capacity(rounds); ways.len()];
        // The first round opens connections and makes the pages.
        for round in 0..=rounds {
            // Each round starts with another way, so that none always follows the same one.
            for turn in 0..ways.len() {
                let at = (round + turn) % ways.len();
                let walk = timed(|| walks.walk(listing, ways[at]));
                if round > 0 {
                    taken[at].push(walk);
                }
            }
        }
        let best = |walks: &[Walk]| {
            walks
                .iter()
                .map(|walk| walk.elapsed)
                .fold(f64::INFINITY, f64::min)
        };
        for (way, walks) in ways.iter().zip(&taken) {
            let of = |value: fn(&Walk) -> f64| median(walks.iter().map(value).collect());
            let ratio = |value: fn(&Walk) -> f64| {
                let pairs = walks.iter().zip(&taken[0]);
                median(pairs.map(|(walk, raw)| value(walk) / value(raw)).collect())
            };
            println!(
                "{:<17} {:<10} {:>10.1} {:>12.2} {:>10.1} {:>12.2} {:>14.1} {:>16.2}",
                listing.name(),
                way.name(),
                of(|walk| walk.elapsed),
                ratio(|walk| walk.elapsed),
                best(walks),
                best(walks) / best(&taken[0]),
                of(|walk| walk.processor),
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
