//! `satisfaction_reasons`.

use serde_json::json;

use super::admins_only;
use crate::account::Account;
use crate::auth::Caller;
use crate::render::reason::ReasonJson;
use crate::reply::{Answer, Reply, record_not_found};

pub(super) fn list(account: &Account, caller: &Caller) -> Answer {
    admins_only(caller)?;
    caller.requires_scope("read", Some("satisfaction_reasons"))?;
    let reasons: Vec<ReasonJson> = (0..).map_while(|index| ReasonJson::new(account, index)).collect();
    Ok(Reply::json(200, &json!({"reasons": reasons})))
}

pub(super) fn show(account: &Account, caller: &Caller, id: &str) -> Answer {
    admins_only(caller)?;
    caller.requires_scope("read", Some("satisfaction_reasons"))?;
    let index = id
        .parse()
        .ok()
        .and_then(|id| account.ids.reasons.index(id))
        .ok_or_else(record_not_found)?;
    let reason = ReasonJson::new(account, index).ok_or_else(record_not_found)?;
    Ok(Reply::json(200, &json!({"reason": reason})))
}
