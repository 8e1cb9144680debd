//! The names that the account answers to: a page of another site that reaches its port gets nothing.

use std::net::{IpAddr, SocketAddr};

use hyper::HeaderMap;
use hyper::header::{HOST, HeaderValue, ORIGIN};
use hyper::http::uri::Authority;

use crate::account::SUBDOMAIN;
use crate::reply::{Reply, described};

/// Where the account listens, and what it is called there.
#[derive(Debug)]
pub(crate) struct Names {
    address: SocketAddr,
    /// The name or address that it was told to listen on.
    bound: Option<String>,
}

impl Names {
    pub(crate) fn new(address: SocketAddr, bound: Option<String>) -> Self {
        Self { address, bound }
    }

    /// The address to reach the account by.
    pub(crate) fn base_url(&self) -> String {
        let port = self.address.port();
        match (&self.bound, self.address.ip()) {
            (_, ip) if ip.is_unspecified() && ip.is_ipv6() => format!("http://[::1]:{port}"),
            (_, ip) if ip.is_unspecified() => format!("http://127.0.0.1:{port}"),
            (Some(name), _) if name.parse::<IpAddr>().is_err() => format!("http://{name}:{port}"),
            _ => format!("http://{}", self.address),
        }
    }

    /// Whether others than this machine reach the account.
    pub(crate) fn are_open(&self) -> bool {
        !self.address.ip().is_loopback()
    }

    /// Refuses a request that a browser sends for another site: by a name that leads here, or from a page of that site.
    pub(crate) fn check(&self, headers: &HeaderMap) -> Result<(), Reply> {
        let authorities: Option<Vec<_>> = headers.get_all(HOST).iter().map(authority).collect();
        let is_called = authorities.is_some_and(|all| all.iter().all(|named| self.has(named)));
        if !is_called {
            return Err(refused(&format!(
                "The offline account is not called by this Host; it answers to {}",
                self.base_url().trim_start_matches("http://"),
            )));
        }
        let of_own_page = |origin: &HeaderValue| {
            let page = origin.to_str().ok().and_then(|origin| origin.split_once("://"));
            let host = headers.get(HOST).and_then(|host| host.to_str().ok());
            matches!((page, host), (Some((_, page)), Some(host)) if page.eq_ignore_ascii_case(host))
        };
        if headers.get_all(ORIGIN).iter().all(of_own_page) {
            Ok(())
        } else {
            Err(refused(
                "The offline account takes no requests from pages of other sites",
            ))
        }
    }

    fn has(&self, named: &Authority) -> bool {
        let host = named.host().trim_start_matches('[').trim_end_matches(']');
        let is_port = named.port_u16().unwrap_or(80) == self.address.port();
        match host.parse::<IpAddr>() {
            // An address is no name that another site could let lead here. Ports of containers are published as others.
            Ok(ip) => self.are_open() || is_port && (ip.is_loopback() || ip == self.address.ip()),
            Err(_) if host.eq_ignore_ascii_case("localhost") => self.are_open() || is_port,
            Err(_)
                if self
                    .bound
                    .as_deref()
                    .is_some_and(|bound| bound.eq_ignore_ascii_case(host)) =>
            {
                self.are_open() || is_port
            }
            // What stands before the account may take it for the real thing. That name is Zendesk's to give.
            Err(_) if host.eq_ignore_ascii_case(&format!("{SUBDOMAIN}.zendesk.com")) => true,
            // Names of containers have no dots, and other sites' names have some.
            Err(_) => self.are_open() && !host.contains('.'),
        }
    }
}

fn authority(host: &HeaderValue) -> Option<Authority> {
    let host = host.to_str().ok().filter(|host| !host.contains('@'))?;
    host.parse().ok()
}

fn refused(why: &str) -> Reply {
    described(403, "Forbidden", why)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn takes(names: &Names, host: &str, origin: Option<&str>) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, host.parse().unwrap());
        if let Some(origin) = origin {
            headers.insert(ORIGIN, origin.parse().unwrap());
        }
        names.check(&headers).is_ok()
    }

    fn names(address: &str, bound: Option<&str>) -> Names {
        Names::new(address.parse().unwrap(), bound.map(str::to_owned))
    }

    #[test]
    fn the_names_of_this_machine_with_the_port_are_taken() {
        let names = names("127.0.0.1:4000", None);
        for host in [
            "127.0.0.1:4000",
            "localhost:4000",
            "LOCALHOST:4000",
            "[::1]:4000",
            "acme.zendesk.com",
        ] {
            assert!(takes(&names, host, None), "{host}");
        }
        for host in [
            "evil.example:4000",
            "evil.example",
            "localhost",
            "localhost:4001",
            "127.0.0.1",
            "127.0.0.1.evil.example:4000",
            "localhost.evil.example:4000",
            "evil.zendesk.com",
            "emulator:4000",
            "10.0.0.7:4000",
            "127.0.0.1:4000@evil.example",
            "a@localhost:4000",
            "",
            " ",
            "a b",
        ] {
            assert!(!takes(&names, host, None), "{host}");
        }
        assert_eq!(names.base_url(), "http://127.0.0.1:4000");
        assert!(names.check(&HeaderMap::new()).is_ok(), "HTTP/1.0 names no host");
    }

    #[test]
    fn one_of_two_hosts_is_enough_to_refuse() {
        let mut headers = HeaderMap::new();
        headers.append(HOST, "127.0.0.1:4000".parse().unwrap());
        headers.append(HOST, "evil.example".parse().unwrap());
        assert!(names("127.0.0.1:4000", None).check(&headers).is_err());
    }

    #[test]
    fn pages_of_other_sites_are_refused() {
        let names = names("127.0.0.1:4000", None);
        let host = "127.0.0.1:4000";
        assert!(takes(&names, host, Some("http://127.0.0.1:4000")));
        for origin in [
            "http://evil.example",
            "https://acme.zendesk.com",
            "http://127.0.0.1:4001",
            "http://localhost:4000",
            "null",
            "",
        ] {
            assert!(!takes(&names, host, Some(origin)), "{origin}");
        }
    }

    #[test]
    fn who_listens_for_other_machines_is_called_by_more_names() {
        for names in [
            names("0.0.0.0:4000", Some("0.0.0.0")),
            names("[::]:4000", Some("::")),
            names("172.17.0.2:4000", Some("emulator")),
        ] {
            for host in [
                "emulator:4000",
                "Emulator:4000",
                "172.17.0.2:4000",
                "localhost:8080",
                "10.0.0.7",
            ] {
                assert!(takes(&names, host, None), "{host}");
            }
            assert!(!takes(&names, "evil.example:4000", None));
            assert!(!takes(&names, "emulator:4000", Some("http://evil.example")));
        }
        let dotted = names("172.17.0.2:4000", Some("emulator.internal"));
        assert!(takes(&dotted, "emulator.internal:4000", None));
        assert_eq!(dotted.base_url(), "http://emulator.internal:4000");
        assert_eq!(
            names("0.0.0.0:4000", Some("0.0.0.0")).base_url(),
            "http://127.0.0.1:4000"
        );
        assert_eq!(names("[::]:4000", Some("::")).base_url(), "http://[::1]:4000");
        assert_eq!(
            names("[fd00::7]:4000", Some("fd00::7")).base_url(),
            "http://[fd00::7]:4000"
        );
    }
}
