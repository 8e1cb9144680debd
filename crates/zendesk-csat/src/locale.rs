//! The locale of texts.

use crate::Error;
use std::borrow::Cow;
use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

/// A locale as Zendesk names it: letters, digits and hyphens, such as `en-us`, `de` or `es-419`.
///
/// Requests take it as text as well: one that is none fails when the request is made.
///
/// ```
/// use zendesk_csat::Locale;
///
/// let locale: Locale = "pt-br".parse()?;
/// assert_eq!(locale.as_str(), "pt-br");
/// assert_eq!(Locale::default(), Locale::EN_US);
/// assert!("../users".parse::<Locale>().is_err());
/// # Ok::<(), zendesk_csat::InvalidLocale>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Locale(Cow<'static, str>);

impl Locale {
    /// English as in the United States, where a caller names no other.
    pub const EN_US: Self = Self(Cow::Borrowed("en-us"));

    /// The locale as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for Locale {
    fn default() -> Self {
        Self::EN_US
    }
}

impl fmt::Display for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A text that is no locale.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("locale {0:?}: write letters, digits and single hyphens between them, such as en-us")]
pub struct InvalidLocale(String);

impl From<Infallible> for InvalidLocale {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

impl TryFrom<String> for Locale {
    type Error = InvalidLocale;

    fn try_from(locale: String) -> Result<Self, InvalidLocale> {
        let is_word = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if locale.split('-').all(is_word) {
            Ok(Self(Cow::Owned(locale)))
        } else {
            Err(InvalidLocale(locale))
        }
    }
}

impl TryFrom<&str> for Locale {
    type Error = InvalidLocale;

    fn try_from(locale: &str) -> Result<Self, InvalidLocale> {
        locale.to_owned().try_into()
    }
}

impl TryFrom<&String> for Locale {
    type Error = InvalidLocale;

    fn try_from(locale: &String) -> Result<Self, InvalidLocale> {
        locale.clone().try_into()
    }
}

impl From<&Locale> for Locale {
    fn from(locale: &Locale) -> Self {
        locale.clone()
    }
}

impl FromStr for Locale {
    type Err = InvalidLocale;

    fn from_str(locale: &str) -> Result<Self, InvalidLocale> {
        locale.try_into()
    }
}

impl From<&InvalidLocale> for Error {
    fn from(invalid: &InvalidLocale) -> Self {
        Self::configuration(invalid.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locale_is_words_with_hyphens_between() {
        for locale in ["de", "en-us", "EN-US", "es-419", "zh-hant-tw", "en-x-acme"] {
            assert_eq!(locale.parse::<Locale>().unwrap().as_str(), locale);
        }
        for none in [
            "", "-", "en-", "-us", "en--us", "en_us", "en us", ".", "..", "en/us", "en%2fus", "é", "en-us\n",
        ] {
            assert!(none.parse::<Locale>().is_err(), "{none:?}");
        }
    }
}
