//! Models that come in kinds: a class each, so that `match` tells them apart.
//!
//! On the wire they are one flat object with its `type`, and so they are in Rust; `crates/zendesk-csat/src/views` has the same kinds.

use super::record_docs;
use super::schema::Model;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use zendesk_csat_codegen::Error;

/// The kinds of one model.
pub(crate) struct Kinds {
    pub(crate) model: &'static str,
    /// The last is of every type that the others do not name.
    pub(crate) kinds: &'static [Kind],
}

/// One kind of a model.
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    pub(crate) description: &'static str,
    types: &'static [&'static str],
    /// What it says, in the order of `__match_args__`: people match by position, so new ones come last.
    pub(crate) says: &'static [&'static str],
}

const KINDS: [Kinds; 3] = [
    Kinds {
        model: "Answer",
        kinds: &[
            Kind {
                name: "RatingScaleAnswer",
                description: "A point on a scale.",
                types: &["rating_scale"],
                says: &["rating", "rating_category"],
            },
            Kind {
                name: "ClosedEndedAnswer",
                description: "Options picked from a list.",
                types: &["closed_ended"],
                says: &["selections"],
            },
            Kind {
                name: "OpenEndedAnswer",
                description: "Words of the customer's own.",
                types: &["open_ended"],
                says: &["value"],
            },
            Kind {
                name: "SkippedAnswer",
                description: "The question was left out.",
                types: &["skipped"],
                says: &[],
            },
            Kind {
                name: "UnknownAnswer",
                description: "A kind of answer that is newer than this package, as it came.",
                types: &[],
                says: &["type"],
            },
        ],
    },
    Kinds {
        model: "AuditEvent",
        kinds: &[
            Kind {
                name: "ChangeEvent",
                description: "A property of the ticket was set, when it was made or later.",
                types: &["Create", "Change"],
                says: &["field_name", "value", "previous_value"],
            },
            Kind {
                name: "CommentEvent",
                description: "Somebody wrote a comment.",
                types: &["Comment"],
                says: &["body"],
            },
            Kind {
                name: "SatisfactionRatingEvent",
                description: "A legacy rating was offered or given.",
                types: &["SatisfactionRating"],
                says: &["score", "assignee_id", "body"],
            },
            Kind {
                name: "SurveyOfferedEvent",
                description: "A survey was sent.",
                types: &["SurveyOffered"],
                says: &["survey_type"],
            },
            Kind {
                name: "SurveyResponseSubmittedEvent",
                description: "A customer answered a survey.",
                types: &["SurveyResponseSubmitted"],
                says: &["survey_response_id", "assigned_user_id", "assigned_group_id"],
            },
            Kind {
                name: "OtherEvent",
                description: "Any other event, as it came.",
                types: &[],
                says: &["type"],
            },
        ],
    },
    Kinds {
        model: "SurveyResponseLinks",
        kinds: &[
            Kind {
                name: "EmojiRatingLinks",
                description: "Links drawn as emoji, each with its text.",
                types: &["rating_link_emoji"],
                says: &["rating_links"],
            },
            Kind {
                name: "NumericRatingLinks",
                description: "Links drawn as numbers.",
                types: &["rating_link_numeric"],
                says: &["rating_links"],
            },
            Kind {
                name: "CustomTextRatingLinks",
                description: "Links drawn as texts.",
                types: &["rating_link_custom_text"],
                says: &["rating_links"],
            },
            Kind {
                name: "OtherRatingLinks",
                description: "Links of any other kind, as they came; also those that say no kind.",
                types: &[],
                says: &["type", "rating_links"],
            },
        ],
    },
];

/// The kinds of a model; none where it is of one.
pub(crate) fn of(model: &str) -> Option<&'static Kinds> {
    KINDS.iter().find(|kinds| kinds.model == model)
}

/// Every class of these models: their own, and those of their kinds.
pub(crate) fn classes<'a>(models: &[Model<'a>]) -> Vec<&'a str> {
    let mut names = Vec::new();
    for model in models {
        names.push(model.name);
        for kind in of(model.name).into_iter().flat_map(|kinds| kinds.kinds) {
            names.push(kind.name);
        }
    }
    names
}

impl Kinds {
    /// The Rust of the classes.
    pub(crate) fn rust(&self, model: &Model<'_>) -> Result<TokenStream, Error> {
        let name = format_ident!("{}", self.model);
        let mut kinds = TokenStream::new();
        for kind in self.kinds {
            let Kind { types, says, .. } = kind;
            let doc = record_docs::of_kind(model, kind)?;
            let name = format_ident!("{}", kind.name);
            kinds.extend(quote!(#[doc = #doc] #name [#(#types),*] [#(#says),*];));
        }
        Ok(quote!(crate::kinds::kinds! { #name { #kinds } }))
    }
}
