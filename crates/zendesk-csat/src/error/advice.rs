//! What to do next, where there is something that helps most people.

use super::ErrorKind;
use crate::operation::Operation;

pub(super) fn advice(
    kind: ErrorKind,
    code: Option<&str>,
    operation: Option<&'static Operation>,
) -> Option<String> {
    let advice = match kind {
        // A record that is missing has a code.
        ErrorKind::NotFound if code.is_none() => {
            "check the subdomain, and that the account has this part of Zendesk"
        }
        ErrorKind::Authentication if code == Some("invalid_client") => {
            "check the identifier and the secret of the OAuth client, and the subdomain"
        }
        ErrorKind::Authentication if code == Some("invalid_token") => {
            "get a new token, or sign in with an OAuth client, which renews its own"
        }
        ErrorKind::Authentication => {
            "check the credentials, and that this way of signing in is switched on in the account"
        }
        ErrorKind::PermissionDenied => return Some(needed(operation)),
        ErrorKind::RateLimit => "wait, or allow a longer max_wait",
        ErrorKind::Connection => "check the subdomain and the network",
        _ => return None,
    };
    Some(advice.to_owned())
}

/// Who may make a call, by the spec.
fn needed(operation: Option<&Operation>) -> String {
    let roles = operation.map(|operation| operation.roles).unwrap_or_default();
    let roles: Vec<_> = roles.iter().map(|role| role_in_words(role)).collect();
    let scopes = operation.map(|operation| operation.scopes).unwrap_or_default();
    let role = match &*roles {
        [] => "a role that may".to_owned(),
        roles => roles.join(" or "),
    };
    let token = match scopes {
        [] => String::new(),
        scopes => format!(" a token with the scope {},", scopes.join(" ")),
    };
    format!("it takes {role},{token} and a plan that has it")
}

fn role_in_words(role: &str) -> &str {
    match role {
        "admin" => "an admin",
        "agent" => "an agent",
        "requester" => "the requester of the ticket",
        "responder" => "the responder of the survey",
        "client" => "an OAuth client",
        role => role,
    }
}

/// What to do about a connection that did not come about, by the reason that its layer gives.
pub(super) fn of_connection(reason: &str) -> Option<&'static str> {
    let reason = reason.to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| reason.contains(word));
    // In the words of rustls, and of the systems' libraries.
    if says(&[
        "unknownissuer",
        "issuer",
        "self signed",
        "self-signed",
        "unable to get local",
    ]) {
        Some("trust its issuer: name a file of certificates by SSL_CERT_FILE, ca_bundle or --ca-bundle")
    } else if says(&["certificate"]) {
        Some("check the address, and the clock of this computer")
    } else if says(&["proxy"]) {
        Some("check the proxy, and who may use it")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::{CREATE_OAUTH_TOKEN, CREATE_SATISFACTION_RATING, LIST_SURVEY_RESPONSES};

    #[test]
    fn a_refusal_says_who_may() {
        let said = |operation| advice(ErrorKind::PermissionDenied, None, operation).unwrap();
        assert_eq!(
            said(Some(&LIST_SURVEY_RESPONSES)),
            "it takes an admin or the responder of the survey, a token with the scope read, and a plan that has it"
        );
        assert_eq!(
            said(Some(&CREATE_SATISFACTION_RATING)),
            "it takes the requester of the ticket, a token with the scope write, and a plan that has it"
        );
        assert_eq!(
            said(Some(&CREATE_OAUTH_TOKEN)),
            "it takes an OAuth client, and a plan that has it"
        );
        assert_eq!(said(None), "it takes a role that may, and a plan that has it");
    }

    #[test]
    fn an_issuer_that_is_not_known_is_told_from_other_trouble_with_certificates() {
        let issuer = of_connection("invalid peer certificate: UnknownIssuer").unwrap();
        for way in ["SSL_CERT_FILE", "ca_bundle", "--ca-bundle"] {
            assert!(issuer.contains(way), "{issuer}");
        }
        assert!(
            of_connection("invalid peer certificate: Expired")
                .unwrap()
                .contains("clock")
        );
        assert!(
            of_connection("proxy authentication required")
                .unwrap()
                .contains("the proxy")
        );
        assert_eq!(of_connection("Connection refused (os error 111)"), None);
    }
}
