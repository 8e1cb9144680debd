//! Who calls, and what they may do.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::account::Account;
use crate::account::ids::{domain, mix};
use crate::account::people::{ADMIN, Role, UserRef};
use crate::account::records::Ticket;
use crate::reply::{Reply, described, listed, titled};

/// When API tokens stop working: 30 April 2027, 00:00 UTC, in milliseconds.
const API_TOKENS_END: i64 = 1_809_043_200_000;
const DEFAULT_LIFETIME: i64 = 1_800;

/// A user, and what their credentials allow.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    pub(crate) user: UserRef,
    pub(crate) role: Role,
    /// The one group whose tickets an agent may see, where they may not see all.
    pub(crate) group: Option<u8>,
    scopes: Option<Vec<String>>,
}

impl Caller {
    /// An admin as an agent of that one group; anyone else as they are.
    fn narrowed(mut self, group: Option<u8>) -> Self {
        if self.role == Role::Admin && group.is_some() {
            self.role = Role::Agent;
            self.group = group;
        }
        self
    }

    /// Whether a ticket is among those that the caller's role shows.
    pub(crate) fn sees(&self, ticket: &Ticket) -> bool {
        self.group.is_none_or(|group| ticket.group == group)
    }

    /// Whether the credentials reach `resource`; API tokens reach everything.
    pub(crate) fn has_scope(&self, access: &str, resource: Option<&str>) -> bool {
        self.scopes.as_ref().is_none_or(|scopes| {
            scopes.iter().any(|scope| {
                scope == access
                    || resource.is_some_and(|resource| {
                        scope
                            .strip_prefix(resource)
                            .is_some_and(|rest| rest.strip_prefix(':') == Some(access))
                    })
            })
        })
    }

    pub(crate) fn requires_scope(&self, access: &str, resource: Option<&str>) -> Result<(), Reply> {
        if self.has_scope(access, resource) {
            return Ok(());
        }
        Err(described(
            403,
            "Forbidden",
            &format!("You are missing the following required scopes: {access}"),
        ))
    }
}

/// Why there is no caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    NoCredentials,
    WrongCredentials,
    InvalidToken,
    Forbidden,
}

impl Refusal {
    pub(crate) fn reply(self, in_help_center: bool) -> Reply {
        match self {
            Self::Forbidden if in_help_center => {
                listed(403, "Forbidden", "Access to the resource is forbidden")
            }
            Self::Forbidden => forbidden(),
            _ if in_help_center => listed(401, "Unauthorized", "Unauthorized to access the resource"),
            Self::InvalidToken => Reply::json(
                401,
                &json!({
                    "error": "invalid_token",
                    "error_description": "The access token provided is expired, revoked, malformed or invalid for other reasons.",
                }),
            ),
            _ => Reply::json(401, &json!({"error": "Couldn't authenticate you"})),
        }
    }
}

/// 403 as the Support endpoints word it.
pub(crate) fn forbidden() -> Reply {
    titled(
        403,
        "Forbidden",
        "You do not have access to this page. Please contact the account owner of this help desk for further help.",
    )
}

#[derive(Debug)]
struct Grant {
    scopes: Vec<String>,
    /// Milliseconds since the epoch.
    expires: i64,
}

/// The account's credentials, and the tokens minted from them.
#[derive(Debug)]
pub(crate) struct Credentials {
    secret: u64,
    pub(crate) api_token: String,
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
    minted: Mutex<Minted>,
}

#[derive(Debug, Default)]
struct Minted {
    grants: HashMap<String, Grant>,
    revoked: HashSet<String>,
    count: u64,
}

fn hex(seed: u64, words: u64) -> String {
    (0..words)
        .map(|word| format!("{:016x}", mix(seed, domain::SECRET, word)))
        .collect()
}

impl Credentials {
    pub(crate) fn new(seed: u64) -> Self {
        let secret = mix(seed, domain::SECRET, 1 << 32);
        Self {
            secret,
            api_token: hex(secret ^ 1, 3).chars().take(40).collect(),
            client_id: "csat_reports".to_owned(),
            client_secret: hex(secret ^ 2, 4),
            minted: Mutex::default(),
        }
    }

    /// A user's own token, which does not end.
    pub(crate) fn oauth_token(&self, user_id: u64) -> String {
        format!("{:016x}{}", user_id ^ self.secret, hex(self.secret ^ user_id, 3))
    }

    fn owner(&self, token: &str) -> Option<u64> {
        let user_id = u64::from_str_radix(token.get(..16)?, 16).ok()? ^ self.secret;
        (self.oauth_token(user_id) == token).then_some(user_id)
    }

    /// Makes a token end now.
    pub(crate) fn revoke(&self, token: &str) {
        let mut minted = self.minted.lock().unwrap_or_else(PoisonError::into_inner);
        if minted.grants.remove(token).is_none() {
            minted.revoked.insert(token.to_owned());
        }
    }

