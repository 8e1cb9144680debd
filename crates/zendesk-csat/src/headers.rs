//! The headers of an answer, as they may be shown.

use reqwest::header::{AUTHORIZATION, HeaderMap, PROXY_AUTHORIZATION, SET_COOKIE};
use std::fmt;

/// The headers of an answer. Those that can hold credentials, such as cookies, are not among them.
///
/// `Debug` shows names only.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Headers(HeaderMap);

impl Headers {
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let kept = headers.iter().filter(|(name, value)| {
            let can_sign = [SET_COOKIE, AUTHORIZATION, PROXY_AUTHORIZATION].contains(name);
            // Such as an address with an `access_token`.
            let holds_token = String::from_utf8_lossy(value.as_bytes()).contains("token=");
            !can_sign && !holds_token
        });
        Self(kept.map(|(name, value)| (name.clone(), value.clone())).collect())
    }

    /// The first value of this name, however it is capitalized; none where it is no text.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.to_str().ok()
    }

    /// Every name, in small letters, with its values that are text.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)))
    }
}

impl fmt::Debug for Headers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::{HeaderName, HeaderValue};

    #[test]
    fn what_signs_is_left_out_and_values_do_not_show() {
        let headers: HeaderMap = [
            ("x-request-id", "abc"),
            ("set-cookie", "_zendesk_session=planted"),
            ("location", "/hc/survey_responses/1?access_token=planted"),
        ]
        .into_iter()
        .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
        .collect();
        let headers = Headers::of(&headers);
        assert_eq!(headers.iter().collect::<Vec<_>>(), [("x-request-id", "abc")]);
        assert_eq!(headers.get("X-Request-ID"), Some("abc"));
        assert_eq!(format!("{headers:?}"), "{\"x-request-id\"}");
    }
}
