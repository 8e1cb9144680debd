//! `accounts`: those that the history has.

use super::report;
use crate::arguments::{Accounts, ForgetAccount, ListAccounts, RenameAccount};
use crate::exit::Failure;
use crate::output;
use zendesk_csat::visible;
use zendesk_csat_history::AccountInfo;

pub(crate) async fn run(command: Accounts) -> Result<(), Failure> {
    match command {
        Accounts::List(arguments) => list(&arguments),
        Accounts::Rename(arguments) => rename(arguments).await,
        Accounts::Forget(arguments) => forget(arguments).await,
    }
}

fn list(arguments: &ListAccounts) -> Result<(), Failure> {
    let history = report::open_to_read(&arguments.history)?;
    let accounts = report::read(|| history.accounts())?;
    if arguments.output.json {
        return output::json_document(&accounts);
    }
    if accounts.is_empty() {
        return output::line("no account yet; `zendesk-csat sync` brings the first");
    }
    for account in &accounts {
        output::line(&described(account))?;
    }
    for gap in history.gaps(None)? {
        output::line(&visible(&format!("  not whole: {gap}"), 400))?;
    }
    Ok(())
}

fn described(account: &AccountInfo) -> String {
    let since = match account.since {
        Some(since) => format!("since {}", since.format("%F %R UTC")),
        None => "all there is".to_owned(),
    };
    let as_of = match account.as_of {
        Some(as_of) => format!("as of {}", as_of.format("%F %R UTC")),
        None => "not synced to the end yet".to_owned(),
    };
    format!("{}: {} rows, {since}, {as_of}", account.subdomain, account.rows)
}

async fn rename(arguments: RenameAccount) -> Result<(), Failure> {
    let RenameAccount {
        subdomain,
        name,
        history,
    } = arguments;
    let mut history = report::open(&history)?;
    history.rename_account(&subdomain, &name).await?;
    output::line(&format!(
        "{subdomain} is {name} now; set ZENDESK_SUBDOMAIN to it for the next sync"
    ))
}

async fn forget(arguments: ForgetAccount) -> Result<(), Failure> {
    let ForgetAccount { subdomain, history } = arguments;
    let mut history = report::open(&history)?;
    let rows = history.forget_account(&subdomain).await?;
    output::line(&format!("forgot {subdomain}: {rows} rows"))
}
