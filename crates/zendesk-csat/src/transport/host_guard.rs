//! Where requests may go: one base URL, checked, and path segments that cannot leave it.

use std::fmt;

use url::{Host, Url};

const ZENDESK_DOMAIN: &str = "zendesk.com";

/// Longest name between two dots of a host name.
const LONGEST_LABEL: usize = 63;

/// The address under which every request goes: https, or http on this machine; without a trailing slash.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct BaseUrl {
    text: String,
}

impl BaseUrl {
    /// The account `subdomain` at Zendesk.
    pub(crate) fn of_subdomain(subdomain: &str) -> Result<Self, SubdomainError> {
        let subdomain = check_subdomain(subdomain)?;
        Url::parse(&format!("https://{subdomain}.{ZENDESK_DOMAIN}"))
            .map(Self::without_trailing_slash)
            .map_err(SubdomainError::NoHostName)
    }

    /// An address given in full, such as that of a proxy or of an emulator.
    ///
    /// `http` is for this machine, and for the one host that is allowed it.
    pub(crate) fn parse(text: &str, http_host: Option<&str>) -> Result<Self, BaseUrlError> {
        let text = text.trim();
        if text.contains(|character: char| character.is_whitespace() || character.is_control()) {
            return Err(BaseUrlError::Whitespace);
        }
        let url = Url::parse(text)?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(BaseUrlError::UserInfo);
        }
        if url.query().is_some() {
            return Err(BaseUrlError::Query);
        }
        if url.fragment().is_some() {
            return Err(BaseUrlError::Fragment);
        }
        let Some(host) = url.host() else {
            return Err(BaseUrlError::NoHost);
        };
        match url.scheme() {
            "https" => {}
            "http" if is_loopback(&host) || is_allowed(&host, http_host) => {}
            "http" => return Err(BaseUrlError::PlainHttp),
            scheme => return Err(BaseUrlError::Scheme(scheme.to_owned())),
        }
        let path = url.path().trim_end_matches('/');
        if path.ends_with("/api/v2") || path.ends_with("/api") {
            return Err(BaseUrlError::ApiPath);
        }
        Ok(Self::without_trailing_slash(url))
    }

    /// Whether whoever stands between can read what is sent.
    pub(crate) fn is_http(&self) -> bool {
        self.text.starts_with("http:")
    }

    /// The address as text, to which a path that starts with `/` is joined.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    fn without_trailing_slash(url: Url) -> Self {
        let text = url.as_str().trim_end_matches('/').to_owned();
        Self { text }
    }
}

impl fmt::Debug for BaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("BaseUrl").field(&self.text).finish()
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

/// Whether a host is the one that a caller named. One at Zendesk is never: it speaks https.
fn is_allowed(host: &Host<&str>, named: Option<&str>) -> bool {
    let host = host.to_string();
    let is_zendesk = host == ZENDESK_DOMAIN || host.ends_with(&format!(".{ZENDESK_DOMAIN}"));
    !is_zendesk && named.is_some_and(|named| named.trim().eq_ignore_ascii_case(&host))
}

/// Why an address is no base URL. The address itself is not repeated: it may hold a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BaseUrlError {
    #[error("the base URL cannot be read: {0}; write it as https://HOST")]
    Unreadable(#[from] url::ParseError),
    #[error("the base URL has whitespace or control characters in it")]
    Whitespace,
    #[error("the base URL has no host; write it as https://HOST")]
    NoHost,
    #[error("the base URL has a user name or a password in it; give those as credentials")]
    UserInfo,
    #[error("the base URL has a query; leave out everything from the question mark on")]
    Query,
    #[error("the base URL has a fragment; leave out everything from the # on")]
    Fragment,
    #[error(
        "the base URL is http, which would send credentials in the clear; write https (http is for this machine: 127.0.0.1, ::1, localhost; and for a test host that is named by allow_http or ZENDESK_ALLOW_HTTP)"
    )]
    PlainHttp,
    #[error("the base URL has the scheme {0:?}; write https")]
    Scheme(String),
    #[error("the base URL ends in the path of the API; leave out /api/v2")]
    ApiPath,
}

