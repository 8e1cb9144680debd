//! Who and where: `groups`, `users`, `brands`, `ticket_forms` and `organizations`.

use serde_json::{Value, json};

use super::{listed, staff_only};
use crate::account::Account;
use crate::account::people::{self, GROUPS, Role, UserRef};
use crate::account::places::{BRANDS, FORMS, ORGANIZATIONS};
use crate::auth::Caller;
use crate::render::{places, user};
use crate::reply::{Answer, Reply};
use crate::request::Request;

pub(super) fn groups(account: &Account, caller: &Caller, request: &Request) -> Answer {
    staff_only(caller)?;
    caller.requires_scope("read", None)?;
    let with_deleted = matches!(request.query.get("exclude_deleted"), Some("false" | "0"));
    let groups: Vec<u8> = (0_u8..)
        .take(GROUPS.len())
        .filter(|group| with_deleted || !people::group_is_deleted(*group))
        .collect();
    listed::page(request, "groups", groups.len(), |place| {
        user::group(account, groups[place])
    })
}

/// Deleted users are in no list; their ids show them.
pub(super) fn users(account: &Account, caller: &Caller, request: &Request) -> Answer {
    staff_only(caller)?;
    caller.requires_scope("read", Some("users"))?;
    let mut roles: Vec<&str> = request.query.all("role[]").collect();
    roles.extend(request.query.all("role"));
    roles.retain(|role| !role.is_empty());
    let is_wanted = |role: Role| roles.is_empty() || roles.contains(&role.name());
    let staff: Vec<u16> = (0_u16..)
        .zip(&account.staff)
        .filter(|(agent, staff)| is_wanted(staff.role) && !people::agent_is_deleted(*agent))
        .map(|(agent, _)| agent)
        .collect();
    let customers = if is_wanted(Role::EndUser) {
        account.customers as usize
    } else {
        0
    };
    listed::page(request, "users", staff.len() + customers, |place| {
        let found = match staff.get(place) {
            Some(agent) => UserRef::Staff(*agent),
            None => UserRef::Customer(u32::try_from(place - staff.len()).unwrap_or_default()),
        };
        user::user(account, found)
    })
}

pub(super) fn many_users(account: &Account, caller: &Caller, request: &Request) -> Answer {
    staff_only(caller)?;
    caller.requires_scope("read", Some("users"))?;
    listed::by_ids(request, "users", |id| {
        Some(user::user(account, account.user_of_id(id)?))
    })
}

pub(super) fn me(account: &Account, caller: &Caller) -> Answer {
    let mut user = user::user(account, caller.user);
    user["role"] = caller.role.name().into();
    Ok(Reply::json(200, &json!({ "user": user })))
}

pub(super) fn brands(account: &Account, caller: &Caller, request: &Request) -> Answer {
    staff_only(caller)?;
    caller.requires_scope("read", None)?;
    let brands: Vec<Value> = (0_u32..)
        .zip(BRANDS)
        .map(|(index, brand)| places::brand(account, index, brand))
        .collect();
    listed::page(request, "brands", brands.len(), |place| brands[place].clone())
}

pub(super) fn ticket_forms(account: &Account, caller: &Caller) -> Answer {
    staff_only(caller)?;
    caller.requires_scope("read", None)?;
    let forms: Vec<Value> = (0_u32..)
        .zip(FORMS)
        .map(|(index, form)| places::form(account, index, *form))
        .collect();
    Ok(Reply::json(
        200,
        &json!({"count": forms.len(), "ticket_forms": forms, "next_page": null, "previous_page": null}),
    ))
}

pub(super) fn many_organizations(account: &Account, caller: &Caller, request: &Request) -> Answer {
    staff_only(caller)?;
    caller.requires_scope("read", Some("organizations"))?;
    listed::by_ids(request, "organizations", |id| {
        let index = account.ids.organizations.index(id)?;
        (index < ORGANIZATIONS).then(|| places::organization(account, index))
    })
}
