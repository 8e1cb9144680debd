//! A ticket as the exports and `show_many` give it: a full body, made on request.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use super::rating::{TicketRatingJson, assignee_id, group_id};
use super::{Each, iso_seconds, record_url};
use crate::account::ids::{domain, mix};
use crate::account::records::Ticket;
use crate::account::{Account, SUBDOMAIN, Satisfaction, people, texts};

const CUSTOM_FIELDS: u64 = 16;
const EMPTY: [u64; 0] = [];

/// One ticket.
pub(crate) struct TicketJson<'a> {
    pub(crate) account: &'a Account,
    pub(crate) index: u32,
    pub(crate) with_metrics: bool,
}

impl Serialize for TicketJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self {
            account,
            index,
            with_metrics,
        } = *self;
        let ticket = &account.tickets[index as usize];
        let id = account.ticket_id(index);
        let draw = mix(account.seed, domain::TICKET, u64::from(index));
        let subject = account.subject(index);
        let requester_id = account.person_id(ticket.requester);
        let channel = Channel::of(account, index);
        let custom_fields = Each((0..CUSTOM_FIELDS).map(|field| CustomField {
            seed: account.seed,
            field,
            draw,
        }));
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("url", &record_url(&format!("tickets/{id}")))?;
        map.serialize_entry("id", &id)?;
        map.serialize_entry(
            "external_id",
            &draw
                .is_multiple_of(9)
                .then(|| format!("crm-{}", draw % 1_000_000)),
        )?;
        map.serialize_entry(
            "via",
            &Via {
                channel,
                requester: ticket.requester,
                account,
            },
        )?;
        map.serialize_entry("created_at", &iso_seconds(ticket.created))?;
        map.serialize_entry("updated_at", &iso_seconds(ticket.updated))?;
        map.serialize_entry("generated_timestamp", &ticket.generated)?;
        map.serialize_entry(
            "type",
            &[
                None,
                Some("question"),
                Some("incident"),
                Some("problem"),
                Some("task"),
            ][(draw >> 8) as usize % 5],
        )?;
        map.serialize_entry("subject", &subject)?;
        map.serialize_entry("raw_subject", &subject)?;
        map.serialize_entry("description", &texts::description(draw))?;
        map.serialize_entry("priority", &priority(draw))?;
        map.serialize_entry("status", ticket.status.name())?;
        map.serialize_entry(
            "custom_status_id",
            &(4_398_081_000_000 + 13 * ticket.status as u64),
        )?;
        map.serialize_entry(
            "recipient",
            &(channel == Channel::Email).then(|| format!("support@{SUBDOMAIN}.zendesk.com")),
        )?;
        map.serialize_entry("requester_id", &requester_id)?;
        map.serialize_entry("submitter_id", &requester_id)?;
        map.serialize_entry("assignee_id", &assignee_id(account, ticket.assignee))?;
        map.serialize_entry(
            "organization_id",
            &account.organization_id_of(account.person(ticket.requester)),
        )?;
        map.serialize_entry("group_id", &group_id(account, ticket.group))?;
        map.serialize_entry("collaborator_ids", &EMPTY)?;
        map.serialize_entry("follower_ids", &EMPTY)?;
        map.serialize_entry("email_cc_ids", &EMPTY)?;
        map.serialize_entry("forum_topic_id", &())?;
        map.serialize_entry("problem_id", &())?;
        map.serialize_entry("has_incidents", &false)?;
        map.serialize_entry("is_public", &true)?;
        map.serialize_entry("due_at", &())?;
        map.serialize_entry("tags", &tags(draw, channel, ticket))?;
        map.serialize_entry("custom_fields", &custom_fields)?;
        map.serialize_entry(
            "satisfaction_rating",
            &SatisfactionJson {
                account,
                satisfaction: account.satisfaction(ticket),
            },
        )?;
        map.serialize_entry("sharing_agreement_ids", &EMPTY)?;
        map.serialize_entry("encoded_id", &encoded_id(draw))?;
        map.serialize_entry("fields", &custom_fields)?;
        map.serialize_entry("followup_ids", &EMPTY)?;
        map.serialize_entry(
            "ticket_form_id",
            &account.form_of(index).map(|form| account.ids.forms.id(form)),
        )?;
        map.serialize_entry("brand_id", &account.ids.brands.id(account.brand_of(index)))?;
        map.serialize_entry("allow_channelback", &false)?;
        map.serialize_entry("allow_attachments", &true)?;
        map.serialize_entry("from_messaging_channel", &ticket.messaging)?;
        map.serialize_entry("support_type", if ticket.ai_agent { "ai_agent" } else { "agent" })?;
        if with_metrics {
            let solved_at = ticket.was_solved().then(|| iso_seconds(ticket.solved));
            let full_resolution = ticket.was_solved().then(|| (ticket.solved - ticket.created) / 60);
            map.serialize_entry(
                "metric_set",
                &json!({
                    "id": 10_700_000_000_000 + id,
                    "ticket_id": id,
                    "created_at": iso_seconds(ticket.created),
                    "updated_at": iso_seconds(ticket.updated),
                    "solved_at": solved_at,
                    "reopens": draw % 2,
                    "replies": 1 + draw % 5,
                    "full_resolution_time_in_minutes": {"calendar": full_resolution, "business": full_resolution.map(|minutes| minutes / 3)},
                }),
            )?;
        }
        map.end()
    }
}

/// A ticket's own `satisfaction_rating`, in its four forms.
struct SatisfactionJson<'a> {
    account: &'a Account,
    satisfaction: Satisfaction,
}

