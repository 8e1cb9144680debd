//! Agents, groups and customers.

use super::ids::{domain, mix};
use super::texts;

/// What a user may do in Zendesk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Admin,
    Agent,
    EndUser,
}

impl Role {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Agent => "agent",
            Self::EndUser => "end-user",
        }
    }
}

/// One user, staff or customer, by index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum UserRef {
    Staff(u16),
    Customer(u32),
}

/// An admin or an agent.
#[derive(Debug)]
pub(crate) struct Staff {
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) role: Role,
    /// How likely a rating of this agent is good when the customer did not wait.
    pub(crate) skill: f64,
    /// How this agent's resolution times compare with the usual ones.
    pub(crate) slowness: f64,
}

/// Group names; a group's index is its place here.
pub(crate) const GROUPS: &[&str] = &["Orders", "Billing", "Technical support", "Accounts", "VIP desk"];
const AGENTS: u16 = 19;
/// Agents and the admin.
pub(crate) const STAFF: u16 = AGENTS + 1;
/// The staff member with every right, who takes no tickets.
pub(crate) const ADMIN: u16 = 0;

pub(crate) fn staff(seed: u64) -> Vec<Staff> {
    (0..=AGENTS)
        .map(|index| {
            let draw = mix(seed, domain::CUSTOMER, (1 << 40) + u64::from(index));
            let unit = |bits: u64| (bits % 1_000) as f64 / 1_000.0;
            Staff {
                name: texts::name(draw),
                email: if index == ADMIN {
                    "admin@example.com".to_owned()
                } else {
                    format!("agent-{index}@example.com")
                },
                role: if index == ADMIN { Role::Admin } else { Role::Agent },
                skill: 0.78 + 0.17 * unit(draw >> 10),
                slowness: 0.6 + 0.9 * unit(draw >> 20),
            }
        })
        .collect()
}

/// The agents who take a group's tickets.
pub(crate) fn agents_of(group: u8) -> impl Iterator<Item = u16> {
    (1..=AGENTS).filter(move |index| usize::from(*index) % GROUPS.len() == usize::from(group))
}

pub(crate) fn customer_name(seed: u64, index: u32) -> String {
    texts::name(mix(seed, domain::CUSTOMER, u64::from(index)))
}

pub(crate) fn customer_email(index: u32) -> String {
    format!("customer-{index}@example.org")
}

/// Most customers have confirmed their address.
pub(crate) fn customer_is_verified(seed: u64, index: u32) -> bool {
    !mix(seed, domain::CUSTOMER, (2 << 40) + u64::from(index)).is_multiple_of(20)
}

/// The customer that an address belongs to.
pub(crate) fn customer_of_email(email: &str) -> Option<u32> {
    email
        .strip_prefix("customer-")?
        .strip_suffix("@example.org")?
        .parse()
        .ok()
}
