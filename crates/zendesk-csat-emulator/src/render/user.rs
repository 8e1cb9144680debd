//! Users and groups, as side loads, in lists and as `users/me` give them.

use serde_json::{Value, json};

use super::{iso_seconds, record_url};
use crate::account::Account;
use crate::account::people::{self, GROUPS, UserRef};

/// Time zones, by the names that Zendesk and IANA give them.
const TIME_ZONES: [(&str, &str); 4] = [
    ("UTC", "Etc/UTC"),
    ("Berlin", "Europe/Berlin"),
    ("Eastern Time (US & Canada)", "America/New_York"),
    ("Tokyo", "Asia/Tokyo"),
];

pub(crate) fn user(account: &Account, user: UserRef) -> Value {
    let id = account.user_id(user);
    let agent = match user {
        UserRef::Staff(index) => Some(index),
        UserRef::Customer(_) => None,
    };
    let (time_zone, iana_time_zone) = TIME_ZONES[usize::from(agent.unwrap_or_default()) % TIME_ZONES.len()];
    let founded = Account::founded();
    let renamed = agent.map_or(0, |index| account.staff[usize::from(index)].renamed);
    let group = agent.map(|index| account.ids.groups.id(u32::from(people::group_of(index))));
    json!({
        "id": id,
        "url": record_url(&format!("users/{id}")),
        "name": account.user_name(user),
        "email": account.email(user),
        "role": account.role(user).name(),
        "verified": account.is_verified(user),
        "active": !agent.is_some_and(people::agent_is_deleted),
        "suspended": agent.is_some_and(people::agent_is_suspended),
        "locale": "en-US",
        "time_zone": time_zone,
        "iana_time_zone": iana_time_zone,
        "default_group_id": group,
        "organization_id": account.organization_id_of(user),
        "created_at": iso_seconds(founded),
        "updated_at": iso_seconds(founded.max(renamed)),
    })
}

pub(crate) fn group(account: &Account, index: u8) -> Value {
    let id = account.ids.groups.id(u32::from(index));
    json!({
        "id": id,
        "url": record_url(&format!("groups/{id}")),
        "name": GROUPS.get(usize::from(index)).copied().unwrap_or_default(),
        "description": "",
        "default": index == 0,
        "deleted": people::group_is_deleted(index),
        "is_public": true,
        "created_at": iso_seconds(Account::founded()),
        "updated_at": iso_seconds(Account::founded()),
    })
}
