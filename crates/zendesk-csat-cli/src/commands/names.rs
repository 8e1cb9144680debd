//! `groups`, `users`, `brands`, `ticket-forms` and `organizations`: who and where.

use super::listing::{self, cell, text};
use crate::arguments::{Brands, Groups, Organizations, TicketForms, Users};
use crate::exit::Failure;
use crate::output;
use zendesk_csat::types::{Brand, Group, Organization, TicketForm, User};

const NAME: usize = 46;

pub(crate) async fn groups(Groups::List(arguments): Groups) -> Result<(), Failure> {
    let mut request = arguments.connection.client()?.groups().list();
    if arguments.deleted {
        request = request.exclude_deleted(false);
    }
    if let Some(size) = arguments.listing.page_size {
        request = request.page_size(size);
    }
    let row = |group: &Group| {
        row([
            group.id.to_string(),
            state(group.deleted.map(|deleted| !deleted), "deleted"),
            text(group.name.as_deref(), NAME),
        ])
    };
    listing::print(request.items(), &arguments.listing.output, &header("GROUP"), row).await
}

pub(crate) async fn users(command: Users) -> Result<(), Failure> {
    match command {
        Users::List(arguments) => {
            let mut request = arguments.connection.client()?.users().list();
            if !arguments.role.is_empty() {
                request = request.role(arguments.role.iter().map(String::as_str));
            }
            if let Some(size) = arguments.listing.page_size {
                request = request.page_size(size);
            }
            listing::print(request.items(), &arguments.listing.output, &user_header(), user).await
        }
        Users::Show(arguments) => {
            let users = arguments.connection.client()?.users().show_many(arguments.ids);
            listing::print(users.items(), &arguments.output, &user_header(), user).await
        }
        Users::Me(arguments) => {
            let me = arguments.connection.client()?.users().me().send().await?;
            // The service refuses nobody here.
            if me.id.is_none() {
                return Err(Failure::Nobody);
            }
            output::record(&me, &arguments.output)
        }
    }
}

pub(crate) async fn brands(Brands::List(arguments): Brands) -> Result<(), Failure> {
    let mut request = arguments.connection.client()?.brands().list();
    if let Some(size) = arguments.listing.page_size {
        request = request.page_size(size);
    }
    let row = |brand: &Brand| {
        let is_in_use = match (brand.is_deleted, brand.active) {
            (Some(true), _) => state(Some(false), "deleted"),
            (_, active) => state(active, "inactive"),
        };
        row([brand.id.to_string(), is_in_use, text(brand.name.as_deref(), NAME)])
    };
    listing::print(request.items(), &arguments.listing.output, &header("BRAND"), row).await
}

pub(crate) async fn ticket_forms(TicketForms::List(arguments): TicketForms) -> Result<(), Failure> {
    let forms = arguments.connection.client()?.ticket_forms().list().items();
    let row = |form: &TicketForm| {
        row([
            form.id.to_string(),
            state(form.active, "inactive"),
            text(form.name.as_deref(), NAME),
        ])
    };
    listing::print(forms, &arguments.output, &header("FORM"), row).await
}

pub(crate) async fn organizations(Organizations::Show(arguments): Organizations) -> Result<(), Failure> {
    let request = arguments
        .connection
        .client()?
        .organizations()
        .show_many(arguments.ids);
    let row = |organization: &Organization| {
        let name = text(organization.name.as_deref(), NAME);
        format!("{:>14}  {name}", organization.id.to_string())
    };
    let header = format!("{:>14}  NAME", "ORGANIZATION");
    listing::print(request.items(), &arguments.output, &header, row).await
}

/// Whether a record still is; a dash where the service does not say.
fn state(is_active: Option<bool>, otherwise: &str) -> String {
    cell(is_active.map(|is_active| if is_active { "active" } else { otherwise }))
}

fn header(id: &str) -> String {
    row([id.to_owned(), "STATE".to_owned(), "NAME".to_owned()])
}

fn row([id, state, name]: [String; 3]) -> String {
    format!("{id:>14}  {state:<8}  {name}")
}

fn user(user: &User) -> String {
    let is_there = match (user.active, user.suspended) {
        (Some(true), Some(true)) => "suspended".to_owned(),
        (active, _) => state(active, "deleted"),
    };
    user_row([
        user.id.to_string(),
        cell(user.role.as_ref()),
        is_there,
        text(user.name.as_deref(), NAME),
    ])
}

fn user_header() -> String {
    user_row(["USER", "ROLE", "STATE", "NAME"].map(String::from))
}

fn user_row([id, role, state, name]: [String; 4]) -> String {
    format!("{id:>14}  {role:<8}  {state:<9}  {name}")
}
