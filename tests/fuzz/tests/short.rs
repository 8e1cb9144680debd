//! A few seconds of what `cargo xtask fuzz` does for minutes.
#![allow(clippy::unwrap_used)]

use zendesk_csat_fuzz::{Options, run};

#[test]
fn nothing_hostile_does_harm() {
    let outcome = run(&Options {
        bodies: 3_000,
        ..Options::default()
    });
    assert!(outcome.failures.is_empty(), "{:#?}", outcome.failures);
    assert!(outcome.bodies() >= 3_000);
    assert_eq!(outcome.targets.len(), 8, "{:?}", outcome.targets);
}
