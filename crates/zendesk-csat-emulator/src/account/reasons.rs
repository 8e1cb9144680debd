//! The reasons for a bad legacy rating.

/// One reason, as it stands and as it stood.
#[derive(Debug, Clone)]
pub(crate) struct Reason {
    pub(crate) code: u32,
    pub(crate) value: &'static str,
    pub(crate) raw_value: &'static str,
    /// The value before `updated`, where it was renamed.
    pub(crate) former: Option<&'static str>,
    /// Seconds since the epoch.
    pub(crate) created: u32,
    pub(crate) updated: u32,
    pub(crate) deleted: Option<u32>,
}

impl Reason {
    pub(crate) fn value_at(&self, seconds: u32) -> &'static str {
        match self.former {
            Some(former) if seconds < self.updated => former,
            _ => self.value,
        }
    }
}

/// The reason that stands for none chosen.
pub(crate) const NONE_GIVEN: u8 = 0;

/// Zendesk's own reasons, and three of the account's: one renamed, one deleted.
pub(crate) fn reasons(created: u32, renamed: u32, deleted: u32) -> Vec<Reason> {
    let reason = |code, value, raw_value| Reason {
        code,
        value,
        raw_value,
        former: None,
        created,
        updated: created,
        deleted: None,
    };
    vec![
        reason(0, "No reason provided", "{{dc.reason_code_0}}"),
        reason(5, "The issue took too long to resolve", "{{dc.reason_code_5}}"),
        reason(6, "The issue was not resolved", "{{dc.reason_code_6}}"),
        reason(
            7,
            "The agent's knowledge is unsatisfactory",
            "{{dc.reason_code_7}}",
        ),
        reason(
            8,
            "The agent's attitude is unsatisfactory",
            "{{dc.reason_code_8}}",
        ),
        reason(1000, "Some other reason", "{{dc.reason_code_1000}}"),
        Reason {
            former: Some("Too many mails"),
            updated: renamed,
            ..reason(1001, "I had to write too often", "I had to write too often")
        },
        Reason {
            deleted: Some(deleted),
            updated: deleted,
            ..reason(1002, "The web form was confusing", "The web form was confusing")
        },
    ]
}
