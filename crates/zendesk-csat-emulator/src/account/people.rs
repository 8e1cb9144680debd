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
    /// When the name changed, in seconds; 0 where it never did.
    pub(crate) renamed: u32,
    /// How likely a rating of this agent is good when the customer did not wait.
    pub(crate) skill: f64,
    /// How this agent's resolution times compare with the usual ones.
    pub(crate) slowness: f64,
}

/// Group names; a group's index is its place here.
pub(crate) const GROUPS: &[&str] = &["Orders", "Billing", "Technical support", "Accounts", "VIP desk"];
/// The group that was deleted. Tickets still come to it, and to agents who left, so that a seed's ratings stay as they are.
const DELETED_GROUP: u8 = 4;
/// The agent who was deleted.
const DELETED_AGENT: u16 = 12;
/// The agent who is kept from signing in.
const SUSPENDED_AGENT: u16 = 8;
/// The agent who takes another name, two days after the account's clock starts.
pub(crate) const RENAMED_AGENT: u16 = 5;
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
                renamed: 0,
                skill: 0.78 + 0.17 * unit(draw >> 10),
                slowness: 0.6 + 0.9 * unit(draw >> 20),
            }
        })
        .collect()
}

/// The name that an agent takes.
pub(crate) fn new_name(seed: u64, agent: u16) -> String {
    texts::name(mix(seed, domain::CUSTOMER, (3 << 40) + u64::from(agent)))
}

pub(crate) fn group_is_deleted(group: u8) -> bool {
    group == DELETED_GROUP
}

pub(crate) fn agent_is_deleted(agent: u16) -> bool {
    agent == DELETED_AGENT
}

pub(crate) fn agent_is_suspended(agent: u16) -> bool {
    agent == SUSPENDED_AGENT
}

/// The group of an agent; the admin's too, who takes no tickets.
pub(crate) fn group_of(agent: u16) -> u8 {
    u8::try_from(usize::from(agent) % GROUPS.len()).unwrap_or_default()
}

/// The agents who take a group's tickets.
pub(crate) fn agents_of(group: u8) -> impl Iterator<Item = u16> {
    (1..=AGENTS).filter(move |index| group_of(*index) == group)
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
