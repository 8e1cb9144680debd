//! The client for Zendesk's customer satisfaction (CSAT) APIs

#[allow(dead_code, unreachable_pub)]
mod transport;
