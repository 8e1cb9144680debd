//! How large an account is, from a few pages of it.

use std::collections::HashSet;

use super::ticket_calls::Latest;
use chrono::{DateTime, TimeDelta, Utc};
use zendesk_csat::types::{SurveyResponse, SurveyResponseSort};
use zendesk_csat::{Client, Error, ErrorKind, Page};

/// At how many times between the oldest and the newest survey are looked at.
const PROBES: i32 = 2;

/// The same, where ratings have to be looked at too: since a time they cannot be counted.
const PROBES_SINCE: i32 = 1;

/// The size of an account, or of the part since a time.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Account {
    pub(super) ratings: u64,
    pub(super) survey_responses: u64,
    pub(super) survey_versions: u64,
    /// The part of the survey responses that are answered.
    pub(super) answered: f64,
    pub(super) tickets: u64,
    /// Those that a survey or a rating is about.
    pub(super) rated_tickets: u64,
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

    /// What the newest surveys show.
    pub(super) async fn latest(&self) -> Result<Latest, Error> {
        let mut seen = Seen::default();
        let newest = self
            .responses(None, None, SurveyResponseSort::IdDescending)
            .await?;
        let moment = newest.and_then(|page| seen.add(page).newest);
        Ok(Latest {
            moment: moment.map(|moment| moment.timestamp_millis()),
            ticket: seen.tickets().max(),
        })
    }

    pub(super) async fn account(&self, since: Option<i64>) -> Result<Account, Error> {
        let since = since.and_then(DateTime::from_timestamp_millis);
        let mut seen = Seen::default();
        let survey_responses = self.count_responses(since, &mut seen).await?;
        let ratings = self.count_ratings(since, seen.newest()).await?;
        // Tickets are numbered one after the other.
        let highest = seen.tickets().max().unwrap_or(0);
        let below = since.and(seen.tickets().min()).map_or(0, |lowest| lowest - 1);
        let tickets = (highest - below).max(0).unsigned_abs().max(ratings);
        let with_ticket = seen.part(|response| response.ticket_id().is_some());
        let surveyed = (survey_responses as f64 * with_ticket) as u64;
        Ok(Account {
            ratings,
            survey_responses,
            survey_versions: seen.versions(),
            answered: seen.part(|response| response.csat_answer().is_some()),
            tickets,
            rated_tickets: (surveyed + ratings).min(tickets),
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
        let probes = if since.is_some() { PROBES_SINCE } else { PROBES };
        for probe in (0..=probes).rev() {
            let at = start + (end - start) * probe / (probes + 1);
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

    /// How many ratings there are; since a time, as densely as they come from then on.
    async fn count_ratings(
        &self,
        since: Option<DateTime<Utc>>,
        now: Option<DateTime<Utc>>,
    ) -> Result<u64, Error> {
        let count = allowed(self.client.satisfaction_ratings().count().send().await)?;
        let all = count
            .and_then(|count| count.value)
            .map_or(0, |value| u64::try_from(value).unwrap_or(0));
        let Some(since) = since.filter(|_| all > 0) else {
            return Ok(all);
        };
        let list = self.client.satisfaction_ratings().list().page_size(100_u32);
        let Some(page) = allowed(list.start_time(since).send().await)? else {
            return Ok(0);
        };
        let listed = page.items.len() as u64;
        let last = page.items.iter().filter_map(|rating| rating.created_at).max();
        match (now, last) {
            _ if !page.has_more => Ok(listed),
            (Some(now), Some(last)) => {
                let a_second = listed as f64 / seconds(last - since).max(1.0);
                Ok(all.min((a_second * seconds(now - since)) as u64))
            }
            _ => Ok(all),
        }
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

    fn newest(&self) -> Option<DateTime<Utc>> {
        self.responses.iter().filter_map(SurveyResponse::sent_at).max()
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

    fn tickets(&self) -> impl Iterator<Item = i64> {
        let tickets = self.responses.iter().filter_map(SurveyResponse::ticket_id);
        tickets.map(i64::from)
    }

    /// The part of the responses that are so.
    fn part(&self, is_so: impl Fn(&SurveyResponse) -> bool) -> f64 {
        let those = self.responses.iter().filter(|response| is_so(response));
        those.count() as f64 / self.responses.len().max(1) as f64
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
