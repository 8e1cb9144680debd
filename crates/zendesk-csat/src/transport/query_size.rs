//! Comma lists that fit into a URL: one value for each call.

use std::fmt::{Display, Write};

use url::form_urlencoded;

/// Bytes that one query value may have as it is encoded in the URL. Longer URLs are refused on the way.
pub(crate) const LONGEST_QUERY_VALUE: usize = 2_000;

/// Joins `items` with commas into as few values as hold them all in their order, none with more than `max_items`
/// items or with more than [`LONGEST_QUERY_VALUE`] encoded bytes. No items make no value.
pub(crate) fn comma_lists<I>(items: I, max_items: usize) -> Result<Vec<String>, ListItemError>
where
    I: IntoIterator<Item: Display>,
{
    comma_lists_within(items, max_items, LONGEST_QUERY_VALUE)
}

fn comma_lists_within<I>(items: I, max_items: usize, max_bytes: usize) -> Result<Vec<String>, ListItemError>
where
    I: IntoIterator<Item: Display>,
{
    let mut lists: Vec<String> = Vec::new();
    let (mut list_items, mut list_bytes) = (0, 0);
    let comma_bytes = encoded_bytes(",");
    let mut item = String::new();
    for (index, displayed) in items.into_iter().enumerate() {
        item.clear();
        // Writing to a string fails only if the item's own Display does.
        if write!(item, "{displayed}").is_err() || item.is_empty() {
            return Err(ListItemError::Empty { index });
        }
        if item.contains(',') {
            return Err(ListItemError::Comma { index });
        }
        let bytes = encoded_bytes(&item);
        if bytes > max_bytes {
            return Err(ListItemError::TooLong { index, max_bytes });
        }
        let has_room = list_items < max_items && list_bytes + comma_bytes + bytes <= max_bytes;
        match lists.last_mut() {
            Some(list) if has_room => {
                list.push(',');
                list.push_str(&item);
                list_items += 1;
                list_bytes += comma_bytes + bytes;
            }
            _ => {
                lists.push(item.clone());
                list_items = 1;
                list_bytes = bytes;
            }
        }
    }
    Ok(lists)
}

fn encoded_bytes(text: &str) -> usize {
    form_urlencoded::byte_serialize(text.as_bytes())
        .map(str::len)
        .sum()
}

/// Why an item cannot stand in a comma list. Items are counted from 0.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ListItemError {
    #[error("item {index} of the list is empty")]
    Empty { index: usize },
    #[error("item {index} of the list has a comma in it; give each one as an item of its own")]
    Comma { index: usize },
    #[error("item {index} of the list is longer than {max_bytes} bytes")]
    TooLong { index: usize, max_bytes: usize },
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_short_list_is_one_value() {
        assert_eq!(comma_lists([1, 2, 3], 100).unwrap(), ["1,2,3"]);
        assert_eq!(comma_lists(["zen:ticket:1"], 100).unwrap(), ["zen:ticket:1"]);
        assert!(comma_lists(Vec::<u64>::new(), 100).unwrap().is_empty());
    }

    #[test]
    fn a_list_is_split_by_items_and_by_encoded_bytes() {
        assert_eq!(comma_lists(1..=5, 2).unwrap(), ["1,2", "3,4", "5"]);
        // "a,b" is five bytes in a URL: the comma is %2C.
        assert_eq!(comma_lists_within(["a", "b", "c"], 9, 5).unwrap(), ["a,b", "c"]);
        assert_eq!(
            comma_lists_within(["a", "b", "c"], 9, 4).unwrap(),
            ["a", "b", "c"]
        );
        let tickets = comma_lists((1..=1_000).map(|id| format!("zen:ticket:{id}")), 1_000).unwrap();
        assert!(tickets.len() < 12, "{} calls", tickets.len());
    }

    #[test]
    fn an_item_that_would_become_others_is_refused() {
        assert_eq!(
            comma_lists(["1", "2,3"], 9),
            Err(ListItemError::Comma { index: 1 })
        );
        assert_eq!(comma_lists(["1", ""], 9), Err(ListItemError::Empty { index: 1 }));
        let long = "é".repeat(400);
        let error = comma_lists([long], 9).unwrap_err();
        assert_eq!(error.to_string(), "item 0 of the list is longer than 2000 bytes");
    }

    proptest! {
        #[test]
        fn no_item_is_lost_and_no_value_is_too_long(
            items in proptest::collection::vec("[a-z0-9:é ]{1,12}", 0..80),
            max_items in 1..20_usize,
            max_bytes in 80..300_usize,
        ) {
            let lists = comma_lists_within(&items, max_items, max_bytes).unwrap();
            let joined: Vec<&str> = lists.iter().flat_map(|list| list.split(',')).collect();
            prop_assert_eq!(joined, items);
            for list in &lists {
                prop_assert!(list.split(',').count() <= max_items);
                prop_assert!(encoded_bytes(list) <= max_bytes);
            }
        }

        #[test]
        fn two_neighbours_never_fit_into_one_value(
            items in proptest::collection::vec("[a-z:]{1,12}", 2..80),
            max_items in 1..20_usize,
        ) {
            let lists = comma_lists_within(&items, max_items, 100).unwrap();
            for pair in lists.windows(2) {
                let next = pair[1].split(',').next().unwrap();
                let with_next = format!("{},{next}", pair[0]);
                prop_assert!(with_next.split(',').count() > max_items || encoded_bytes(&with_next) > 100);
            }
        }
    }
}
