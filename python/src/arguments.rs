//! From what people pass in Python to what the SDK takes; an error names the parameter.

use crate::secret::TextOrSecret;
use chrono::{DateTime, NaiveDate, Utc};
use pyo3::exceptions::{PyOverflowError, PyTypeError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDate, PyDateTime, PyInt, PyString, PyTzInfo};
use zendesk_csat::SecretText;
use zendesk_csat_history::{Calendar, InvalidTime, Since, TimeText};

/// What a parameter can be read as.
pub(crate) trait Argument: Sized {
    /// Reads the value of the parameter.
    fn read(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Self>;
}

/// A parameter that has to be given.
pub(crate) fn required<T: Argument>(name: &str, value: &Bound<'_, PyAny>) -> PyResult<T> {
    T::read(name, value)
}

/// A parameter that may be left out or be `None`.
pub(crate) fn optional<T: Argument>(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Option<T>> {
    if value.is_none() {
        Ok(None)
    } else {
        T::read(name, value).map(Some)
    }
}

/// A value of the wrong type; it is not shown, only its type.
fn wrong_type(name: &str, expected: &str, value: &Bound<'_, PyAny>) -> PyErr {
    let found = value.get_type();
    match found.name() {
        Ok(found) => PyTypeError::new_err(format!("{name}: {expected}, not {found}")),
        Err(error) => error,
    }
}

impl Argument for String {
    fn read(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Self> {
        value
            .cast::<PyString>()
            .map_err(|_| wrong_type(name, "a str", value))
            .and_then(|text| text.extract())
    }
}

impl Argument for SecretText {
    fn read(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Self> {
        let secret: TextOrSecret = value
            .extract()
            .map_err(|_| wrong_type(name, "a str or Secret", value))?;
        Ok(secret.expose().into())
    }
}

impl Argument for bool {
    fn read(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Self> {
        value
            .cast::<PyBool>()
            .map(|value| value.is_true())
            .map_err(|_| wrong_type(name, "a bool", value))
    }
}

impl Argument for i64 {
    fn read(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Self> {
        integer(name, value)
    }
}

impl Argument for u32 {
    fn read(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Self> {
        integer(name, value)
    }
}

/// True is 1 to Python, but no id and no size.
fn integer<T: for<'a, 'py> FromPyObject<'a, 'py>>(name: &str, value: &Bound<'_, PyAny>) -> PyResult<T> {
    if !value.is_instance_of::<PyInt>() || value.is_instance_of::<PyBool>() {
        return Err(wrong_type(name, "an int", value));
    }
    value
        .extract()
        .map_err(|_| PyValueError::new_err(format!("{name}: {value} is out of range")))
}

impl<T: Argument> Argument for Vec<T> {
    fn read(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Self> {
        // A text is an iterable of texts to Python, and never what is meant.
        if value.is_instance_of::<PyString>() {
            return Err(wrong_type(name, "an iterable of values", value));
        }
        let items = value
            .try_iter()
            .map_err(|_| wrong_type(name, "an iterable", value))?;
        items
            .enumerate()
            .map(|(index, item)| T::read(&format!("{name}[{index}]"), &item?))
            .collect()
    }
}

impl Argument for Since {
    fn read(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Self> {
        match value.cast::<PyString>() {
            Ok(text) if text == "all" => Ok(Self::All),
            _ => {
                let since = TimeText::read(name, value)?.since(&Calendar::default(), Utc::now());
                since.map(Self::Time).map_err(|error| named(name, &error))
            }
        }
    }
}

impl Argument for TimeText {
    fn read(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Self> {
        if let Ok(text) = value.cast::<PyString>() {
            let text: String = text.extract()?;
            return text.parse().map_err(|error: InvalidTime| named(name, &error));
        }
        if value.is_instance_of::<PyDateTime>() {
            return DateTime::<Utc>::read(name, value).map(Self::from);
        }
        let Ok(date) = value.cast::<PyDate>() else {
            return Err(wrong_type(name, "an aware datetime, a date or a str", value));
        };
        let date: NaiveDate = date.extract()?;
        Self::try_from(date).map_err(|error| named(name, &error))
    }
}

/// A value that is refused, by the name of its parameter.
pub(crate) fn named(name: &str, error: &impl std::fmt::Display) -> PyErr {
    PyValueError::new_err(format!("{name}: {error}"))
}

impl Argument for DateTime<Utc> {
    fn read(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Self> {
        if let Ok(text) = value.cast::<PyString>() {
            let text: String = text.extract()?;
            return DateTime::parse_from_rfc3339(&text)
                .map(|time| time.to_utc())
                .map_err(|_| {
                    PyValueError::new_err(format!(
                        "{name}: {text:?} is not an RFC 3339 time such as '2026-03-01T00:00:00Z'"
                    ))
                });
        }
        let Ok(time) = value.cast::<PyDateTime>() else {
            return Err(wrong_type(name, "an aware datetime or an RFC 3339 str", value));
        };
        let py = value.py();
        if time.call_method0(intern!(py, "utcoffset"))?.is_none() {
            return Err(PyValueError::new_err(format!(
                "{name}: a datetime without a time zone could mean any hour; \
                 give it one, such as datetime(2026, 3, 1, tzinfo=timezone.utc)"
            )));
        }
        let utc = PyTzInfo::utc(py)?;
        match time.call_method1(intern!(py, "astimezone"), (utc,)) {
            Ok(time) => time.extract(),
            Err(error) if error.is_instance_of::<PyOverflowError>(py) => Err(PyValueError::new_err(format!(
                "{name}: no time in UTC between the years 1 and 9999"
            ))),
            Err(error) => Err(error),
        }
    }
}

/// Enumerations that take any text.
macro_rules! open_enum_arguments {
    ($($type:ident),* $(,)?) => {
        $(impl crate::arguments::Argument for ::zendesk_csat::types::$type {
            fn read(name: &str, value: &::pyo3::Bound<'_, ::pyo3::PyAny>) -> ::pyo3::PyResult<Self> {
                let text = <String as crate::arguments::Argument>::read(name, value)?;
                Ok(Self::from(text.as_str()))
            }
        })*
    };
}
pub(crate) use open_enum_arguments;

/// Enumerations that take a few texts.
macro_rules! closed_enum_arguments {
    ($($type:ident $expected:literal),* $(,)?) => {
        $(impl crate::arguments::Argument for ::zendesk_csat::types::$type {
            fn read(name: &str, value: &::pyo3::Bound<'_, ::pyo3::PyAny>) -> ::pyo3::PyResult<Self> {
                let text = <String as crate::arguments::Argument>::read(name, value)?;
                text.parse().map_err(|_| {
                    ::pyo3::exceptions::PyValueError::new_err(format!("{name}: {}, not {text:?}", $expected))
                })
            }
        })*
    };
}
pub(crate) use closed_enum_arguments;

/// Objects that are given as dicts.
macro_rules! input_arguments {
    ($($type:ident),* $(,)?) => {
        $(impl crate::arguments::Argument for ::zendesk_csat::types::$type {
            fn read(name: &str, value: &::pyo3::Bound<'_, ::pyo3::PyAny>) -> ::pyo3::PyResult<Self> {
                crate::arguments::input(name, value)
            }
        })*
    };
}
pub(crate) use input_arguments;

/// A request object from a dict, by way of JSON: it is written once a call.
pub(crate) fn input<T: serde::de::DeserializeOwned>(name: &str, value: &Bound<'_, PyAny>) -> PyResult<T> {
    let py = value.py();
    let json = py.import(intern!(py, "json"))?;
    let text: String = json.call_method1(intern!(py, "dumps"), (value,))?.extract()?;
    // What serde says of a choice between objects names none of them.
    serde_json::from_str(&text)
        .map_err(|_| PyValueError::new_err(format!("{name}: not one of the objects that the API documents")))
}
