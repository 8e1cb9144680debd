//! How large an account is, from a few pages of it.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use zendesk_csat::types::{SurveyResponse, SurveyResponseSort};
use zendesk_csat::{Client, Error, ErrorKind, Page};

/// How many times between the oldest and the newest survey are looked at.
const PROBES: i32 = 8;

/// At how many times since the one asked for ratings are looked at.
const RATING_PROBES: i32 = 3;

/// The size of an account, or of the part since a time.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Account {
    pub(super) ratings: u64,
    pub(super) survey_responses: u64,
    pub(super) survey_versions: u64,
    /// The part of the survey responses that are answered.
    pub(super) answered: f64,
    pub(super) tickets: u64,
}

pub(super) struct Sample<'a> {
    client: &'a Client,
}

/// The pages of survey responses that were looked at.
#[derive(Debug, Default)]
struct Seen {
    responses: Vec<SurveyResponse>,
}

impl<'a> Sample<'a> {
    pub(super) fn of(client: &'a Client) -> Self {
        Self { client }
    }

    /// The service's clock, as the newest survey shows it.
    pub(super) async fn now(&self) -> Result<Option<DateTime<Utc>>, Error> {
        let newest = self
            .responses(None, None, SurveyResponseSort::IdDescending)
            .await?;
        Ok(newest.and_then(|page| page.items.iter().filter_map(SurveyResponse::sent_at).max()))
    }

    pub(super) async fn account(&self, since: Option<i64>) -> Result<Account, Error> {
        let since = since.and_then(DateTime::from_timestamp_millis);
        let mut seen = Seen::default();
        let survey_responses = self.count_responses(since, &mut seen).await?;
        let ratings = self.count_ratings(since).await?;
        // Tickets are numbered one after the other.
        let ids = || {
            let tickets = seen.responses.iter().filter_map(SurveyResponse::ticket_id);
            tickets.map(i64::from)
        };
        let highest = ids().max().unwrap_or(0);
        let below = since.and(ids().min()).map_or(0, |lowest| lowest - 1);
        Ok(Account {
            ratings,
            survey_responses,
            survey_versions: seen.versions(),
            answered: seen.answered(),
            tickets: (highest - below).max(0).unsigned_abs().max(ratings),
        })
    }

    /// The surveys sent between two times are about as many as the density of those sent around either tells.
    async fn count_responses(&self, since: Option<DateTime<Utc>>, seen: &mut Seen) -> Result<u64, Error> {
        let Some(newest) = self
            .responses(since, None, SurveyResponseSort::IdDescending)
            .await?
        else {
            return Ok(0);
        };
        let has_more = newest.has_more;
        let mut known = seen.add(newest);
        let Some(oldest) = self
            .responses(since, None, SurveyResponseSort::IdAscending)
            .await?
            .filter(|_| has_more)
            .map(|page| seen.add(page))
        else {
            return Ok(known.count);
        };
        let (Some(start), Some(end)) = (oldest.newest, known.oldest) else {
            return Ok(known.count);
        };
        // Between the stretches that were seen, from the newest on backwards, lie as many as they are dense.
        let mut between = 0.0;
        for probe in (0..=PROBES).rev() {
            let at = start + (end - start) * probe / (PROBES + 1);
            let next = if probe == 0 {
                oldest.clone()
            } else {
                match self
                    .responses(since, Some(at), SurveyResponseSort::IdDescending)
                    .await?
                {
                    Some(page) => seen.add(page),
                    None => continue,
                }
            };
            let gap = known
                .oldest
                .zip(next.newest)
                .map_or(0.0, |(to, from)| seconds(to - from));
            between += (known.a_second() + next.a_second()) / 2.0 * gap.max(0.0);
            if next.oldest < known.oldest {
                known = next;
            }
        }
        Ok(seen.count() + between as u64)
    }

    /// How many ratings there are; since a time, as densely as they come at a few moments since.
    async fn count_ratings(&self, since: Option<DateTime<Utc>>) -> Result<u64, Error> {
        let count = allowed(self.client.satisfaction_ratings().count().send().await)?;
        let all = count
            .and_then(|count| count.value)
            .map_or(0, |value| u64::try_from(value).unwrap_or(0));
        let Some(since) = since.filter(|_| all > 0) else {
            return Ok(all);
        };
        let now = self.now().await?.unwrap_or(since).max(since);
        let mut a_second = Vec::new();
        for part in 0..RATING_PROBES {
            let from = since + (now - since) * part / RATING_PROBES;
            let list = self.client.satisfaction_ratings().list().page_size(100_u32);
            let Some(page) = allowed(list.start_time(from).send().await)? else {
                return Ok(0);
            };
            if part == 0 && !page.has_more {
                return Ok(page.items.len() as u64);
            }
            let last = page.items.iter().filter_map(|rating| rating.created_at).max();
            let end = last.filter(|_| page.has_more).unwrap_or(now);
            a_second.push(page.items.len() as f64 / seconds(end - from).max(1.0));
        }
        let mean = a_second.iter().sum::<f64>() / a_second.len().max(1) as f64;
        Ok(all.min((mean * seconds(now - since)) as u64))
    }

    async fn responses(
        &self,
        since: Option<DateTime<Utc>>,
        until: Option<DateTime<Utc>>,
        sort: SurveyResponseSort,
    ) -> Result<Option<Page<SurveyResponse>>, Error> {
        let mut list = self.client.survey_responses().list().page_size(50_u32).sort(sort);
        if let Some(since) = since {
            list = list.created_at_start(since);
        }
        if let Some(until) = until {
            list = list.created_at_end(until);
        }
        allowed(list.send().await)
    }
}

/// A stretch of surveys.
#[derive(Debug, Clone)]
struct Stretch {
    count: u64,
    oldest: Option<DateTime<Utc>>,
    newest: Option<DateTime<Utc>>,
}

impl Stretch {
    fn a_second(&self) -> f64 {
        let span = self
            .newest
            .zip(self.oldest)
            .map_or(0.0, |(newest, oldest)| seconds(newest - oldest));
        if span > 0.0 {
            self.count.saturating_sub(1) as f64 / span
        } else {
            0.0
        }
    }
}

impl Seen {
    fn add(&mut self, page: Page<SurveyResponse>) -> Stretch {
        let times = || page.items.iter().filter_map(SurveyResponse::sent_at);
        let stretch = Stretch {
            count: page.items.len() as u64,
            oldest: times().min(),
            newest: times().max(),
        };
        self.responses.extend(page.items);
        stretch
    }

    /// Stretches may overlap.
    fn count(&self) -> u64 {
        let ids: HashSet<_> = self
            .responses
            .iter()
            .map(|response| response.id.as_str())
            .collect();
        ids.len() as u64
    }

    fn versions(&self) -> u64 {
        let answered = self
            .responses
            .iter()
            .filter(|response| response.csat_answer().is_some());
        let versions: HashSet<_> = answered
            .map(|response| (response.survey_id(), response.survey_version()))
            .collect();
        versions.len() as u64
    }

    fn answered(&self) -> f64 {
        let answered = self
            .responses
            .iter()
            .filter(|response| response.csat_answer().is_some());
        answered.count() as f64 / self.responses.len().max(1) as f64
    }
}

fn seconds(span: TimeDelta) -> f64 {
    span.as_seconds_f64()
}

/// What the account or the credentials do not have counts nothing.
fn allowed<T>(result: Result<T, Error>) -> Result<Option<T>, Error> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if matches!(error.kind(), ErrorKind::PermissionDenied | ErrorKind::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}
