//! The columns of tickets that a report on satisfaction needs.

use super::buffers::TextList;
use super::declare::{columns, read_by_name};
use crate::types::{
    BrandId, GroupId, OrganizationId, TicketFormId, TicketId, TicketPriority, TicketStatus, UserId,
};
use chrono::{DateTime, Utc};

columns! {
    /// Tickets as columns.
    TicketColumns;
    /// One of them.
    TicketRow;
    /// The ticket.
    id: Integers => TicketId;
    /// What it is about.
    subject: Texts => &'a str;
    /// Its state; `deleted` tickets stay in the export.
    status: Texts => TicketStatus;
    /// Its priority.
    priority: Texts => TicketPriority;
    /// The customer.
    requester_id: Integers => UserId;
    /// The agent it is assigned to now.
    assignee_id: Integers => UserId;
    /// The group it is assigned to now.
    group_id: Integers => GroupId;
    /// The customer's organization.
    organization_id: Integers => OrganizationId;
    /// Its brand.
    brand_id: Integers => BrandId;
    /// The form that it was made with.
    ticket_form_id: Integers => TicketFormId;
    /// Its tags.
    tags: TextLists => TextList<'a>;
    /// How it came in, such as `email`: the channel of the property.
    via: Texts => &'a str;
    /// When it was made.
    created_at: Times => DateTime<Utc>;
    /// When it changed last in a way that agents see.
    updated_at: Times => DateTime<Utc>;
    /// When it changed last in any way, in seconds since the Unix epoch. With the id it names a version.
    generated_timestamp: Integers => i64;
}

read_by_name!(TicketColumns {
    subject status priority requester_id assignee_id group_id organization_id brand_id created_at updated_at
    generated_timestamp ticket_form_id tags
} { via.channel });
