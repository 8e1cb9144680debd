//! Which rows: those of an agent, of a brand, with a tag and so on.

mod fields;
mod resolve;

use serde::Serialize;

pub(crate) use self::resolve::{Picked, near};

/// Which rows, by what people call it. Of several texts for one thing any does; all things have to be true.
///
/// Who and what has a name is told by it or by its id, in letters of any case. A text that is neither is an error that says
/// what is near it, but for `without_tag`: there the report says so.
///
/// In a report it picks what counts: a ticket by its latest answer, as the tables do. So the report of an agent has the
/// numbers of the agent's row in the table of all.
///
/// ```
/// use zendesk_csat_history::Filter;
///
/// let filter = Filter { score: vec!["bad".to_owned()], ..Filter::default() };
/// assert!(!filter.is_empty());
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Agents.
    pub agent: Vec<String>,
    /// Groups.
    pub group: Vec<String>,
    /// Brands of the ticket.
    pub brand: Vec<String>,
    /// Organizations of the ticket.
    pub organization: Vec<String>,
    /// Forms of the ticket.
    pub form: Vec<String>,
    /// Tags, any of which the ticket has.
    pub tag: Vec<String>,
    /// Tags, none of which the ticket is known to have: one whose tags are not known stays.
    pub without_tag: Vec<String>,
    /// How the ticket came in.
    pub channel: Vec<String>,
    /// `rating` or `survey`.
    pub source: Vec<String>,
    /// `good`, `neutral` or `bad`: with it there is no CSAT, and no response rate.
    pub score: Vec<String>,
    /// Priorities of the ticket.
    pub priority: Vec<String>,
    /// Custom fields of the ticket, each by its name in the history, with a value; of a list any element. Of several values for
    /// one field any does.
    pub field: Vec<(String, String)>,
}

/// What filters are called, as far as that is no dimension as well.
pub(crate) const FILTERS: [&str; 3] = ["without_tag", "score", "field"];

/// By what rows are picked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FilterBy {
    /// The agent.
    Agent,
    /// The group.
    Group,
    /// The ticket's brand.
    Brand,
    /// The ticket's organization.
    Organization,
    /// The ticket's form.
    Form,
    /// A tag that the ticket has.
    Tag,
    /// A tag that it has not.
    WithoutTag,
    /// How the ticket came in.
    Channel,
    /// The system.
    Source,
    /// The score.
    Score,
    /// The ticket's priority.
    Priority,
    /// A custom field of the ticket.
    Field,
}

impl FilterBy {
    /// What it is called in a sentence.
    const fn name(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Group => "group",
            Self::Brand => "brand",
            Self::Organization => "organization",
            Self::Form => "form",
            Self::Tag => "tag",
            Self::WithoutTag => "without the tag",
            Self::Channel => "channel",
            Self::Source => "source",
            Self::Score => "score",
            Self::Priority => "priority",
            Self::Field => "field",
        }
    }
}

impl Filter {
    /// Whether it leaves no row out.
    pub fn is_empty(&self) -> bool {
        self.field.is_empty() && self.asked().all(|(_, texts)| texts.is_empty())
    }

    fn asked(&self) -> impl Iterator<Item = (FilterBy, &[String])> {
        [
            (FilterBy::Agent, &self.agent),
            (FilterBy::Group, &self.group),
            (FilterBy::Brand, &self.brand),
            (FilterBy::Organization, &self.organization),
            (FilterBy::Form, &self.form),
            (FilterBy::Tag, &self.tag),
            (FilterBy::WithoutTag, &self.without_tag),
            (FilterBy::Channel, &self.channel),
            (FilterBy::Source, &self.source),
            (FilterBy::Score, &self.score),
            (FilterBy::Priority, &self.priority),
        ]
        .into_iter()
        .map(|(by, texts)| (by, texts.as_slice()))
    }
}

/// What rows were picked by, as it was found in the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Filtered {
    /// By what.
    pub by: FilterBy,
    /// The custom field's name, where it is by one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The ids, or the texts: any of them.
    pub keys: Vec<String>,
    /// The names of those ids that have one, or the texts.
    pub names: Vec<String>,
}

/// Why rows cannot be picked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FilterError {
    /// Nothing in the file is called so.
    #[error("no {} of the file is called {text:?}{}", by.name(), hint(near, *known))]
    Unknown {
        /// By what was asked.
        by: FilterBy,
        /// The text.
        text: String,
        /// What is near it.
        near: Vec<String>,
        /// How many names the file has.
        known: usize,
    },
    /// The file has no custom field of this name.
    #[error(
        "no custom field of the file is called {text:?}{}",
        hint_of_fields(near, known)
    )]
    UnknownField {
        /// The text.
        text: String,
        /// What is near it.
        near: Vec<String>,
        /// The fields that the file has names for.
        known: Vec<String>,
    },
    /// No ticket of the file has this value in the custom field.
    #[error("no {field} of the file is called {text:?}{}", hint_of_values(near, *known))]
    UnknownValue {
        /// The field.
        field: String,
        /// The text.
        text: String,
        /// What is near it.
        near: Vec<String>,
        /// How many values tickets have there.
        known: usize,
    },
    /// SQLite failed.
    #[error("the names in the file cannot be read: {0}")]
    Sqlite(#[from] rusqlite::Error),
}

fn hint(near: &[String], known: usize) -> String {
    match (near, known) {
        ([], 0) => ", which has no names of them: the next sync reads them".to_owned(),
        ([], known) => format!(", and none of the {known} there are is like it"),
        (near, _) => format!(": perhaps {}", or(near)),
    }
}

fn hint_of_values(near: &[String], known: usize) -> String {
    if known == 0 {
        ": no ticket has a value there".to_owned()
    } else {
        hint(near, known)
    }
}

fn hint_of_fields(near: &[String], known: &[String]) -> String {
    match (near, known) {
        (_, []) => ", which has names for none: sync gives them with --field ID=NAME".to_owned(),
        ([], known) => format!(": there are {}", known.join(", ")),
        (near, _) => format!(": perhaps {}", or(near)),
    }
}

/// `a, b or c`.
pub(crate) fn or(texts: &[String]) -> String {
    match texts {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}
