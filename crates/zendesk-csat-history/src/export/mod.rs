//! The tables of a history for other tools: typed and streamed.
//!
//! A [`Table`] is read as Arrow record batches, of one moment of the file and a few thousand rows at a time.

mod batches;
mod table;

pub use batches::Batches;
pub use table::{Column, ColumnType, Table, UnknownTable};

pub(crate) use batches::open_to_read;
pub(crate) use table::select;
