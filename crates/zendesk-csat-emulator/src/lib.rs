//! An offline Zendesk account for tests and trials of CSAT clients
