//! The zendesk-csat command
