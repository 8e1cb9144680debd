//! Where a ticket is in the agents' workspace.

/// The ticket in the agents' workspace; no link where the account's name would make it lead elsewhere.
pub(crate) fn ticket_url(subdomain: &str, ticket: i64) -> Option<String> {
    let is_host_label = !subdomain.is_empty()
        && subdomain
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    is_host_label.then(|| format!("https://{subdomain}.zendesk.com/agent/tickets/{ticket}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_to_the_account_and_nowhere_else() {
        assert_eq!(
            ticket_url("acme", 7).as_deref(),
            Some("https://acme.zendesk.com/agent/tickets/7")
        );
        for subdomain in ["", "evil.example/", "a b", "a\"b", "javascript:"] {
            assert_eq!(ticket_url(subdomain, 7), None, "{subdomain}");
        }
    }
}
