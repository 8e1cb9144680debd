//! Users and groups, as side loads and as `users/me` give them.

use serde_json::{Value, json};

use super::record_url;
use crate::account::Account;
use crate::account::people::{GROUPS, UserRef};

pub(crate) fn user(account: &Account, user: UserRef) -> Value {
    let id = account.user_id(user);
    json!({
        "id": id,
        "url": record_url(&format!("users/{id}")),
        "name": account.user_name(user),
        "email": account.email(user),
        "role": account.role(user).name(),
        "verified": account.is_verified(user),
        "active": true,
        "locale": "en-US",
        "time_zone": "UTC",
    })
}

pub(crate) fn group(account: &Account, index: u8) -> Value {
    let id = account.ids.groups.id(u32::from(index));
    json!({
        "id": id,
        "url": record_url(&format!("groups/{id}")),
        "name": GROUPS.get(usize::from(index)).copied().unwrap_or_default(),
        "deleted": false,
    })
}
