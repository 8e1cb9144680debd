//! From the bytes of a body to records: the one boundary behind which the JSON parser stands.

pub(crate) mod body;
pub(crate) mod borrowed;
pub(crate) mod broken;
pub(crate) mod json;
pub(crate) mod next_page;
pub(crate) mod page;
pub(crate) mod parts;
pub(crate) mod selected;
pub(crate) mod sink;
pub(crate) mod surrogates;
pub(crate) mod time;
pub(crate) mod tolerant;
pub(crate) mod whole;
