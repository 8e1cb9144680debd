//! An answer that points elsewhere. It is never followed: the next host would get the credentials.

use reqwest::header::{HeaderMap, LOCATION};
use std::fmt;
use url::Url;

const ZENDESK: &str = ".zendesk.com";

/// Where an answer points.
#[derive(Debug, PartialEq)]
pub(crate) enum Redirect {
    /// Another page of the host that was asked.
    SameHost(String),
    /// Another host, with its port where it has one of its own.
    Elsewhere(String),
    /// Nowhere that can be read.
    Unsaid,
}

impl Redirect {
    /// What an answer says; none where it is no redirect.
    pub(crate) fn of(response: &reqwest::Response) -> Option<Self> {
        matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308)
            .then(|| Self::read(response.url(), response.headers()))
    }

    fn read(asked: &Url, headers: &HeaderMap) -> Self {
        let location = headers.get(LOCATION).and_then(|location| location.to_str().ok());
        let target = location.and_then(|location| asked.join(location).ok());
        // The path may hold a secret: only the host is kept.
        match target.as_ref().map(host).filter(|host| !host.is_empty()) {
            Some(host) if host == self::host(asked) => Self::SameHost(host),
            Some(host) => Self::Elsewhere(host),
            None => Self::Unsaid,
        }
    }

    /// What to change.
    pub(super) fn advice(&self) -> String {
        match self {
            Self::Elsewhere(host) => match host.strip_suffix(ZENDESK).filter(|name| !name.contains('.')) {
                Some(account) => {
                    format!("if the account is there, change the subdomain (ZENDESK_SUBDOMAIN) to {account}")
                }
                None => "if the account is there, change the base URL (ZENDESK_BASE_URL) or the subdomain \
                         (ZENDESK_SUBDOMAIN)"
                    .to_owned(),
            },
            Self::SameHost(_) | Self::Unsaid => {
                "check the credentials, the subdomain (ZENDESK_SUBDOMAIN) and the base URL (ZENDESK_BASE_URL)"
                    .to_owned()
            }
        }
    }
}

impl fmt::Display for Redirect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SameHost(host) => write!(f, "a redirect to another page of {host}, which is not followed"),
            Self::Elsewhere(host) => write!(f, "a redirect to {host}, which is not followed"),
            Self::Unsaid => f.write_str("a redirect that does not say where to"),
        }
    }
}

/// Host and port, as they stand in an address.
fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(location: &str) -> Redirect {
        let asked = Url::parse("https://acme.zendesk.com/api/v2/satisfaction_ratings").unwrap();
        let headers = HeaderMap::from_iter([(LOCATION, location.parse().unwrap())]);
        Redirect::read(&asked, &headers)
    }

    #[test]
    fn a_redirect_names_the_host_and_what_to_change() {
        let renamed = read("https://acme-2.zendesk.com/api/v2/satisfaction_ratings?token=PLANTED");
        assert_eq!(
            format!("{renamed}; {}", renamed.advice()),
            "a redirect to acme-2.zendesk.com, which is not followed; if the account is there, change the subdomain \
             (ZENDESK_SUBDOMAIN) to acme-2"
        );
        let mapped = read("http://me:PLANTED@help.acme.example:8080/PLANTED");
        assert_eq!(mapped, Redirect::Elsewhere("help.acme.example:8080".into()));
        assert!(mapped.advice().contains("ZENDESK_BASE_URL"));
        assert!(!format!("{renamed:?} {renamed} {mapped:?} {mapped}").contains("PLANTED"));
    }

    #[test]
    fn a_page_of_the_same_host_is_told_from_another_host() {
        for location in [
            "/access/unauthenticated",
            "https://ACME.zendesk.com:443/auth",
            "?again",
        ] {
            assert_eq!(
                read(location),
                Redirect::SameHost("acme.zendesk.com".into()),
                "{location}"
            );
        }
        for location in ["http://[", "mailto:ada@acme.example", ""] {
            let read = read(location);
            assert!(!matches!(read, Redirect::Elsewhere(_)), "{location}: {read:?}");
        }
    }
}
