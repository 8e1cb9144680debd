//! Secrets and names as files, shells and people give them.

use crate::Error;

/// What a value becomes part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    /// A header as it is.
    Header,
    /// Something that can carry any text, such as JSON.
    Text,
}

/// A value without the white space around it, such as the line end that a file or `echo` leaves; an error that names
/// it, and never shows it, where it cannot be used.
pub(crate) fn given<'a>(name: &str, value: &'a str, is_for: Use) -> Result<&'a str, Error> {
    let value = value.trim();
    if value.is_empty() {
        return Err(Error::configuration(format!("{name} is empty")));
    }
    let has = if value.contains(['\r', '\n']) {
        "a line end"
    } else if value.contains(char::is_control) {
        "a control character"
    } else if is_for == Use::Header && !value.is_ascii() {
        "a character that is not ASCII"
    } else {
        return Ok(value);
    };
    Err(Error::configuration(format!(
        "{name} has {has} inside, which cannot be sent; check how it was copied"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_around_a_value_is_not_meant() {
        for value in ["tok", "tok\n", "tok\r\n", " \ttok \n\n"] {
            assert_eq!(given("X", value, Use::Header).unwrap(), "tok");
        }
    }

    #[test]
    fn what_cannot_be_sent_is_named_and_not_shown() {
        for (value, is_for, says) in [
            ("", Use::Text, "X is empty"),
            (" \n", Use::Header, "X is empty"),
            (
                "PLA\nNTED",
                Use::Text,
                "X has a line end inside, which cannot be sent; check how it was copied",
            ),
            (
                "PLA\u{1b}NTED",
                Use::Text,
                "X has a control character inside, which cannot be sent; check how it was copied",
            ),
            (
                "PLÄNTED",
                Use::Header,
                "X has a character that is not ASCII inside, which cannot be sent; check how it was copied",
            ),
        ] {
            let error = given("X", value, is_for).unwrap_err();
            assert_eq!(error.to_string(), says);
        }
        assert_eq!(given("X", "Ä", Use::Text).unwrap(), "Ä");
    }
}
