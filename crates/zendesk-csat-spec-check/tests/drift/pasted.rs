//! What is offered to paste, put into the spec, ends the difference that it is offered for.

use crate::edits::edits;
use crate::generated;
use crate::seen::Known;
use std::path::Path;
use zendesk_csat_spec_check::drift::{between, places};

/// One edit of so many is tried; each one is a spec of its own.
const EVERY: usize = 11;

#[test]
fn what_is_pasted_ends_its_difference() {
    let known = Known::read();
    let (mut pasted, mut left) = (0, Vec::new());
    for (_, page) in generated::pages(&known) {
        for edit in edits(&page).into_iter().step_by(EVERY) {
            let text = edit.page.text();
            let Ok(drift) = between(&known.spec, &known.documented, &text) else {
                continue;
            };
            for finding in drift.findings {
                let Some(paste) = &finding.paste else { continue };
                let mut spec = known.spec.clone();
                assert!(paste.put_into(&mut spec), "{finding}: no {}", paste.at);
                let after = between(&spec, &known.documented, &text).unwrap();
                let is_left = after.findings.iter().any(|after| {
                    (after.kind, &after.place, &after.message)
                        == (finding.kind, &finding.place, &finding.message)
                });
                pasted += 1;
                if is_left {
                    left.push(format!("{}: {finding}", edit.what));
                }
            }
        }
    }
    assert!(pasted > 50, "only {pasted}");
    assert!(
        left.is_empty(),
        "{} of {pasted}:\n{}",
        left.len(),
        left.join("\n")
    );
}

#[test]
fn every_place_to_look_at_by_hand_is_there() {
    let known = Known::read();
    let mut found = Vec::new();
    for (_, page) in generated::pages(&known) {
        let drifts = edits(&page)
            .into_iter()
            .step_by(EVERY)
            .filter_map(|edit| between(&known.spec, &known.documented, &edit.page.text()).ok());
        found.extend(places(&drifts.collect::<Vec<_>>()));
    }
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for place in &found {
        assert!(repository.join(place.path).exists(), "{}", place.path);
    }
    for path in [
        "crates/zendesk-csat/src/columns",
        "crates/zendesk-csat/src/resources",
        "crates/zendesk-csat-emulator/src/routes",
        "CHANGELOG.md",
    ] {
        assert!(found.iter().any(|place| place.path == path), "{path}");
    }
    assert!(places(&[]).is_empty());
}
