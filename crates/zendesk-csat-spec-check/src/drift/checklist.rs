//! What is written by hand, and has to follow when the spec changes.

use super::{Drift, Fact, Finding, Kind};

/// A place to look at after a change of the spec.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// A file or a folder of the repository.
    pub path: &'static str,
    /// What to do there.
    pub what: &'static str,
}

const fn place(path: &'static str, what: &'static str) -> Place {
    Place { path, what }
}

const FACTS: Place = place(
    "tests/fixtures/documented.json",
    "the fact, as the page now has it",
);
const CHANGES: Place = place("CHANGELOG.md", "a line for users");
const RENDER: Place = place(
    "crates/zendesk-csat-emulator/src/render",
    "what the offline account answers",
);
const ROUTES: Place = place(
    "crates/zendesk-csat-emulator/src/routes",
    "what the offline account takes, and from whom",
);

const PROPERTY: [Place; 6] = [
    RENDER,
    place(
        "crates/zendesk-csat/src/columns",
        "a column, if bulk pages should have it",
    ),
    place(
        "crates/zendesk-csat/src/views",
        "the view, if an answer or event of a kind has it",
    ),
    place(
        "crates/zendesk-csat-history/src/rows",
        "whether a sync stores it; a column is a new script in src/migrations",
    ),
    place(
        "crates/zendesk-csat-history/src/export/table.rs",
        "whether exports have it",
    ),
    place(
        "crates/zendesk-csat-codegen-python/src/kinds.rs",
        "what `match` gives, if it comes in kinds",
    ),
];
const VALUE: [Place; 4] = [
    RENDER,
    place(
        "crates/zendesk-csat/src/views",
        "a kind of its own, where the value is a type of answer or event",
    ),
    place(
        "crates/zendesk-csat-codegen-python/src/kinds.rs",
        "the same for Python",
    ),
    place(
        "crates/zendesk-csat-history/src/views",
        "what it counts as in the report",
    ),
];
const PARAMETER: [Place; 3] = [
    place("crates/zendesk-csat/src/resources", "the builder's method"),
    ROUTES,
    place(
        "crates/zendesk-csat-cli/src/commands",
        "a flag, if people need it; declared in src/arguments",
    ),
];
const OPERATION: [Place; 5] = [
    place(
        "crates/zendesk-csat/src/resources",
        "the method, one file a resource",
    ),
    ROUTES,
    place(
        "crates/zendesk-csat-cli/src/commands",
        "a command; declared in src/arguments",
    ),
    place(
        "crates/zendesk-csat-codegen-python/src/examples.rs",
        "an example, which the tests run",
    ),
    place("tests/it/tests/wire.rs", "what goes over the wire"),
];
const ROLES: [Place; 2] = [ROUTES, place("docs", "who needs which role")];
const PAGES: [Place; 3] = [
    place("crates/zendesk-csat/src/paging.rs", "how the listing goes on"),
    place(
        "crates/zendesk-csat-emulator/src/paging.rs",
        "how the offline account pages",
    ),
    place("crates/zendesk-csat-history/src/sync", "how a sync resumes"),
];
const BODY: [Place; 2] = [
    place("crates/zendesk-csat/src/error", "what the failure is called"),
    ROUTES,
];

/// The places by hand that the differences of some pages touch, and what to do there.
pub fn places<'d>(drifts: impl IntoIterator<Item = &'d Drift>) -> Vec<Place> {
    let mut places: Vec<Place> = Vec::new();
    for finding in drifts.into_iter().flat_map(|drift| &drift.findings) {
        for place in of(finding).iter().chain([&FACTS, &CHANGES]) {
            if !places.contains(place) {
                places.push(*place);
            }
        }
    }
    // What every change ends with comes last.
    places.sort_by_key(|place| *place == FACTS || *place == CHANGES);
    places
}

fn of(finding: &Finding) -> &'static [Place] {
    match finding.fact {
        // An open enumeration takes new values as they come; what is gone costs nothing.
        Fact::Value if finding.kind == Kind::Beyond => &[],
        Fact::Value => &VALUE,
        Fact::Property | Fact::Type | Fact::Mark => &PROPERTY,
        Fact::Parameter => &PARAMETER,
        Fact::Operation => &OPERATION,
        Fact::Roles => &ROLES,
        Fact::Pagination => &PAGES,
        Fact::Body => &BODY,
        Fact::Table => &[],
    }
}
