//! Custom fields of tickets as dimensions.

use rusqlite::Connection;

use super::dimension::Dimension;
use super::tally::Grouping;
use super::{ReportError, ReportOptions};
use crate::filter::near;
use crate::rows::ticket_field::{self, folded, texts, value_in_rows};

/// What to read of a row for each field that the report is grouped by, in their order.
pub(crate) fn columns(connection: &Connection, options: &ReportOptions) -> Result<Vec<String>, ReportError> {
    let mut asked: Vec<&str> = Vec::new();
    for dimension in &options.by {
        if let Dimension::Field(name) = dimension
            && !asked.contains(&&**name)
        {
            asked.push(name);
        }
    }
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let fields = ticket_field::names(connection, options.subdomain.as_deref())?;
    let column = |text: &str| {
        // Each account may write it in another way.
        let same: Vec<&String> = fields
            .iter()
            .filter(|name| folded(name) == folded(text))
            .collect();
        if same.is_empty() {
            let known = fields.iter().map(String::as_str);
            let dimensions = Dimension::ALL;
            let known = known.chain(dimensions.iter().map(Dimension::as_str));
            return Err(ReportError::UnknownDimension {
                text: text.to_owned(),
                near: near(text, known),
                fields: fields.clone(),
            });
        }
        Ok(value_in_rows(same))
    };
    asked.into_iter().map(column).collect()
}

/// Takes a grouping by values in JSON apart into one by texts. What says nothing counts as no value.
pub(crate) fn apart(grouping: &mut Grouping) -> Result<(), ReportError> {
    let values = std::mem::replace(grouping, Grouping::new(grouping.dimension.clone())).into_groups();
    for (value, tally) in &values.texts {
        let texts = texts(value).map_err(|error| ReportError::Column {
            column: "custom_fields",
            found: format!("what is no JSON: {error}"),
        })?;
        if texts.is_empty() {
            grouping.merge_text(None, tally);
        }
        for text in &texts {
            grouping.merge_text(Some(text), tally);
        }
    }
    grouping.merge_text(None, &values.without_key);
    Ok(())
}
