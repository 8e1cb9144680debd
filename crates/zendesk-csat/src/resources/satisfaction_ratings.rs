//! [Satisfaction Ratings](https://developer.zendesk.com/api-reference/ticketing/ticket-management/satisfaction_ratings/):
//! the legacy CSAT system.

use super::offset::At;
use super::{cursor_pages, page_size, setters};
use crate::columns::SatisfactionRatingColumns;
use crate::decode::page::Next;
use crate::generated::parameters;
use crate::operation;
use crate::paging::{Listing, listing};
use crate::response::Response;
use crate::types::{
    Count, CountEnvelope, CreateSatisfactionRatingRequest, RatingFilter, RatingScoreInput, ReasonCode,
    SatisfactionRating, SatisfactionRatingEnvelope, SatisfactionRatingId, SatisfactionRatingInput,
    SatisfactionRatingsPage, TicketId,
};
use crate::{Client, Error};
use chrono::{DateTime, Utc};

/// Legacy satisfaction ratings.
#[derive(Debug, Clone)]
pub struct SatisfactionRatings {
    client: Client,
}

impl SatisfactionRatings {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Every rating of the account, oldest first. For admins.
    ///
    /// [Documentation](https://developer.zendesk.com/api-reference/ticketing/ticket-management/satisfaction_ratings/#list-satisfaction-ratings)
    ///
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
    /// # let zendesk = zendesk_csat_emulator::Emulator::builder().seed(7).tickets(50).start()?;
    /// # let account = zendesk.account();
    /// # let client = zendesk_csat::Client::builder(&account.subdomain).base_url(zendesk.base_url())
    /// #     .credentials(zendesk_csat::Credentials::oauth_token(&account.oauth_token)).build()?;
    /// use futures::TryStreamExt;
    /// use zendesk_csat::types::RatingFilter;
    ///
    /// let mut ratings = client.satisfaction_ratings().list().score(RatingFilter::Bad).items();
    /// while let Some(rating) = ratings.try_next().await? {
    ///     println!("{}: {:?}", rating.id, rating.comment);
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn list(&self) -> ListSatisfactionRatings {
        ListSatisfactionRatings {
            client: self.client.clone(),
            score: None,
            start_time: None,
            end_time: None,
            sort: None,
            page_size: None,
            after: None,
        }
    }

    /// About how many ratings the account has. For admins.
    ///
    /// Above 100,000 the number is up to a day old.
    ///
    /// [Documentation](https://developer.zendesk.com/api-reference/ticketing/ticket-management/satisfaction_ratings/#count-satisfaction-ratings)
    pub fn count(&self) -> CountSatisfactionRatings {
        CountSatisfactionRatings {
            client: self.client.clone(),
        }
    }

    /// One rating by its id. For admins.
    ///
    /// [Documentation](https://developer.zendesk.com/api-reference/ticketing/ticket-management/satisfaction_ratings/#show-satisfaction-rating)
    pub fn show(&self, id: impl Into<SatisfactionRatingId>) -> ShowSatisfactionRating {
        ShowSatisfactionRating {
            client: self.client.clone(),
            id: id.into(),
        }
    }

    /// Rates a solved ticket. For the end user who requested it.
    ///
    /// [Documentation](https://developer.zendesk.com/api-reference/ticketing/ticket-management/satisfaction_ratings/#create-a-satisfaction-rating)
    pub fn create(
        &self,
        ticket_id: impl Into<TicketId>,
        score: RatingScoreInput,
    ) -> CreateSatisfactionRating {
        CreateSatisfactionRating {
            client: self.client.clone(),
            ticket_id: ticket_id.into(),
            score,
            comment: None,
            reason_code: None,
            on_behalf_of: None,
        }
    }
}

/// Lists ratings; see [`SatisfactionRatings::list`].
#[derive(Debug, Clone)]
pub struct ListSatisfactionRatings {
    client: Client,
    score: Option<RatingFilter>,
    start_time: Option<DateTime<Utc>>,
    end_time: Option<DateTime<Utc>>,
    sort: Option<String>,
    page_size: Option<u32>,
    after: Option<String>,
}

impl ListSatisfactionRatings {
    setters! {
        /// Only ratings of this score, with or without a comment.
        score: RatingFilter;
        /// Only ratings created at or after this time, to the second.
        start_time: DateTime<Utc>;
        /// Only ratings created at or before this time, to the second.
        end_time: DateTime<Utc>;
        /// The field to sort by, with a leading minus for descending order.
        sort: String;
        /// Records a page, 1 to 100; 100 where not given.
        page_size: u32;
        /// Starts at the cursor of an earlier [`Page`](crate::Page).
        after: String;
    }
}