impl Serialize for SatisfactionJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.satisfaction {
            Satisfaction::Off => serializer.serialize_none(),
            Satisfaction::Unoffered => json!({"score": "unoffered"}).serialize(serializer),
            Satisfaction::Offered => json!({"score": "offered"}).serialize(serializer),
            Satisfaction::Received(index) => TicketRatingJson {
                account: self.account,
                index,
            }
            .serialize(serializer),
        }
    }
}

/// How a ticket came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Channel {
    Email,
    Web,
    Messaging,
}

impl Channel {
    fn of(account: &Account, index: u32) -> Self {
        if account.tickets[index as usize].messaging {
            Self::Messaging
        } else if account.is_of_web(index) {
            Self::Web
        } else {
            Self::Email
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Web => "web",
            Self::Messaging => "native_messaging",
        }
    }
}

struct Via<'a> {
    account: &'a Account,
    channel: Channel,
    requester: u32,
}

impl Serialize for Via<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let channel = self.channel.name();
        if self.channel != Channel::Email {
            return json!({"channel": channel, "source": {"from": {}, "to": {}, "rel": null}})
                .serialize(serializer);
        }
        let requester = self.account.person(self.requester);
        json!({
            "channel": channel,
            "source": {
                "from": {"address": self.account.email(requester), "name": self.account.user_name(requester)},
                "to": {"address": format!("support@{SUBDOMAIN}.zendesk.com"), "name": "Support"},
                "rel": null,
            },
        })
        .serialize(serializer)
    }
}

#[derive(Clone, Copy)]
struct CustomField {
    seed: u64,
    field: u64,
    draw: u64,
}

impl Serialize for CustomField {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry(
            "id",
            &(4_398_085_000_000 + self.field * 101 + mix(self.seed, domain::CUSTOM_FIELD, self.field) % 100),
        )?;
        let value = mix(self.draw, domain::CUSTOM_FIELD, self.field);
        if value.is_multiple_of(3) {
            map.serialize_entry("value", &())?;
        } else {
            match self.field % 5 {
                0 => map.serialize_entry("value", &value.is_multiple_of(2))?,
                1 => map.serialize_entry("value", &(value % 10_000))?,
                2 => map.serialize_entry(
                    "value",
                    &["europe", "asia", "americas"][(value >> 8) as usize % 3],
                )?,
                3 => map.serialize_entry("value", &[["basic"], ["plus"]][(value >> 8) as usize % 2])?,
                _ => map.serialize_entry("value", &texts::subject(value))?,
            }
        }
        map.end()
    }
}

fn priority(draw: u64) -> Option<&'static str> {
    [None, Some("low"), Some("normal"), Some("high"), Some("urgent")][(draw >> 12) as usize % 5]
}

/// What the account drew for a ticket: its priority, tags and channel.
pub(crate) fn drawn(
    account: &Account,
    index: u32,
) -> (Option<&'static str>, Vec<&'static str>, &'static str) {
    let draw = mix(account.seed, domain::TICKET, u64::from(index));
    let channel = Channel::of(account, index);
    let tags = tags(draw, channel, &account.tickets[index as usize]);
    (priority(draw), tags, channel.name())
}

fn tags(draw: u64, channel: Channel, ticket: &Ticket) -> Vec<&'static str> {
    let mut tags = vec![match channel {
        Channel::Messaging => "messaging",
        Channel::Web => "web_form",
        Channel::Email => "mail",
    }];
    if draw.is_multiple_of(4) {
        tags.push("refund");
    }
    if draw.is_multiple_of(7) {
        tags.push("vip_customer");
    }
    if ticket.merged {
        tags.push("closed_by_merge");
    }
    tags
}

fn encoded_id(draw: u64) -> String {
    let code: Vec<char> = format!("{:010X}", draw >> 24).chars().collect();
    code.chunks(5)
        .map(|part| part.iter().collect::<String>())
        .collect::<Vec<_>>()
        .join("-")
}

/// The side loads that a page of tickets was asked to include.
pub(crate) fn side_loads(account: &Account, tickets: &[u32], include: &str) -> Vec<(&'static str, Value)> {
    let wanted = |name: &str| include.split(',').any(|part| part.trim() == name);
    let mut loads = Vec::new();
    if wanted("users") {
        let mut users: Vec<people::UserRef> = Vec::new();
        for ticket in tickets
            .iter()
            .filter_map(|index| account.tickets.get(*index as usize))
        {
            users.push(account.person(ticket.requester));
            if usize::from(ticket.assignee) < account.staff.len() {
                users.push(people::UserRef::Staff(ticket.assignee));
            }
        }
        users.sort_by_key(|user| account.user_id(*user));
        users.dedup();
        loads.push((
            "users",
            users
                .into_iter()
                .map(|user| super::user::user(account, user))
                .collect(),
        ));
    }
    if wanted("groups") {
        let groups: std::collections::BTreeSet<u8> = tickets
            .iter()
            .filter_map(|index| account.tickets.get(*index as usize))
            .map(|ticket| ticket.group)
            .filter(|group| usize::from(*group) < people::GROUPS.len())
            .collect();
        loads.push((
            "groups",
            groups
                .into_iter()
                .map(|group| super::user::group(account, group))
                .collect(),
        ));
    }
    if wanted("organizations") {
        let organizations: std::collections::BTreeSet<u32> = tickets
            .iter()
            .filter_map(|index| account.tickets.get(*index as usize))
            .filter_map(|ticket| account.organization_of(account.person(ticket.requester)))
            .collect();
        loads.push((
            "organizations",
            organizations
                .into_iter()
                .map(|index| super::places::organization(account, index))
                .collect(),
        ));
    }
    loads
}
