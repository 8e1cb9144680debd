//! Which answers are reasons, and who says so.

use crate::error::HistoryError;
use crate::rows::account::Account;
use crate::rows::{account, follow_up};
use crate::store::History;

/// Which closed questions ask for reasons, where a survey has several.
///
/// ```
/// use zendesk_csat_history::ReasonQuestions;
///
/// assert_eq!(ReasonQuestions::from_names([]), ReasonQuestions::Remembered);
/// assert_eq!(ReasonQuestions::from_names(["auto".to_owned()]), ReasonQuestions::Auto);
/// assert_eq!(
///     ReasonQuestions::from_names(["what went wrong".to_owned()]),
///     ReasonQuestions::Named(vec!["what went wrong".to_owned()]),
/// );
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum ReasonQuestions {
    /// As before; of an account that is new in the history, as with [`ReasonQuestions::Auto`].
    #[default]
    Remembered,
    /// What a survey asks after a rating that is not good, else after any rating; where surveys do not say that, the first
    /// that was answered after the rating.
    Auto,
    /// These, by their ids or aliases. Of a survey without one of them, as with [`ReasonQuestions::Auto`].
    Named(Vec<String>),
}

impl ReasonQuestions {
    /// What a user says by these names: nothing, `auto` alone, or ids and aliases of questions.
    pub fn from_names(names: impl IntoIterator<Item = String>) -> Self {
        let names: Vec<String> = names.into_iter().collect();
        match names.as_slice() {
            [] => Self::Remembered,
            [auto] if auto == "auto" => Self::Auto,
            _ => Self::Named(names),
        }
    }

    /// The names to keep; none to leave those that are kept.
    pub(super) fn names(&self) -> Option<&[String]> {
        match self {
            Self::Remembered => None,
            Self::Auto => Some(&[]),
            Self::Named(names) => Some(names),
        }
    }

    /// As for the account where it is remembered.
    pub(super) fn or_of(self, known: Option<&Account>) -> Self {
        match (self, known) {
            (Self::Remembered, Some(known)) => Self::Named(known.reason_questions.clone()),
            (questions, _) => questions,
        }
    }

    /// An error where the account has closed questions, and one of these is none of them.
    pub(super) fn check(&self, history: &History, subdomain: &str) -> Result<(), HistoryError> {
        let Self::Named(names) = self else {
            return Ok(());
        };
        let closed = history.read(|connection| match account::find(connection, subdomain)? {
            Some(account) => follow_up::closed(connection, account.id),
            None => Ok(Vec::new()),
        })?;
        let is_known = |name: &String| {
            closed
                .iter()
                .any(|(id, alias)| id == name || alias.as_ref() == Some(name))
        };
        match names.iter().find(|name| !is_known(name)) {
            Some(question) if !closed.is_empty() => Err(HistoryError::UnknownQuestion {
                path: history.path().to_path_buf(),
                question: question.clone(),
                known: closed
                    .iter()
                    .map(|(id, alias)| match alias {
                        Some(alias) => format!("{id} ({alias})"),
                        None => id.clone(),
                    })
                    .collect(),
            }),
            _ => Ok(()),
        }
    }
}
