//! Where a saved page of Zendesk's documentation and the spec say different things.
//!
//! The page is read as the text that a browser saves: its tables, its addresses and its samples of JSON. What the
//! spec explains by `x-departure` is counted and not told again.
//!
//! ```
//! let spec = serde_json::json!({"paths": {}, "components": {"schemas": {}}});
//! let page = "List Moods\n\nGET /api/v2/moods\n";
//! let drift = zendesk_csat_codegen::drift::between(&spec, page);
//! assert_eq!(drift.findings[0].to_string(), "lacks   GET /api/v2/moods (line 3): the operation");
//! ```

mod compare;
mod page;
mod sample;

use serde_json::Value;
use std::fmt;

/// The differences between one page and the spec.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Drift {
    /// What nobody has looked at yet.
    pub findings: Vec<Finding>,
    /// How many more the spec explains by an `x-departure`.
    pub explained: usize,
    /// How many operations and tables of the page were read. Without any, the page is none that this can read.
    pub compared: usize,
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What is wrong with the spec.
    pub kind: Kind,
    /// Which operation, parameter or property, by the spec's names where it has them.
    pub place: String,
    /// The line of the page, where the page has it.
    pub line: Option<usize>,
    /// What the page says, and what the spec.
    pub message: String,
}

/// What is wrong with the spec, if the page is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// The page has it and the spec has not.
    Lacks,
    /// The spec has it and the page has not.
    Beyond,
    /// Both have it and say different things.
    Differs,
    /// The page has a table that names nothing of the spec.
    Unplaced,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            Kind::Lacks => "lacks",
            Kind::Beyond => "beyond",
            Kind::Differs => "differs",
            Kind::Unplaced => "unplaced",
        };
        write!(f, "{kind:<7} {}", self.place)?;
        if let Some(line) = self.line {
            write!(f, " (line {line})")?;
        }
        write!(f, ": {}", self.message)
    }
}

/// Compares a saved page with the spec.
pub fn between(spec: &Value, page: &str) -> Drift {
    compare::compare(spec, &page::read(page))
}
