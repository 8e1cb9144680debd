//! Where tickets belong: brands, ticket forms, organizations.

use super::Account;
use super::ids::{domain, mix};
use super::people::UserRef;

/// A brand; its index is its place among them.
#[derive(Debug)]
pub(crate) struct Brand {
    pub(crate) name: &'static str,
    pub(crate) subdomain: &'static str,
    pub(crate) active: bool,
}

/// The first is the default one.
pub(crate) const BRANDS: &[Brand] = &[
    Brand {
        name: "Acme",
        subdomain: "acme",
        active: true,
    },
    Brand {
        name: "Acme Pro",
        subdomain: "acme-pro",
        active: true,
    },
    Brand {
        name: "Acme Outlet",
        subdomain: "acme-outlet",
        active: false,
    },
];

/// Names of ticket forms, for agents and for end users; the first is the default one.
pub(crate) const FORMS: &[(&str, &str)] = &[
    ("Default ticket form", "Ask us anything"),
    ("Refund request", "Ask for a refund"),
];

pub(crate) const ORGANIZATIONS: u32 = 40;
const KINDS: &[&str] = &["Foods", "Logistics", "Studio", "Clinic", "Travel"];
const WORDS: &[&str] = &[
    "Harbour", "Meadow", "Summit", "Copper", "Juniper", "Cobalt", "Willow", "Granite",
];
/// One name that a spreadsheet would run and a page would draw.
const ODD_ORGANIZATION: u32 = 3;

pub(crate) fn organization_name(seed: u64, index: u32) -> String {
    if index == ODD_ORGANIZATION {
        return "=1+1; \"Söhne\" & <b>Töchter</b>".to_owned();
    }
    let words = WORDS.len() as u64;
    let index = u64::from(index);
    let word = WORDS[((index + seed % words) % words) as usize];
    format!("{word} {}", KINDS[(index / words) as usize % KINDS.len()])
}

impl Account {
    /// What a ticket's brand and form are drawn from.
    fn belongs(&self, ticket: u32, what: u64) -> u64 {
        let draw = mix(self.seed, domain::BELONGING, u64::from(ticket));
        mix(draw, domain::BELONGING, what)
    }

    /// The brand of a ticket, by index.
    pub(crate) fn brand_of(&self, ticket: u32) -> u32 {
        match self.belongs(ticket, 0) % 10 {
            0..6 => 0,
            6..9 => 1,
            _ => 2,
        }
    }

    /// The form of a ticket, by index; none where it came without one.
    pub(crate) fn form_of(&self, ticket: u32) -> Option<u32> {
        match self.belongs(ticket, 1) % 20 {
            0..14 => Some(0),
            14..19 => Some(1),
            _ => None,
        }
    }

    /// Whether a ticket that is no conversation came by the form on the web, and not by mail.
    pub(crate) fn is_of_web(&self, ticket: u32) -> bool {
        self.belongs(ticket, 2).is_multiple_of(4)
    }

    /// The organization of a user, by index; agents have none.
    pub(crate) fn organization_of(&self, user: UserRef) -> Option<u32> {
        let UserRef::Customer(customer) = user else {
            return None;
        };
        let draw = mix(self.seed, domain::ORGANIZATION, u64::from(customer));
        let has_one = !draw.is_multiple_of(3);
        has_one.then(|| u32::try_from((draw >> 8) % u64::from(ORGANIZATIONS)).unwrap_or_default())
    }

    pub(crate) fn organization_id_of(&self, user: UserRef) -> Option<u64> {
        self.organization_of(user)
            .map(|index| self.ids.organizations.id(index))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_organization_has_a_name_of_its_own() {
        for seed in 0..9 {
            let names: BTreeSet<String> = (0..ORGANIZATIONS)
                .map(|index| organization_name(seed, index))
                .collect();
            assert_eq!(names.len(), ORGANIZATIONS as usize);
        }
    }
}