    /// Lets the account's own tokens be good again.
    pub(crate) fn restore(&self) {
        self.minted
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .revoked
            .clear();
    }

    /// `POST /oauth/tokens`.
    pub(crate) fn mint(&self, body: &Value, now: i64) -> Reply {
        let field = |name: &str| body.get(name).and_then(Value::as_str);
        let refused = |status, error: &str, description: &str| {
            Reply::json(status, &json!({"error": error, "error_description": description}))
        };
        if field("grant_type") != Some("client_credentials") {
            return refused(
                400,
                "unsupported_grant_type",
                "The authorization grant type is not supported by the authorization server.",
            );
        }
        if field("client_id") != Some(&self.client_id) || field("client_secret") != Some(&self.client_secret)
        {
            return refused(
                401,
                "invalid_client",
                "Client authentication failed due to unknown client, no client authentication included, or unsupported authentication method.",
            );
        }
        let lifetime = match body.get("expires_in") {
            None | Some(Value::Null) => DEFAULT_LIFETIME,
            Some(value) => match value.as_i64().or_else(|| value.as_str()?.parse().ok()) {
                Some(seconds) if (300..=172_800).contains(&seconds) => seconds,
                _ => {
                    return refused(
                        400,
                        "invalid_request",
                        "expires_in must be between 300 and 172800",
                    );
                }
            },
        };
        let scope = field("scope").unwrap_or("read").to_owned();
        let mut minted = self.minted.lock().unwrap_or_else(PoisonError::into_inner);
        minted.count += 1;
        let token = hex(self.secret ^ (minted.count << 8), 4);
        let scopes = scope.split_whitespace().map(str::to_owned).collect();
        minted.grants.insert(
            token.clone(),
            Grant {
                scopes,
                expires: now + lifetime * 1_000,
            },
        );
        Reply::json(
            200,
            &json!({"access_token": token, "expires_in": lifetime - 1, "scope": scope, "token_type": "bearer"}),
        )
    }

    /// Reads an `Authorization` header, and `X-On-Behalf-Of`; an admin is held to the group `narrowed`, if to any.
    pub(crate) fn caller(
        &self,
        account: &Account,
        authorization: Option<&str>,
        on_behalf_of: Option<&str>,
        narrowed: Option<u8>,
        now: i64,
    ) -> Result<Caller, Refusal> {
        let (scheme, value) = authorization
            .and_then(|header| header.trim().split_once(' '))
            .ok_or(Refusal::NoCredentials)?;
        let caller = if scheme.eq_ignore_ascii_case("basic") {
            self.basic(account, value.trim(), now)
        } else if scheme.eq_ignore_ascii_case("bearer") {
            self.bearer(account, value.trim(), now)
        } else {
            Err(Refusal::WrongCredentials)
        }?
        .narrowed(narrowed);
        let Some(email) = on_behalf_of else {
            return Ok(caller);
        };
        if caller.role != Role::Admin || !caller.has_scope("impersonate", None) {
            return Err(Refusal::Forbidden);
        }
        let user = account.user_of_email(email.trim()).ok_or(Refusal::Forbidden)?;
        Ok(Caller {
            user,
            role: account.role(user),
            group: None,
            scopes: None,
        })
    }

    fn basic(&self, account: &Account, value: &str, now: i64) -> Result<Caller, Refusal> {
        let decoded = STANDARD
            .decode(value)
            .ok()
            .and_then(|bytes| String::from_utf8(bytes).ok())
            .ok_or(Refusal::WrongCredentials)?;
        let (user, token) = decoded.split_once(':').ok_or(Refusal::WrongCredentials)?;
        let email = user.strip_suffix("/token").ok_or(Refusal::WrongCredentials)?;
        if token != self.api_token || now >= API_TOKENS_END {
            return Err(Refusal::WrongCredentials);
        }
        let user = account.user_of_email(email).ok_or(Refusal::WrongCredentials)?;
        Ok(Caller {
            user,
            role: account.role(user),
            group: None,
            scopes: None,
        })
    }

    fn bearer(&self, account: &Account, token: &str, now: i64) -> Result<Caller, Refusal> {
        let minted = self.minted.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(grant) = minted.grants.get(token) {
            if grant.expires <= now {
                return Err(Refusal::InvalidToken);
            }
            return Ok(Caller {
                user: UserRef::Staff(ADMIN),
                role: Role::Admin,
                group: None,
                scopes: Some(grant.scopes.clone()),
            });
        }
        if minted.revoked.contains(token) {
            return Err(Refusal::InvalidToken);
        }
        let user = self
            .owner(token)
            .and_then(|id| account.user_of_id(id))
            .ok_or(Refusal::InvalidToken)?;
        Ok(Caller {
            user,
            role: account.role(user),
            group: None,
            scopes: None,
        })
    }
}
