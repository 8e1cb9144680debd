//! Brands, ticket forms and organizations.

use serde_json::{Value, json};

use super::{iso_seconds, record_url};
use crate::account::Account;
use crate::account::places::{Brand, organization_name};

pub(crate) fn brand(account: &Account, index: u32, brand: &Brand) -> Value {
    let id = account.ids.brands.id(index);
    json!({
        "id": id,
        "url": record_url(&format!("brands/{id}")),
        "name": brand.name,
        "subdomain": brand.subdomain,
        "brand_url": format!("https://{}.zendesk.com", brand.subdomain),
        "active": brand.active,
        "default": index == 0,
        "is_deleted": false,
        "created_at": iso_seconds(Account::founded()),
        "updated_at": iso_seconds(Account::founded()),
    })
}

pub(crate) fn form(account: &Account, index: u32, (name, display_name): (&str, &str)) -> Value {
    let id = account.ids.forms.id(index);
    json!({
        "id": id,
        "url": record_url(&format!("ticket_forms/{id}")),
        "name": name,
        "display_name": display_name,
        "active": true,
        "default": index == 0,
        "end_user_visible": true,
        "position": index + 1,
        "created_at": iso_seconds(Account::founded()),
        "updated_at": iso_seconds(Account::founded()),
    })
}

pub(crate) fn organization(account: &Account, index: u32) -> Value {
    let id = account.ids.organizations.id(index);
    json!({
        "id": id,
        "url": record_url(&format!("organizations/{id}")),
        "name": organization_name(account.seed, index),
        "external_id": null,
        "group_id": null,
        "tags": [],
        "created_at": iso_seconds(Account::founded()),
        "updated_at": iso_seconds(Account::founded()),
    })
}
