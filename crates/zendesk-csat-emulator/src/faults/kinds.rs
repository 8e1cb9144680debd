//! The kinds of faults and their names.

use crate::request::PagingFault;

/// One kind of fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    Latency,
    TooManyRequests,
    ServerError,
    ResetBefore,
    ResetInBody,
    ResetAfter,
    TruncatedGzip,
    CorruptGzip,
    SlowDrip,
    Html,
    EmptyBody,
    WrongType,
    UnknownValue,
    UnknownField,
    MalformedRecord,
    DuplicatedRecord,
    ReorderedRecords,
    EmptyPage,
    RepeatedCursor,
    ExpiredCursor,
    ForeignAfterUrl,
    TokenRevoked,
    EmptyObject,
    Error200,
    NoEnd,
    NullList,
    FutureTime,
    NotUtf8,
    HalfEmoji,
    NarrowRole,
    CapitalScores,
}

impl Fault {
    /// In the order that rates are drawn in: a new kind comes last, so that former runs come out as they did.
    pub(crate) const ALL: [Self; 31] = [
        Self::Latency,
        Self::TooManyRequests,
        Self::ServerError,
        Self::ResetBefore,
        Self::ResetInBody,
        Self::ResetAfter,
        Self::TruncatedGzip,
        Self::CorruptGzip,
        Self::SlowDrip,
        Self::Html,
        Self::EmptyBody,
        Self::WrongType,
        Self::UnknownValue,
        Self::UnknownField,
        Self::MalformedRecord,
        Self::DuplicatedRecord,
        Self::ReorderedRecords,
        Self::EmptyPage,
        Self::RepeatedCursor,
        Self::ExpiredCursor,
        Self::ForeignAfterUrl,
        Self::TokenRevoked,
        Self::EmptyObject,
        Self::Error200,
        Self::NoEnd,
        Self::NullList,
        Self::FutureTime,
        Self::NotUtf8,
        Self::HalfEmoji,
        Self::NarrowRole,
        Self::CapitalScores,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Latency => "latency",
            Self::TooManyRequests => "too_many_requests",
            Self::ServerError => "server_error",
            Self::ResetBefore => "reset_before",
            Self::ResetInBody => "reset_in_body",
            Self::ResetAfter => "reset_after",
            Self::TruncatedGzip => "truncated_gzip",
            Self::CorruptGzip => "corrupt_gzip",
            Self::SlowDrip => "slow_drip",
            Self::Html => "html",
            Self::EmptyBody => "empty_body",
            Self::WrongType => "wrong_type",
            Self::UnknownValue => "unknown_value",
            Self::UnknownField => "unknown_field",
            Self::MalformedRecord => "malformed_record",
            Self::DuplicatedRecord => "duplicated_record",
            Self::ReorderedRecords => "reordered_records",
            Self::EmptyPage => "empty_page",
            Self::RepeatedCursor => "repeated_cursor",
            Self::ExpiredCursor => "expired_cursor",
            Self::ForeignAfterUrl => "foreign_after_url",
            Self::TokenRevoked => "token_revoked",
            Self::EmptyObject => "empty_object",
            Self::Error200 => "error_200",
            Self::NoEnd => "no_end",
            Self::NullList => "null_list",
            Self::FutureTime => "future_time",
            Self::NotUtf8 => "not_utf8",
            Self::HalfEmoji => "half_emoji",
            Self::NarrowRole => "narrow_role",
            Self::CapitalScores => "capital_scores",
        }
    }

    pub(super) fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fault| fault.name() == name)
    }

    /// The faults that only a listing itself can make.
    pub(crate) fn of_paging(self) -> Option<PagingFault> {
        match self {
            Self::EmptyPage => Some(PagingFault::EmptyPage),
            Self::RepeatedCursor => Some(PagingFault::RepeatedCursor),
            Self::ExpiredCursor => Some(PagingFault::ExpiredCursor),
            Self::ForeignAfterUrl => Some(PagingFault::ForeignNext),
            _ => None,
        }
    }
}
