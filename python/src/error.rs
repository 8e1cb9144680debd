//! The SDK's errors as the exceptions of the Python package.

use crate::values::ToPython;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use zendesk_csat::{Error, ErrorKind};
use zendesk_csat_history::report::ReportError;
use zendesk_csat_history::{FilterError, HistoryError};

mod exceptions {
    use pyo3::import_exception;

    import_exception!(zendesk_csat._errors, ApiConnectionError);
    import_exception!(zendesk_csat._errors, ApiError);
    import_exception!(zendesk_csat._errors, ApiTimeoutError);
    import_exception!(zendesk_csat._errors, AuthenticationError);
    import_exception!(zendesk_csat._errors, BadRequestError);
    import_exception!(zendesk_csat._errors, ConfigurationError);
    import_exception!(zendesk_csat._errors, ConflictError);
    import_exception!(zendesk_csat._errors, DecodeError);
    import_exception!(zendesk_csat._errors, HistoryBusyError);
    import_exception!(zendesk_csat._errors, HistoryError);
    import_exception!(zendesk_csat._errors, IncompleteHistoryWarning);
    import_exception!(zendesk_csat._errors, NotFoundError);
    import_exception!(zendesk_csat._errors, PaginationError);
    import_exception!(zendesk_csat._errors, PermissionDeniedError);
    import_exception!(zendesk_csat._errors, RateLimitError);
    import_exception!(zendesk_csat._errors, ServerError);
    import_exception!(zendesk_csat._errors, UnprocessableError);
    import_exception!(zendesk_csat._errors, ZendeskError);
}
use exceptions as e;

pub(crate) use exceptions::IncompleteHistoryWarning;

/// The exception of an error, with its attributes.
pub(crate) fn raised(py: Python<'_>, error: &Error) -> PyErr {
    exception(py, error).map_or_else(|failed| failed, PyErr::from_value)
}

/// The exception of what went wrong with a history. What the service refuses is as in any other call.
pub(crate) fn raised_by_history(py: Python<'_>, error: &HistoryError) -> PyErr {
    match error {
        HistoryError::Api { source, .. } => raised(py, source),
        HistoryError::Busy { .. } => e::HistoryBusyError::new_err(error.to_string()),
        HistoryError::Report {
            source:
                ReportError::EmptyPeriod { .. }
                | ReportError::Compare { .. }
                | ReportError::UnknownDimension { .. }
                | ReportError::Filter(
                    FilterError::Unknown { .. }
                    | FilterError::UnknownField { .. }
                    | FilterError::UnknownValue { .. },
                )
                | ReportError::NoSuchTime(_),
            ..
        }
        | HistoryError::UnknownAccount { .. }
        | HistoryError::UnknownQuestion { .. }
        | HistoryError::AccountName { .. }
        | HistoryError::UnknownSuffix { .. }
        | HistoryError::NotForSpreadsheets { .. }
        | HistoryError::NotInTime { .. }
        | HistoryError::NotFiltered { .. }
        | HistoryError::NoSuchTime(_)
        | HistoryError::TicketField(_)
        | HistoryError::Filter(
            FilterError::Unknown { .. } | FilterError::UnknownField { .. } | FilterError::UnknownValue { .. },
        )
        | HistoryError::IsADatabase { .. }
        | HistoryError::IsAFolder { .. } => e::ConfigurationError::new_err(error.to_string()),
        _ => e::HistoryError::new_err(error.to_string()),
    }
}

/// That a history is in use.
pub(crate) fn busy(why: &str) -> PyErr {
    e::HistoryBusyError::new_err(why.to_owned())
}

fn exception<'py>(py: Python<'py>, error: &Error) -> PyResult<Bound<'py, PyAny>> {
    let class = match error.kind() {
        ErrorKind::BadRequest => py.get_type::<e::BadRequestError>(),
        ErrorKind::Authentication => py.get_type::<e::AuthenticationError>(),
        ErrorKind::PermissionDenied => py.get_type::<e::PermissionDeniedError>(),
        ErrorKind::NotFound => py.get_type::<e::NotFoundError>(),
        ErrorKind::Conflict => py.get_type::<e::ConflictError>(),
        ErrorKind::Unprocessable => py.get_type::<e::UnprocessableError>(),
        ErrorKind::RateLimit => py.get_type::<e::RateLimitError>(),
        ErrorKind::Server => py.get_type::<e::ServerError>(),
        ErrorKind::UnexpectedStatus => py.get_type::<e::ApiError>(),
        ErrorKind::Connection => py.get_type::<e::ApiConnectionError>(),
        ErrorKind::Timeout => py.get_type::<e::ApiTimeoutError>(),
        ErrorKind::Decode => py.get_type::<e::DecodeError>(),
        ErrorKind::Pagination => py.get_type::<e::PaginationError>(),
        ErrorKind::Configuration => py.get_type::<e::ConfigurationError>(),
        _ => py.get_type::<e::ZendeskError>(),
    };
    let attributes = PyDict::new(py);
    match error.kind() {
        ErrorKind::Pagination | ErrorKind::Configuration => {}
        ErrorKind::Connection | ErrorKind::Timeout => of_call(error, &attributes)?,
        ErrorKind::Decode => {
            of_call(error, &attributes)?;
            attributes.set_item("json_path", error.json_path())?;
            attributes.set_item("request_id", error.request_id())?;
        }
        _ => {
            of_call(error, &attributes)?;
            attributes.set_item("status", error.status())?;
            attributes.set_item("code", error.code())?;
            attributes.set_item("reason", error.message())?;
            attributes.set_item(
                "details",
                error.details().map(|value| value.to_python(py)).transpose()?,
            )?;
            attributes.set_item("request_id", error.request_id())?;
            attributes.set_item("retry_after", error.retry_after().map(|wait| wait.as_secs_f64()))?;
        }
    }
    class.call((error.to_string(),), Some(&attributes))
}

fn of_call(error: &Error, attributes: &Bound<'_, PyDict>) -> PyResult<()> {
    attributes.set_item("attempts", error.attempts())?;
    attributes.set_item("elapsed", error.elapsed().as_secs_f64())
}
