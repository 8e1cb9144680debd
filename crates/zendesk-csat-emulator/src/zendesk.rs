//! The running account: what the server and the [`Emulator`](crate::Emulator) share.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use serde::Serialize;

use crate::account::people::{ADMIN, UserRef};
use crate::account::write::Change;
use crate::account::{Account, SUBDOMAIN};
use crate::auth::Credentials;
use crate::clock::Clock;
use crate::faults::{Faults, half_emoji};
use crate::journal::Journal;
use crate::limits::Limits;
use crate::names::Names;
use crate::state::State;

/// A user of the account and the credentials to act as them.
#[derive(Clone, Serialize)]
pub struct UserInfo {
    /// The user's id.
    pub id: u64,
    /// The address to use with the account's API token.
    pub email: String,
    /// A bearer token of this user.
    pub oauth_token: String,
}

/// A user for each role.
#[derive(Clone, Serialize)]
pub struct Users {
    /// May do everything.
    pub admin: UserInfo,
    /// May read tickets, but no ratings.
    pub agent: UserInfo,
    /// A customer who confirmed their address and has been sent a survey.
    pub end_user: UserInfo,
    /// A customer who did not confirm their address.
    pub unverified_end_user: UserInfo,
}

/// Where the account is and how to sign in to it; as JSON, the line that the command prints.
#[derive(Clone, Serialize)]
pub struct AccountInfo {
    /// The address of the account, such as `http://127.0.0.1:4000`.
    pub base_url: String,
    /// The account's name, as in `{subdomain}.zendesk.com`.
    pub subdomain: String,
    /// The admin's address, for the API token.
    pub email: String,
    /// The account's API token; good with the address of any user.
    pub api_token: String,
    /// The admin's bearer token.
    pub oauth_token: String,
    /// For the grant `client_credentials`.
    pub oauth_client_id: String,
    /// For the grant `client_credentials`.
    pub oauth_client_secret: String,
    /// One user of each kind.
    pub users: Users,
}

// Tokens of an emulator open nothing real, but logs that show tokens teach bad habits.
impl std::fmt::Debug for AccountInfo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AccountInfo")
            .field("base_url", &self.base_url)
            .field("subdomain", &self.subdomain)
            .finish_non_exhaustive()
    }
}

#[derive(Debug)]
pub(crate) struct Zendesk {
    account: RwLock<Account>,
    pub(crate) clock: Clock,
    pub(crate) credentials: Credentials,
    pub(crate) journal: Journal,
    pub(crate) limits: Limits,
    pub(crate) names: Names,
    pub(crate) faults: Faults,
    pub(crate) seed: u64,
    pub(crate) info: AccountInfo,
    state: Option<State>,
    /// Whether any text of the account ends in half an emoji.
    has_cut_texts: AtomicBool,
}

impl Zendesk {
    pub(crate) fn new(
        account: Account,
        clock: Clock,
        limits: Limits,
        state: Option<State>,
        names: Names,
    ) -> Self {
        let seed = account.seed;
        let credentials = Credentials::new(seed);
        let user = |user: UserRef| {
            let id = account.user_id(user);
            UserInfo {
                id,
                email: account.email(user),
                oauth_token: credentials.oauth_token(id),
            }
        };
        let asked = account.responses.iter().rev().map(|response| response.responder);
        let verified = asked
            .chain(0..account.customers)
            .filter(|person| *person < account.customers)
            .find(|customer| account.is_verified(UserRef::Customer(*customer)));
        let unverified =
            (0..account.customers).find(|customer| !account.is_verified(UserRef::Customer(*customer)));
        let users = Users {
            admin: user(UserRef::Staff(ADMIN)),
            agent: user(UserRef::Staff(ADMIN + 1)),
            end_user: user(UserRef::Customer(verified.unwrap_or_default())),
            unverified_end_user: user(UserRef::Customer(unverified.unwrap_or_default())),
        };
        let info = AccountInfo {
            base_url: names.base_url(),
            subdomain: SUBDOMAIN.to_owned(),
            email: users.admin.email.clone(),
            api_token: credentials.api_token.clone(),
            oauth_token: users.admin.oauth_token.clone(),
            oauth_client_id: credentials.client_id.clone(),
            oauth_client_secret: credentials.client_secret.clone(),
            users,
        };
        Self {
            has_cut_texts: AtomicBool::new(account.has_cut_texts),
            account: RwLock::new(account),
            clock,
            credentials,
            journal: Journal::default(),
            limits,
            names,
            faults: Faults::default(),
            state,
            seed,
            info,
        }
    }

    /// The account as it stands now, and the time in milliseconds.
    pub(crate) fn look(&self) -> (RwLockReadGuard<'_, Account>, i64) {
        let now = self.clock.now();
        let account = self.account.read().unwrap_or_else(PoisonError::into_inner);
        if account.next_event() > now {
            return (account, now);
        }
        drop(account);
        drop(self.change());
        (self.account.read().unwrap_or_else(PoisonError::into_inner), now)
    }

    /// The account as it stands now, to be changed, and the time in milliseconds.
    pub(crate) fn change(&self) -> (RwLockWriteGuard<'_, Account>, i64) {
        let mut account = self.account.write().unwrap_or_else(PoisonError::into_inner);
        let now = self.clock.now();
        account.live_until(now);
        (account, now)
    }

    /// Carries a change out, and keeps it where there is a file to keep it in.
    pub(crate) fn apply(&self, account: &mut Account, change: Change, now: i64) -> io::Result<u32> {
        self.keep(now, &change)?;
        let index = account.apply(change, now);
        self.has_cut_texts.store(account.has_cut_texts, Ordering::Release);
        Ok(index)
    }

    /// An answer's body as it goes on the wire.
    pub(crate) fn on_the_wire(&self, body: Vec<u8>) -> Vec<u8> {
        if self.has_cut_texts.load(Ordering::Acquire) {
            half_emoji::on_the_wire(&body)
        } else {
            body
        }
    }

    fn keep(&self, at: i64, change: &Change) -> io::Result<()> {
        self.state.as_ref().map_or(Ok(()), |state| state.keep(at, change))
    }

    /// Lets time pass; after the step the account rests for an hour.
    pub(crate) fn advance(&self, seconds: u64) -> io::Result<i64> {
        let (mut account, before) = self.change();
        self.keep(before, &Change::Advance { seconds })?;
        let now = account.step(before, seconds);
        self.clock.advance(now - before);
        Ok(now)
    }

    pub(crate) fn clear_faults(&self) {
        self.faults.clear();
        self.credentials.restore();
    }

    /// Keeps what time it is.
    pub(crate) fn rest(&self) -> io::Result<()> {
        let (_account, now) = self.change();
        self.keep(now, &Change::Advance { seconds: 0 })
    }
}
