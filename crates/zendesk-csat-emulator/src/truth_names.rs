//! Who and what the ids of the account stand for, as it should come out now.

use serde::Serialize;

use crate::account::Account;
use crate::account::people::{self, GROUPS, UserRef};
use crate::account::places::{BRANDS, FORMS, ORGANIZATIONS, organization_name};

/// What an id stands for.
#[derive(Debug, Serialize)]
pub(crate) struct Name {
    id: u64,
    name: String,
    /// Whether it still is: neither deleted nor out of use.
    is_active: bool,
}

/// Every name, by kind.
#[derive(Debug, Serialize)]
pub(crate) struct Names {
    /// Admins and agents, those who left too.
    agents: Vec<Name>,
    groups: Vec<Name>,
    brands: Vec<Name>,
    organizations: Vec<Name>,
    ticket_forms: Vec<Name>,
}

pub(crate) fn names(account: &Account) -> Names {
    let ids = &account.ids;
    let agents = (0_u16..).take(account.staff.len()).map(|agent| Name {
        id: account.user_id(UserRef::Staff(agent)),
        name: account.user_name(UserRef::Staff(agent)),
        is_active: !people::agent_is_deleted(agent),
    });
    let groups = (0_u8..).zip(GROUPS).map(|(group, name)| Name {
        id: ids.groups.id(u32::from(group)),
        name: (*name).to_owned(),
        is_active: !people::group_is_deleted(group),
    });
    let brands = (0_u32..).zip(BRANDS).map(|(index, brand)| Name {
        id: ids.brands.id(index),
        name: brand.name.to_owned(),
        is_active: brand.active,
    });
    let organizations = (0..ORGANIZATIONS).map(|index| Name {
        id: ids.organizations.id(index),
        name: organization_name(account.seed, index),
        is_active: true,
    });
    let ticket_forms = (0_u32..).zip(FORMS).map(|(index, (name, _))| Name {
        id: ids.forms.id(index),
        name: (*name).to_owned(),
        is_active: true,
    });
    Names {
        agents: agents.collect(),
        groups: groups.collect(),
        brands: brands.collect(),
        organizations: organizations.collect(),
        ticket_forms: ticket_forms.collect(),
    }
}
