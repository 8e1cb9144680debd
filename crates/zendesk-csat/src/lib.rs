//! The client for Zendesk's customer satisfaction (CSAT) APIs
