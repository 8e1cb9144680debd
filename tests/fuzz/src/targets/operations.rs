//! Every operation through the public client, and what it read in one form.

use crate::case::{Case, check_malformed};
use crate::records::{self, Kind};
use futures::TryStreamExt;
use serde_json::{Value, json};
use zendesk_csat::columns::ColumnPage;
use zendesk_csat::types::{AnswerInput, RatingScoreInput};
use zendesk_csat::{Client, Credentials, Error, Malformed, Page, SecretText, Zrn};

/// An operation, and the form in which its records are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operation {
    Ratings,
    RatingColumns,
    Reasons,
    Responses,
    ResponseColumns,
    Surveys,
    Export,
    ExportColumns,
    ExportByTime,
    Audits,
    ShowMany,
    ShowManyFields,
    Groups,
    Users,
    UsersShowMany,
    Brands,
    TicketForms,
    Organizations,
    Count,
    ShowRating,
    CreateRating,
    ShowReason,
    ShowResponse,
    CreateResponse,
    SubmitResponse,
    CurrentUser,
    Token,
}

use Operation as O;

pub(crate) const LISTS: [Operation; 18] = [
    O::Ratings,
    O::RatingColumns,
    O::Reasons,
    O::Responses,
    O::ResponseColumns,
    O::Surveys,
    O::Export,
    O::ExportColumns,
    O::ExportByTime,
    O::Audits,
    O::ShowMany,
    O::ShowManyFields,
    O::Groups,
    O::Users,
    O::UsersShowMany,
    O::Brands,
    O::TicketForms,
    O::Organizations,
];

pub(crate) const RECORDS: [Operation; 9] = [
    O::Count,
    O::ShowRating,
    O::CreateRating,
    O::ShowReason,
    O::ShowResponse,
    O::CreateResponse,
    O::SubmitResponse,
    O::CurrentUser,
    O::Token,
];

/// What was read of an answer.
#[derive(Debug, Default)]
pub(crate) struct Read {
    pub(crate) ids: Vec<String>,
    pub(crate) malformed: Vec<Malformed>,
}

impl Operation {
    pub(crate) fn is_list(self) -> bool {
        LISTS.contains(&self)
    }

    /// Whether every property of a record is read.
    pub(crate) fn reads_all(self) -> bool {
        !matches!(
            self,
            O::RatingColumns | O::ResponseColumns | O::ExportColumns | O::ShowManyFields
        )
    }

