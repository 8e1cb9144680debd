//! The listings that are walked, and where they are.

use crate::pages;

/// One listing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listing {
    /// Legacy ratings, 100 a page.
    Ratings,
    /// Survey responses, 50 a page.
    SurveyResponses,
    /// Tickets of the export, 1,000 a page.
    Tickets,
}

impl Listing {
    /// All.
    pub const ALL: [Self; 3] = [Self::Ratings, Self::SurveyResponses, Self::Tickets];

    /// As people say it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ratings => "ratings",
            Self::SurveyResponses => "survey responses",
            Self::Tickets => "tickets",
        }
    }

    /// Its path, which no other path begins with.
    pub fn path(self) -> &'static str {
        match self {
            Self::Ratings => "/api/v2/satisfaction_ratings",
            Self::SurveyResponses => "/api/v2/guide/survey_responses",
            Self::Tickets => "/api/v2/incremental/tickets/cursor",
        }
    }

    /// Records a page.
    pub fn page_size(self) -> usize {
        match self {
            Self::Ratings => 100,
            Self::SurveyResponses => 50,
            Self::Tickets => 1_000,
        }
    }

    /// What a request for the page with this number, counted from 0, says of it.
    pub fn query(self, page: usize) -> String {
        let size = self.page_size();
        match self {
            Self::Ratings | Self::SurveyResponses => format!("page[size]={size}&page[after]={page}"),
            Self::Tickets => format!("per_page={size}&cursor={page}"),
        }
    }

    /// The number of the page that a request asks for.
    pub fn page_asked(self, target: &str) -> usize {
        let name = match self {
            Self::Ratings | Self::SurveyResponses => "after",
            Self::Tickets => "cursor=",
        };
        let rest = target
            .split_once('?')
            .and_then(|(_, query)| query.split_once(name));
        let number = rest.map(|(_, rest)| rest.trim_start_matches("%5D").trim_start_matches([']', '=']));
        let digits = number.and_then(|number| number.split(['&', ' ']).next());
        digits.and_then(|digits| digits.parse().ok()).unwrap_or(0)
    }

    /// The page with this number.
    pub(crate) fn page(self, number: usize, last: bool) -> Vec<u8> {
        match self {
            Self::Ratings => pages::ratings(self.page_size(), number, last),
            Self::SurveyResponses => pages::survey_responses(self.page_size(), number, last),
            Self::Tickets => pages::tickets(self.page_size(), number, last),
        }
    }
}
