//! Where a saved page of Zendesk's documentation and the spec say different things.
//!
//! A page is read as a browser saves it, as text or as HTML: its addresses, tables, roles, ways of paging and samples
//! of JSON; a guide by the calls it shows. What the spec explains by `x-departure` is counted and not told again. What
//! is remembered of the page and is no longer on it counts as gone.
//!
//! ```
//! use serde_json::json;
//! use zendesk_csat_spec_check::drift::between;
//!
//! let spec = json!({"paths": {}, "components": {"schemas": {}}});
//! let drift = between(&spec, &json!({}), "List Moods\n\nGET /api/v2/moods\n")?;
//! assert_eq!(drift.findings[0].to_string(), "lacks   GET /api/v2/moods (line 3): the operation");
//! # Ok::<(), zendesk_csat_spec_check::drift::Refusal>(())
//! ```

mod checklist;
mod compare;
mod html;
mod language;
mod lines;
mod page;
mod paste;

pub use checklist::{Place, places};
pub use language::Refusal;
pub use paste::Paste;

use serde_json::Value;
use std::fmt;

/// The differences between one page and the spec.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Drift {
    /// What nobody has looked at yet.
    pub findings: Vec<Finding>,
    /// How many more the spec explains by an `x-departure`.
    pub explained: usize,
    /// How many operations, tables and calls of the page were read.
    pub compared: usize,
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What is wrong with the spec.
    pub kind: Kind,
    /// What kind of fact it is about.
    pub fact: Fact,
    /// Which operation, parameter or property, by the spec's names where it has them.
    pub place: String,
    /// The line of the page, where the page has it.
    pub line: Option<usize>,
    /// What the page says, and what the spec.
    pub message: String,
    /// What to put into the spec, if the page is right.
    pub paste: Option<Paste>,
}

/// What is wrong with the spec, if the page is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// The page has it and the spec has not.
    Lacks,
    /// The spec has it, or the page had it, and the page has it not.
    Beyond,
    /// Both have it and say different things.
    Differs,
    /// The page has a table or a row that names nothing of the spec, or that cannot be read.
    Unplaced,
}

/// What a difference is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Fact {
    /// An operation, or the names in its address.
    Operation,
    /// A parameter or a filter of an operation.
    Parameter,
    /// A property of a record.
    Property,
    /// A value of an enumeration, or a code.
    Value,
    /// The type of a parameter or property.
    Type,
    /// Whether it is read-only, mandatory, nullable or required, or where a parameter stands.
    Mark,
    /// Who may call.
    Roles,
    /// How a listing is paged.
    Pagination,
    /// A status or a body of an operation.
    Body,
    /// A table or a row as a whole.
    Table,
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

/// Compares a saved page, text or HTML, with the spec and with what `documented.json` remembers of the page.
pub fn between(spec: &Value, documented: &Value, page: &str) -> Result<Drift, Refusal> {
    let lines = lines::read(page);
    language::check(page, &lines)?;
    let page = page::read(&lines);
    if page.operations.is_empty() && page.objects.is_empty() && page.calls.is_empty() {
        return Err(Refusal::NothingToRead);
    }
    Ok(compare::compare(spec, documented, &page))
}