    /// The property that an answer is for.
    pub(crate) fn holder(self) -> &'static str {
        match self {
            O::Ratings | O::RatingColumns => "satisfaction_ratings",
            O::Reasons => "reasons",
            O::Responses | O::ResponseColumns => "survey_responses",
            O::Surveys => "surveys",
            O::Export | O::ExportColumns | O::ExportByTime | O::ShowMany | O::ShowManyFields => "tickets",
            O::Audits => "audits",
            O::Groups => "groups",
            O::Users | O::UsersShowMany => "users",
            O::Brands => "brands",
            O::TicketForms => "ticket_forms",
            O::Organizations => "organizations",
            O::Count => "count",
            O::ShowRating | O::CreateRating => "satisfaction_rating",
            O::ShowReason => "reason",
            O::ShowResponse | O::CreateResponse | O::SubmitResponse => "survey_response",
            O::CurrentUser => "user",
            O::Token => "access_token",
        }
    }

    pub(crate) fn kind(self) -> Kind {
        match self.holder() {
            "satisfaction_ratings" | "satisfaction_rating" => Kind::Rating,
            "reasons" | "reason" => Kind::Reason,
            "survey_responses" | "survey_response" => Kind::Response,
            "surveys" => Kind::Survey,
            "audits" => Kind::Audit,
            "groups" => Kind::Group,
            "users" | "user" => Kind::User,
            "brands" => Kind::Brand,
            "ticket_forms" => Kind::TicketForm,
            "organizations" => Kind::Organization,
            _ => Kind::Ticket,
        }
    }

    /// What stands around the records of a last page.
    pub(crate) fn around(self) -> Value {
        match self.holder() {
            "reasons" => json!({"next_page": null, "previous_page": null, "count": 3}),
            "tickets" if matches!(self, O::Export | O::ExportColumns) => json!({
                "after_cursor": "MTc3", "after_url": "https://acme.zendesk.com/x?cursor=MTc3", "end_of_stream": true,
                "users": [{"id": 1, "name": "]}"}],
            }),
            "tickets" if self == O::ExportByTime => {
                json!({"end_time": 1_770_000_000, "next_page": "x", "end_of_stream": true})
            }
            "tickets" | "ticket_forms" | "organizations" => json!({"next_page": null, "count": 2}),
            "users" if self == O::UsersShowMany => json!({"next_page": null, "count": 2}),
            _ => json!({
                "meta": {"has_more": false, "after_cursor": "C", "before_cursor": null}, "links": {"next": null, "prev": null},
            }),
        }
    }

    /// The body of a sound answer with these records, and their ids.
    pub(crate) fn body(self, case: &mut Case<'_>, numbers: &[u64]) -> (Vec<u8>, Vec<String>) {
        let kind = self.kind();
        if self.is_list() {
            let records: Vec<_> = numbers
                .iter()
                .map(|number| records::written(case, &kind.record(*number)).into())
                .collect();
            let body = records::page(case, self.holder(), &records, &self.around());
            return (
                body,
                numbers.iter().map(|number| id_text(&kind.id(*number))).collect(),
            );
        }
        let number = numbers.first().copied().unwrap_or(1);
        let (holder, id) = (self.holder(), kind.id(number));
        let body = match self {
            O::Count => json!({holder: {"value": number, "refreshed_at": null}}),
            O::Token => {
                json!({holder: "another-token", "token_type": "bearer", "expires_in": number, "scope": "read"})
            }
            O::CreateResponse => json!({holder: {
                "id": id, "links": {"type": "dynamic", "url_path": "https://acme.zendesk.com/hc/x?access_token=planted-words-0815"},
            }}),
            _ => json!({holder: kind.record(number)}),
        };
        let id = match self {
            O::Count | O::Token => number.to_string(),
            _ => id_text(&id),
        };
        (records::written(case, &body).into(), vec![id])
    }

    /// Makes the call.
    pub(crate) async fn call(self, client: &Client) -> Result<Read, Error> {
        let start = chrono::DateTime::from_timestamp(1_770_000_000, 0).unwrap();
        let ratings = client.satisfaction_ratings();
        let responses = client.survey_responses();
        let tickets = client.tickets();
        let one = |id: String| Read {
            ids: vec![id],
            malformed: Vec::new(),
        };
        Ok(match self {
            O::Ratings => rows(ratings.list().send().await?, |rating| rating.id.get().to_string()),
            O::RatingColumns => first(ratings.list().columns().try_next().await?, |page| {
                columns(page, page.rows().map(|row| row.id().get().to_string()))
            }),
            O::Reasons => rows(client.satisfaction_reasons().list().send().await?, |reason| {
                reason.id.get().to_string()
            }),
            O::Responses => rows(responses.list().send().await?, |response| response.id.to_string()),
            O::ResponseColumns => first(responses.list().columns().try_next().await?, |page| {
                columns(page, page.rows().map(|row| row.id().to_string()))
            }),
            O::Surveys => rows(client.surveys().list().send().await?, |survey| {
                survey.id.to_string()
            }),
            O::Export => rows(tickets.export().start_time(start).send().await?, |ticket| {
                ticket.id.get().to_string()
            }),
            O::ExportColumns => first(
                tickets.export().start_time(start).columns().try_next().await?,
                |page| columns(page, page.rows().map(|row| row.id().get().to_string())),
            ),
            O::ExportByTime => rows(
                tickets.export_by_time().start_time(start).send().await?,
                |ticket| ticket.id.get().to_string(),
            ),
            O::Audits => rows(tickets.audits(70).send().await?, |audit| {
                audit.id.get().to_string()
            }),
            O::ShowMany => rows(tickets.show_many([1, 2, 3]).send().await?, |ticket| {
                ticket.id.get().to_string()
            }),
            O::ShowManyFields => {
                let chosen = tickets.show_many([1, 2, 3]).fields(["subject", "tags"]);
                rows(chosen.send().await?, |ticket| ticket.id.get().to_string())
            }
            O::Groups => rows(client.groups().list().send().await?, |group| {
                group.id.get().to_string()
            }),
            O::Users => rows(client.users().list().send().await?, |user| {
                user.id.get().to_string()
            }),
            O::UsersShowMany => rows(client.users().show_many([1, 2, 3]).send().await?, |user| {
                user.id.get().to_string()
            }),
            O::Brands => rows(client.brands().list().send().await?, |brand| {
                brand.id.get().to_string()
            }),
            O::TicketForms => rows(client.ticket_forms().list().send().await?, |form| {
                form.id.get().to_string()
            }),
            O::Organizations => rows(
                client.organizations().show_many([1, 2, 3]).send().await?,
                |organization| organization.id.get().to_string(),
            ),
            O::CurrentUser => one(client
                .users()
                .me()
                .send()
                .await?
                .id
                .map(|id| id.get().to_string())
                .unwrap_or_default()),
            O::Count => one(ratings
                .count()
                .send()
                .await?
                .value
                .map(|value| value.to_string())
                .unwrap_or_default()),
            O::ShowRating => one(ratings.show(1).send().await?.id.get().to_string()),
            O::CreateRating => one(ratings
                .create(70, RatingScoreInput::Good)
                .send()
                .await?
                .id
                .get()
                .to_string()),
            O::ShowReason => one(client
                .satisfaction_reasons()
                .show(1)
                .send()
                .await?
                .id
                .get()
                .to_string()),
            O::ShowResponse => one(responses.show("01K").send().await?.id.to_string()),
            O::CreateResponse => one(responses
                .create("01S", 5, [Zrn::ticket(70)])
                .send()
                .await?
                .id
                .to_string()),
            O::SubmitResponse => {
                let submit = responses.submit("01K", [AnswerInput::rating("scale", 1)]);
                let submit = submit.access_token(SecretText::from("a-link-token"));
                one(submit.send().await?.id.to_string())
            }
            O::Token => {
                let token = client
                    .oauth()
                    .client_credentials("csat", "planted-token-4711")
                    .send()
                    .await?;
                one(token.expires_in.map(|time| time.to_string()).unwrap_or_default())
            }
        })
    }
}

