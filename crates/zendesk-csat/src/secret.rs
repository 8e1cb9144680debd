//! A text that lets anyone who holds it act for somebody else.

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// A secret of the API, such as the `access_token` in a survey link.
///
/// `Debug` never shows it and memory is zeroed on drop. Serializing writes it in clear, since
/// that is how it gets onto the wire.
///
/// ```
/// use zendesk_csat::SecretText;
///
/// let secret = SecretText::from("hunter2");
/// assert_eq!(format!("{secret:?}"), "[secret]");
/// assert_eq!(secret.expose(), "hunter2");
/// ```
#[derive(Clone)]
pub struct SecretText(SecretString);

impl SecretText {
    /// The secret in clear. Do not log it, do not store it.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl<T: Into<String>> From<T> for SecretText {
    fn from(text: T) -> Self {
        Self(SecretString::from(text.into()))
    }
}

impl PartialEq for SecretText {
    fn eq(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

impl Serialize for SecretText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.expose())
    }
}

impl<'de> Deserialize<'de> for SecretText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from)
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for SecretText {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "SecretText".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "password" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::zeroize::ZeroizeOnDrop;

    #[test]
    fn what_is_dropped_is_zeroed() {
        fn is_zeroed(_: &impl ZeroizeOnDrop) {}
        is_zeroed(&SecretText::from("hunter2").0);
    }

    #[test]
    fn it_is_written_where_it_goes_and_shown_nowhere() {
        let secret: SecretText = serde_json::from_str(r#""hunter2""#).unwrap();
        assert_eq!(serde_json::to_string(&secret).unwrap(), r#""hunter2""#);
        assert!(!format!("{secret:?} {:#?}", Some(&secret)).contains("hunter2"));
    }
}
