#![doc = include_str!("../README.md")]
#![allow(dead_code, reason = "writes and faults build on it next")]

mod account;
mod auth;
mod clock;
mod control;
mod emulator;
mod journal;
mod paging;
mod render;
mod reply;
mod request;
mod routes;
mod server;
mod truth;
mod zendesk;

pub use emulator::{Emulator, EmulatorBuilder, EmulatorError};
pub use journal::JournalEntry;
pub use zendesk::{AccountInfo, UserInfo, Users};