/// Checks the first part of an account's host name, as in `acme` for acme.zendesk.com; returns it in lower case.
pub(crate) fn check_subdomain(subdomain: &str) -> Result<String, SubdomainError> {
    let subdomain = subdomain.trim();
    if subdomain.is_empty() {
        return Err(SubdomainError::Empty);
    }
    if subdomain.contains(['.', '/', ':']) {
        return Err(match account_in_address(subdomain) {
            Some(account) => SubdomainError::Address { account },
            None => SubdomainError::OtherHost,
        });
    }
    let foreign = |character: &char| !character.is_ascii_alphanumeric() && *character != '-';
    if let Some(character) = subdomain.chars().find(foreign) {
        return Err(SubdomainError::Character(character));
    }
    if subdomain.starts_with('-') || subdomain.ends_with('-') {
        return Err(SubdomainError::HyphenAtEnd);
    }
    if subdomain.len() > LONGEST_LABEL {
        return Err(SubdomainError::TooLong);
    }
    Ok(subdomain.to_ascii_lowercase())
}

/// `acme` of `acme.zendesk.com` and of `https://acme.zendesk.com/agent`.
fn account_in_address(address: &str) -> Option<String> {
    let url = match Url::parse(address) {
        Ok(url) if url.has_host() => url,
        _ => Url::parse(&format!("https://{address}")).ok()?,
    };
    let labels = url.host_str()?.strip_suffix(ZENDESK_DOMAIN)?;
    check_subdomain(labels.strip_suffix('.')?).ok()
}

/// Why a text is no subdomain; reads on from the text itself.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SubdomainError {
    #[error("is empty; write the first part of the account's address, \"acme\" for acme.zendesk.com")]
    Empty,
    #[error("is an address; write {account:?}")]
    Address { account: String },
    #[error(
        "is an address; write its first part only, \"acme\" for acme.zendesk.com, and give any other host as the base URL"
    )]
    OtherHost,
    #[error("has the character {0:?}; write letters, digits and hyphens only, \"acme\" for acme.zendesk.com")]
    Character(char),
    #[error("starts or ends with a hyphen; write \"acme\" for acme.zendesk.com")]
    HyphenAtEnd,
    #[error("is longer than {LONGEST_LABEL} characters; write \"acme\" for acme.zendesk.com")]
    TooLong,
    #[error("makes no host name: {0}")]
    NoHostName(url::ParseError),
}

/// Checks that `text` is one segment of a path as it stands, for code that joins or encodes it by itself.
pub(crate) fn path_segment(text: &str) -> Result<&str, PathSegmentError> {
    match text {
        "" => Err(PathSegmentError::Empty),
        "." | ".." => Err(PathSegmentError::Dots),
        text => {
            let reserved =
                |character: &char| !character.is_ascii_alphanumeric() && !"-._~".contains(*character);
            match text.chars().find(reserved) {
                Some(character) => Err(PathSegmentError::Character(character)),
                None => Ok(text),
            }
        }
    }
}

