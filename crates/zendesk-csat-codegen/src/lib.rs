//! Generates the zendesk-csat client from its OpenAPI spec