listing!(ListSatisfactionRatings => SatisfactionRating, SatisfactionRatingColumns);

impl Listing for ListSatisfactionRatings {
    type Envelope = SatisfactionRatingsPage;

    async fn fetch(&self) -> Result<Response, Error> {
        let operation = &operation::LIST_SATISFACTION_RATINGS;
        let page_size = page_size(operation, self.page_size)?;
        let at = At::of(self.after.as_deref());
        self.client
            .call(operation, |api| async move {
                api.list_satisfaction_ratings(parameters::ListSatisfactionRatings {
                    end_time: self.end_time.map(|time| time.timestamp()),
                    page: at.page().map(|page| page.number),
                    page_after: at.after(),
                    page_size: at.cursor_size(page_size),
                    per_page: at.page().and_then(|page| page.size),
                    score: self.score.as_ref(),
                    sort: self.sort.as_deref(),
                    start_time: self.start_time.map(|time| time.timestamp()),
                    ..Default::default()
                })
                .await
            })
            .await
    }

    fn at(self, cursor: String) -> Self {
        self.after(cursor)
    }

    fn way_on(&self, said: Next) -> Next {
        At::of(self.after.as_deref()).way_on(said)
    }
}

cursor_pages!(SatisfactionRatingsPage => SatisfactionRating, LIST_SATISFACTION_RATINGS);

/// Counts ratings; see [`SatisfactionRatings::count`].
#[derive(Debug, Clone)]
pub struct CountSatisfactionRatings {
    client: Client,
}

impl CountSatisfactionRatings {
    /// Makes the call.
    ///
    /// # Errors
    /// Whatever kept the count from coming.
    pub async fn send(self) -> Result<Count, Error> {
        let operation = &operation::COUNT_SATISFACTION_RATINGS;
        let response = self
            .client
            .call(
                operation,
                |api| async move { api.count_satisfaction_ratings().await },
            )
            .await?;
        Ok(response.record::<CountEnvelope>()?.count)
    }
}

/// Shows a rating; see [`SatisfactionRatings::show`].
#[derive(Debug, Clone)]
pub struct ShowSatisfactionRating {
    client: Client,
    id: SatisfactionRatingId,
}

impl ShowSatisfactionRating {
    /// Makes the call.
    ///
    /// # Errors
    /// [`NotFound`](crate::ErrorKind::NotFound) where there is no such rating, and whatever else
    /// kept it from coming.
    pub async fn send(self) -> Result<SatisfactionRating, Error> {
        let operation = &operation::SHOW_SATISFACTION_RATING;
        let response = self
            .client
            .call(operation, |api| async move {
                api.show_satisfaction_rating(&self.id).await
            })
            .await?;
        Ok(response
            .record::<SatisfactionRatingEnvelope>()?
            .satisfaction_rating
            .into_inner())
    }
}

/// Rates a ticket; see [`SatisfactionRatings::create`].
#[derive(Debug, Clone)]
pub struct CreateSatisfactionRating {
    client: Client,
    ticket_id: TicketId,
    score: RatingScoreInput,
    comment: Option<String>,
    reason_code: Option<i64>,
    on_behalf_of: Option<String>,
}

impl CreateSatisfactionRating {
    setters! {
        /// The customer's words.
        comment: String;
        /// Why the rating is bad, by the reason's code; with [`RatingScoreInput::Bad`] only.
        reason_code: i64;
        /// The e-mail address of the end user for whom an admin rates, with a token of scope `impersonate`.
        on_behalf_of: String;
    }

    /// Makes the call. It is not repeated once it may have arrived.
    ///
    /// # Errors
    /// [`Unprocessable`](crate::ErrorKind::Unprocessable) where the ticket cannot be rated, and
    /// whatever else kept it from being rated.
    pub async fn send(self) -> Result<SatisfactionRating, Error> {
        let body = CreateSatisfactionRatingRequest {
            satisfaction_rating: SatisfactionRatingInput {
                score: self.score,
                comment: self.comment.clone(),
                reason_code: self.reason_code.map(ReasonCode),
            },
        };
        let body = &body;
        let response = self
            .client
            .call(&operation::CREATE_SATISFACTION_RATING, |api| async move {
                api.create_satisfaction_rating(parameters::CreateSatisfactionRating {
                    ticket_id: &self.ticket_id,
                    x_on_behalf_of: self.on_behalf_of.as_deref(),
                    body,
                })
                .await
            })
            .await?;
        Ok(response
            .record::<SatisfactionRatingEnvelope>()?
            .satisfaction_rating
            .into_inner())
    }
}