/// Why a text cannot stand in a path; reads on from the name of the thing: "locale is empty".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PathSegmentError {
    #[error("is empty")]
    Empty,
    #[error("is a dot segment, which would lead to another path")]
    Dots,
    #[error("has the character {0:?}")]
    Character(char),
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn https_anywhere_and_http_on_this_machine() {
        for (text, expected) in [
            ("https://acme.zendesk.com", "https://acme.zendesk.com"),
            ("https://acme.zendesk.com/", "https://acme.zendesk.com"),
            (" HTTPS://Acme.Zendesk.com:443// ", "https://acme.zendesk.com"),
            (
                "https://proxy.example:8443/zendesk/",
                "https://proxy.example:8443/zendesk",
            ),
            ("http://127.0.0.1:4000", "http://127.0.0.1:4000"),
            ("http://127.8.9.1/", "http://127.8.9.1"),
            ("http://[::1]:4000/", "http://[::1]:4000"),
            ("http://LOCALHOST:4000", "http://localhost:4000"),
        ] {
            assert_eq!(BaseUrl::parse(text, None).unwrap().as_str(), expected, "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused_by_its_fault() {
        use BaseUrlError as E;
        for (text, error) in [
            ("http://acme.zendesk.com", E::PlainHttp),
            ("http://127.0.0.1.example.com", E::PlainHttp),
            ("http://localhost.example.com", E::PlainHttp),
            ("http://10.0.0.1", E::PlainHttp),
            ("http://0.0.0.0", E::PlainHttp),
            ("http://[::ffff:10.0.0.1]", E::PlainHttp),
            ("https://me:secret@acme.zendesk.com", E::UserInfo),
            ("https://me@acme.zendesk.com", E::UserInfo),
            ("http://localhost@evil.example", E::UserInfo),
            ("https://acme.zendesk.com/?a=b", E::Query),
            ("https://acme.zendesk.com/?", E::Query),
            ("https://acme.zendesk.com/#top", E::Fragment),
            ("https://acme.zendesk.com/api/v2", E::ApiPath),
            ("https://acme.zendesk.com/api/v2/", E::ApiPath),
            ("ftp://acme.zendesk.com", E::Scheme("ftp".to_owned())),
            ("mailto:a@acme.zendesk.com", E::NoHost),
            ("https://ac\tme.zendesk.com", E::Whitespace),
            ("https://acme.zendesk.com/a b", E::Whitespace),
            (
                "acme.zendesk.com",
                E::Unreadable(url::ParseError::RelativeUrlWithoutBase),
            ),
            ("https://", E::Unreadable(url::ParseError::EmptyHost)),
            ("", E::Unreadable(url::ParseError::RelativeUrlWithoutBase)),
        ] {
            assert_eq!(BaseUrl::parse(text, None), Err(error), "{text}");
        }
    }

    #[test]
    fn http_goes_to_the_host_that_is_named_and_to_no_other() {
        let parse = |url, named| BaseUrl::parse(url, Some(named)).map(|base| base.as_str().to_owned());
        for (url, named) in [
            ("http://emulator:4000", "emulator"),
            ("http://Emulator:4000/", " EMULATOR\n"),
            ("http://10.0.0.7", "10.0.0.7"),
            ("http://[fd00::7]:4000", "[fd00::7]"),
        ] {
            assert!(parse(url, named).is_ok(), "{url}");
        }
        for (url, named) in [
            ("http://emulator.evil.example", "emulator"),
            ("http://evil.example", "emulator"),
            ("http://emulator", "emulator:4000"),
            ("http://emulator", ""),
            ("http://acme.zendesk.com", "acme.zendesk.com"),
            ("http://zendesk.com", "zendesk.com"),
        ] {
            assert_eq!(parse(url, named), Err(BaseUrlError::PlainHttp), "{url}");
        }
    }

    #[test]
    fn no_error_repeats_a_password() {
        for text in [
            "https://me:secret@acme.zendesk.com",
            "x://me:secret@host",
            "https://me:secret@[",
            "https://host/?secret",
            "https://host/#secret",
            "secret",
        ] {
            let error = BaseUrl::parse(text, None).unwrap_err();
            assert!(!error.to_string().contains("secret"), "{error}");
        }
    }

    #[test]
    fn a_subdomain_is_letters_digits_and_hyphens() {
        assert_eq!(
            BaseUrl::of_subdomain("acme-2").unwrap().as_str(),
            "https://acme-2.zendesk.com"
        );
        assert_eq!(
            BaseUrl::of_subdomain(" Acme ").unwrap().as_str(),
            "https://acme.zendesk.com"
        );
        use SubdomainError as E;
        for (text, error) in [
            ("", E::Empty),
            ("  ", E::Empty),
            ("ac me", E::Character(' ')),
            ("ac_me", E::Character('_')),
            ("acmé", E::Character('é')),
            ("acme@evil", E::Character('@')),
            ("acme?", E::Character('?')),
            ("acme#", E::Character('#')),
            ("acme\\evil", E::Character('\\')),
            ("-acme", E::HyphenAtEnd),
            ("acme-", E::HyphenAtEnd),
            ("evil.example/", E::OtherHost),
            ("support.acme.example", E::OtherHost),
            ("zendesk.com", E::OtherHost),
            ("a.b.zendesk.com", E::OtherHost),
            ("notzendesk.com", E::OtherHost),
        ] {
            assert_eq!(BaseUrl::of_subdomain(text), Err(error), "{text:?}");
        }
        assert_eq!(BaseUrl::of_subdomain(&"a".repeat(64)), Err(E::TooLong));
    }

    #[test]
    fn an_address_as_subdomain_is_told_what_to_write() {
        for text in [
            "acme.zendesk.com",
            "Acme.Zendesk.com",
            "acme.zendesk.com/agent",
            "acme.zendesk.com:443",
            "https://acme.zendesk.com",
            "https://acme.zendesk.com/api/v2/",
            "https://me:secret@acme.zendesk.com/agent?x=1",
        ] {
            let error = BaseUrl::of_subdomain(text).unwrap_err();
            assert_eq!(error.to_string(), "is an address; write \"acme\"", "{text}");
        }
    }

    #[test]
    fn a_segment_has_nothing_that_means_something_in_a_path() {
        for plain in ["01JABC", "en-us", "zh_TW", "a.b~c"] {
            assert_eq!(path_segment(plain), Ok(plain));
        }
        assert_eq!(path_segment(""), Err(PathSegmentError::Empty));
        for dots in [".", ".."] {
            assert_eq!(path_segment(dots), Err(PathSegmentError::Dots));
        }
        for (text, character) in [
            ("..\\x", '\\'),
            ("a/b", '/'),
            ("%2e%2e", '%'),
            ("a?b", '?'),
            ("é", 'é'),
        ] {
            assert_eq!(path_segment(text), Err(PathSegmentError::Character(character)));
        }
    }

    /// Texts of ordinary characters and of those that mean something in a path.
    fn segments() -> impl Strategy<Value = String> {
        prop_oneof![any::<String>(), "[./\\\\%2eE?#;@: \t\na-c]{0,8}"]
    }

    proptest! {
        #[test]
        fn a_segment_stays_one_segment(text in segments()) {
            if let Ok(segment) = path_segment(&text) {
                let url = Url::parse(&format!("https://acme.zendesk.com/a/{segment}/b")).unwrap();
                let parts: Vec<_> = url.path_segments().unwrap().collect();
                prop_assert_eq!(&parts, &["a", segment, "b"]);
                prop_assert_eq!(url.host_str(), Some("acme.zendesk.com"));
                prop_assert_eq!(url.query(), None);
            }
        }

        #[test]
        fn no_subdomain_leads_to_another_host(text in prop_oneof![any::<String>(), "[a-c.:/@?#\\\\-]{0,10}"]) {
            if let Ok(base) = BaseUrl::of_subdomain(&text) {
                let url = Url::parse(base.as_str()).unwrap();
                let account = url.host_str().unwrap().strip_suffix(".zendesk.com").unwrap();
                prop_assert!(!account.is_empty() && !account.contains('.'));
                prop_assert_eq!((url.path(), url.port()), ("/", None));
            }
        }

        #[test]
        fn no_base_url_panics_or_sends_credentials_in_the_clear(text in "(https?|ftp)://[a-c0-9.:@/?#\\[\\]\\\\-]{0,16}") {
            if let Ok(base) = BaseUrl::parse(&text, None) {
                let url = Url::parse(base.as_str()).unwrap();
                prop_assert!(url.scheme() == "https" || is_loopback(&url.host().unwrap()));
                prop_assert!(!base.as_str().ends_with('/'));
                prop_assert_eq!(url.username(), "");
            }
        }
    }
}
