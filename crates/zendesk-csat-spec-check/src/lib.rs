//! Holds the spec against what it must be: the dialect that the generator reads ([`lint`]), and what Zendesk's documentation
//! says ([`drift`]). For maintainers: nothing that is built for users needs it.

pub mod drift;
pub mod lint;
