//! Every CSAT rating of a Zendesk account in one SQLite table, with scores and reports
