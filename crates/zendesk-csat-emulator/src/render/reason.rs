//! A reason for a bad legacy rating.

use serde::Serialize;

use super::{iso_seconds, record_url};
use crate::account::Account;

#[derive(Debug, Serialize)]
pub(crate) struct ReasonJson {
    url: String,
    id: u64,
    reason_code: u32,
    value: &'static str,
    raw_value: &'static str,
    created_at: String,
    updated_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    deleted_at: Option<String>,
}

impl ReasonJson {
    pub(crate) fn new(account: &Account, index: u32) -> Option<Self> {
        let reason = account.reasons.get(index as usize)?;
        let id = account.ids.reasons.id(index);
        Some(Self {
            url: record_url(&format!("satisfaction_reasons/{id}")),
            id,
            reason_code: reason.code,
            value: reason.value,
            raw_value: reason.raw_value,
            created_at: iso_seconds(reason.created),
            updated_at: iso_seconds(reason.updated),
            deleted_at: reason.deleted.map(iso_seconds),
        })
    }
}
