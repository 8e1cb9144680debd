//! The report, from a table to numbers, text and a page.

#![allow(clippy::unwrap_used, reason = "the helpers of tests are tests too")]

mod table;

mod fields;
mod filters;
mod markdown;
mod numbers;
mod page;
mod periods;
mod text;
mod truth;
mod workbook;
