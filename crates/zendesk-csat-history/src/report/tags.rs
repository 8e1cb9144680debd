//! The tags of tickets, one by one.

use super::ReportError;
use super::tally::Grouping;
use crate::csat::read_texts;

/// Takes a grouping by lists of tags, as the table has them, apart into one by tags. An empty list counts as no tag.
pub(crate) fn apart(grouping: &mut Grouping) -> Result<(), ReportError> {
    let lists = std::mem::replace(grouping, Grouping::new(grouping.dimension.clone())).into_groups();
    for (list, tally) in &lists.texts {
        let mut tags = read_texts(list).map_err(|error| ReportError::Column {
            column: "tags",
            found: format!("what is no list of texts: {error}"),
        })?;
        // A ticket counts once under each.
        tags.sort_unstable();
        tags.dedup();
        if tags.is_empty() {
            grouping.merge_text(None, tally);
        }
        for tag in &tags {
            grouping.merge_text(Some(tag), tally);
        }
    }
    grouping.merge_text(None, &lists.without_key);
    Ok(())
}
