//! What the spec says of each operation, for the transport and the resources.

use crate::transport::bucket::Bucket;

/// One operation of the spec.
#[derive(Debug)]
pub(crate) struct Operation {
    /// The operationId.
    pub(crate) id: &'static str,
    /// The limit that its calls count against.
    pub(crate) bucket: Bucket,
    /// The largest page that the service gives.
    pub(crate) max_page_size: Option<i32>,
}

include!(concat!(env!("OUT_DIR"), "/operations.rs"));
