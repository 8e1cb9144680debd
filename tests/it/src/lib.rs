//! End-to-end tests that only consume