pub(crate) fn id_text(id: &Value) -> String {
    id.as_str().map_or_else(|| id.to_string(), str::to_owned)
}

fn rows<T>(page: Page<T>, id: impl Fn(&T) -> String) -> Read {
    Read {
        ids: page.items.iter().map(id).collect(),
        malformed: page.malformed,
    }
}

fn first<C>(page: Option<ColumnPage<C>>, read: impl Fn(&ColumnPage<C>) -> Read) -> Read {
    page.as_ref().map(read).unwrap_or_default()
}

fn columns<C>(page: &ColumnPage<C>, ids: impl Iterator<Item = String>) -> Read {
    Read {
        ids: ids.collect(),
        malformed: page.malformed.clone(),
    }
}

impl Read {
    pub(crate) fn check(&self) -> crate::case::Checked {
        check_malformed(&self.malformed)
    }
}

/// A client that has its token from the service, so that the token too comes by a hostile answer.
pub(crate) fn minting_client(case: &Case<'_>) -> Client {
    Client::builder("acme")
        .base_url(format!("http://{}", case.service.host))
        .credentials(Credentials::oauth_client("csat", crate::case::TOKEN))
        .max_retries(1)
        .clock(zendesk_csat::testing::TestClock::default())
        .build()
        .unwrap()
}
