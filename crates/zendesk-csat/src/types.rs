//! The models of the API: generated from the spec, named as Zendesk names them.
//!
//! Every field that the service may leave out or send as null is an `Option`. Times are
//! UTC. Enums are open: a value that is newer than this crate survives in `Unknown`. So does a
//! property that is newer: every model of what the service sends has its [`extra`](crate::Extra).
//!
//! ```
//! use zendesk_csat::types::{RatingScore, SatisfactionRating};
//!
//! let rating: SatisfactionRating = serde_json::from_str(r#"{"id": 7, "score": "superb"}"#)?;
//! assert_eq!(rating.id.get(), 7);
//! assert_eq!(rating.score, Some(RatingScore::Unknown("superb".into())));
//! # Ok::<(), serde_json::Error>(())
//! ```

pub use crate::generated::types::*;

include!(concat!(env!("OUT_DIR"), "/vocabulary.rs"));
include!(concat!(env!("OUT_DIR"), "/schemas.rs"));
