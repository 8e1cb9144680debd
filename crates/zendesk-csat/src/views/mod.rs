//! Views of the flat records of the wire: what kind a record is, and what people look for in it.

mod answer;
mod audit_event;
pub(crate) mod survey_response;

pub use answer::AnswerKind;
pub use audit_event::AuditEventKind;
