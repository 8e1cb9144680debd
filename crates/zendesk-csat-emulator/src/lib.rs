#![doc = include_str!("../README.md")]
mod account;
mod api;
mod auth;
mod clock;
mod control;
mod emulator;
mod faults;
mod journal;
mod limits;
mod names;
mod page;
mod paging;
mod put;
mod render;
mod reply;
mod request;
mod routes;
mod server;
mod state;
mod truth;
mod wire;
mod zendesk;

pub use emulator::{Emulator, EmulatorBuilder, EmulatorError, PutError};
pub use faults::FaultsError;
pub use journal::JournalEntry;
pub use state::StateError;
pub use zendesk::{AccountInfo, UserInfo, Users};
