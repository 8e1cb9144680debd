//! Listings that come in one page as a rule: a further one is followed by its number.

use crate::Error;
use crate::operation::Operation;

/// The page that an address asks for. The address itself is never called.
pub(super) fn page_number(address: &str) -> Option<String> {
    let (_, query) = address.split_once('?')?;
    let number = query.split('&').find_map(|pair| pair.strip_prefix("page="))?;
    number.parse::<u32>().ok().map(|number| number.to_string())
}

/// The page that a cursor stands for.
pub(super) fn to_page(operation: &'static Operation, cursor: Option<&str>) -> Result<Option<i32>, Error> {
    cursor
        .map(|cursor| {
            cursor
                .parse()
                .map_err(|_| Error::misused(operation, format!("cursor {cursor:?}: not one of this listing")))
        })
        .transpose()
}
