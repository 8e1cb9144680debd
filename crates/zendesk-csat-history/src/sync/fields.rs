//! Custom fields of tickets, and the names that a user gives them.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use crate::error::HistoryError;
use crate::export::Table;
use crate::filter::FILTERS;
use crate::report::Dimension;
use crate::rows::{account, ticket_field};
use crate::store::History;

/// A custom field of tickets by its id, and the name that it is to have in tables and reports.
///
/// ```
/// use zendesk_csat_history::TicketField;
///
/// let field: TicketField = "360001=plan".parse()?;
/// assert_eq!((field.id(), field.name()), (360001, "plan"));
/// assert_eq!(field, TicketField::new(360001, "plan")?);
/// assert!(TicketField::new(360001, "agent").is_err());
/// # Ok::<(), zendesk_csat_history::TicketFieldError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketField {
    id: i64,
    name: String,
}

/// Why a field cannot be named so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TicketFieldError {
    /// The text is not an id, `=` and a name.
    #[error("{0:?} names no field: write its id and a name, such as 360001=plan")]
    NotIdAndName(String),
    /// No field can have this name.
    #[error(
        "no field can be named {0:?}: a name has letters, digits, spaces, _ and -, begins with a letter, and is no longer than 64"
    )]
    Name(String),
    /// Reports, filters or tables have the name already.
    #[error("no field can be named {0:?}: reports, filters and tables have something else of this name")]
    Reserved(String),
    /// One field has two names, or two fields have one.
    #[error("the fields {first} and {second} cannot both be: a field has one name, and each another")]
    Twice {
        /// One of them, as `ID=NAME`.
        first: String,
        /// The other.
        second: String,
    },
}

impl TicketField {
    /// A field and its name.
    ///
    /// # Errors
    /// The name is no name, or is that of something else.
    pub fn new(id: i64, name: &str) -> Result<Self, TicketFieldError> {
        if !ticket_field::is_name(name) {
            return Err(TicketFieldError::Name(name.to_owned()));
        }
        let same = |known: &str| plain(known) == plain(name);
        let is_column = |table: Table| table.columns().iter().any(|column| same(column.name));
        if Dimension::ALL.iter().any(|dimension| same(dimension.as_str()))
            || FILTERS.iter().any(|filter| same(filter))
            // What a report is by in all, where its groups are rows.
            || same("total")
            || is_column(Table::Csat)
            || is_column(Table::Tickets)
        {
            return Err(TicketFieldError::Reserved(name.to_owned()));
        }
        Ok(Self {
            id,
            name: name.to_owned(),
        })
    }

    /// The field's id in the account.
    #[must_use]
    pub fn id(&self) -> i64 {
        self.id
    }

    /// Its name in tables and reports.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// `Without Tag` is `without_tag` is `without-tag`.
fn plain(name: &str) -> String {
    ticket_field::folded(name).replace([' ', '-'], "_")
}

impl fmt::Display for TicketField {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}={}", self.id, self.name)
    }
}

impl FromStr for TicketField {
    type Err = TicketFieldError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let not_both = || TicketFieldError::NotIdAndName(text.to_owned());
        let (id, name) = text.split_once('=').ok_or_else(not_both)?;
        let id = id.trim().parse().map_err(|_| not_both())?;
        Self::new(id, name.trim())
    }
}

/// The account's fields with these named anew.
pub(super) fn with(
    known: &BTreeMap<i64, String>,
    given: &[TicketField],
) -> Result<BTreeMap<i64, String>, TicketFieldError> {
    let twice = |first: &TicketField, second: &TicketField| TicketFieldError::Twice {
        first: first.to_string(),
        second: second.to_string(),
    };
    let mut fields = known.clone();
    let mut said: BTreeMap<i64, &TicketField> = BTreeMap::new();
    for field in given {
        if let Some(before) = said.insert(field.id, field)
            && before != field
        {
            return Err(twice(before, field));
        }
        fields.insert(field.id, field.name.clone());
    }
    let mut named: BTreeMap<String, TicketField> = BTreeMap::new();
    for (id, name) in &fields {
        let field = TicketField {
            id: *id,
            name: name.clone(),
        };
        if let Some(before) = named.insert(plain(name), field.clone()) {
            return Err(twice(&before, &field));
        }
    }
    Ok(fields)
}

/// The same, as they are given.
pub(super) fn given(fields: &BTreeMap<i64, String>) -> Vec<TicketField> {
    fields
        .iter()
        .map(|(id, name)| TicketField {
            id: *id,
            name: name.clone(),
        })
        .collect()
}

/// The fields that the account has from now on, and whether one of them is new.
pub(super) fn of_account(
    history: &History,
    subdomain: &str,
    given: &[TicketField],
) -> Result<(BTreeMap<i64, String>, bool), HistoryError> {
    let known = history.read(|connection| match account::find(connection, subdomain)? {
        Some(account) => ticket_field::named(connection, account.id),
        None => Ok(BTreeMap::new()),
    })?;
    let fields = with(&known, given)?;
    let is_new = fields.keys().any(|id| !known.contains_key(id));
    Ok((fields, is_new))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(text: &str) -> TicketField {
        text.parse().unwrap()
    }

    fn known(texts: &[&str]) -> BTreeMap<i64, String> {
        texts
            .iter()
            .map(|text| (field(text).id, field(text).name))
            .collect()
    }

    #[test]
    fn what_is_no_id_and_name_says_so() {
        for text in ["plan", "=plan", "plan=360001", "1.5=plan", ""] {
            let error = text.parse::<TicketField>().unwrap_err();
            assert_eq!(error, TicketFieldError::NotIdAndName(text.to_owned()));
        }
        for text in ["1=", "1=2nd", "1=a\"b", "1=a=b"] {
            let error = text.parse::<TicketField>().unwrap_err();
            assert!(matches!(error, TicketFieldError::Name(_)), "{text}");
        }
    }

    #[test]
    fn names_of_other_things_are_refused() {
        for name in [
            "agent",
            "Agent",
            "survey-version",
            "survey version",
            "without_tag",
            "without-tag",
            "field",
            "comment",
            "ticket_url",
            "total",
            "custom_fields",
            "subject",
        ] {
            assert_eq!(
                TicketField::new(1, name),
                Err(TicketFieldError::Reserved(name.to_owned()))
            );
        }
    }

    #[test]
    fn a_field_has_one_name_and_a_name_one_field() {
        let (a, b) = (field("1=plan"), field("2=region"));
        assert_eq!(
            with(&known(&["1=plan"]), std::slice::from_ref(&b)),
            Ok(known(&["1=plan", "2=region"]))
        );
        assert_eq!(
            with(&known(&["1=plan"]), &[field("1=tier")]),
            Ok(known(&["1=tier"]))
        );
        // They change places.
        assert_eq!(
            with(
                &known(&["1=plan", "2=region"]),
                &[field("1=region"), field("2=plan")]
            ),
            Ok(known(&["1=region", "2=plan"]))
        );
        assert_eq!(with(&known(&[]), &[a.clone(), a.clone()]), Ok(known(&["1=plan"])));
        for (before, given) in [
            (known(&["1=plan"]), vec![field("2=Plan")]),
            (known(&[]), vec![a.clone(), field("1=tier")]),
            (known(&[]), vec![a, field("2=plan")]),
        ] {
            assert!(matches!(
                with(&before, &given),
                Err(TicketFieldError::Twice { .. })
            ));
        }
    }
}
