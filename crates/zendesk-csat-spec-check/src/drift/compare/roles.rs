//! Who may call an operation, and how it is paged.

use super::super::page::{List, Operation};
use super::super::paste::Paste;
use super::super::{Fact, Kind};
use super::{Difference, Report, operation_pointer};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use zendesk_csat_codegen::spec;

/// The words in front of which a role of the page stands, and the spec's name for it.
const ROLES: [(&str, &str); 3] = [("admin", "admin"), ("agent", "agent"), ("end user", "end user")];
const RESPONDER: &str = "responder";
const REQUESTER: &str = "requester";

impl<'a> Report<'a> {
    pub(super) fn roles(&mut self, documented: &Operation, operation: &spec::Operation<'a>) {
        let Some(list) = &documented.roles else {
            return;
        };
        let own = names(operation.value.get("x-roles"));
        let expected = as_documented(&own);
        let said: BTreeSet<String> = list.items.iter().map(|(_, item)| role(item)).collect();
        if said == expected {
            return;
        }
        let paste = from_documented(&said)
            .map(|roles| Paste::member(&operation_pointer(operation), "x-roles", json!(roles)));
        for (line, item) in list
            .items
            .iter()
            .filter(|(_, item)| !expected.contains(&role(item)))
        {
            self.difference(
                Kind::Lacks,
                Fact::Roles,
                operation,
                *line,
                &format!("{item:?} may call"),
                &role(item),
                paste.clone(),
            );
        }
        for missing in expected.difference(&said) {
            let message = format!("the page does not allow {missing:?}");
            self.difference(
                Kind::Beyond,
                Fact::Roles,
                operation,
                list.line,
                &message,
                missing,
                paste.clone(),
            );
        }
    }

    pub(super) fn pagination(&mut self, documented: &Operation, operation: &spec::Operation<'a>) {
        let own = operation.text("x-pagination").unwrap_or("none");
        let by_parameters = documented
            .parameters
            .iter()
            .any(|row| row.name == "page" || row.name.starts_with("page["));
        let (line, said) = match &documented.pagination {
            Some(list) => (list.line, kind_of(list)),
            None if by_parameters => (documented.line, "cursor"),
            None => (documented.line, "none"),
        };
        let is_same =
            said == own || (!matches!(own, "cursor" | "cursor_and_offset" | "offset") && said == "none");
        if is_same {
            return;
        }
        let paste = Paste::member(&operation_pointer(operation), "x-pagination", json!(said));
        let message = format!("pagination is {said}, not {own}");
        self.difference(
            Kind::Differs,
            Fact::Pagination,
            operation,
            line,
            &message,
            said,
            Some(paste),
        );
    }

    #[allow(clippy::too_many_arguments)]
    fn difference(
        &mut self,
        kind: Kind,
        fact: Fact,
        operation: &spec::Operation<'a>,
        line: usize,
        message: &str,
        word: &str,
        paste: Option<Paste>,
    ) {
        self.add(Difference {
            word,
            explained_at: &[operation.value],
            paste,
            ..Difference::of(kind, fact, operation.name(), Some(line), message)
        });
    }
}

fn names(value: Option<&Value>) -> BTreeSet<&str> {
    value
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}

/// A role of the page: who, and whether only as the responder of the survey. Unknown ones are themselves.
fn role(item: &str) -> String {
    let lower = item.to_lowercase();
    if lower.contains("request") && lower.starts_with("end user") {
        return REQUESTER.to_owned();
    }
    let known = ROLES.iter().find(|(start, _)| {
        lower.strip_prefix(start).is_some_and(|rest| {
            rest.trim_start_matches('s').trim_start().starts_with('(')
                || rest.trim_start_matches('s').is_empty()
        })
    });
    match known {
        Some((_, name)) if lower.contains(RESPONDER) => format!("{name} as {RESPONDER}"),
        Some((_, name)) if !lower.contains('(') => (*name).to_owned(),
        _ => lower,
    }
}

/// What a page says where the spec has these roles. A survey's responder is an end user, or anyone where nobody else
/// may call.
fn as_documented(roles: &BTreeSet<&str>) -> BTreeSet<String> {
    let mut documented = BTreeSet::new();
    for role in roles {
        match *role {
            RESPONDER if roles.len() == 1 => {
                documented.extend(ROLES.map(|(_, who)| format!("{who} as {RESPONDER}")))
            }
            RESPONDER => {
                documented.insert(format!("end user as {RESPONDER}"));
            }
            other => {
                documented.insert(other.replace('_', " "));
            }
        }
    }
    documented
}

/// The other way round, where the spec has names for them.
fn from_documented(said: &BTreeSet<String>) -> Option<BTreeSet<&str>> {
    let one = |said: &String| match said.as_str() {
        "admin" => Some("admin"),
        "agent" => Some("agent"),
        REQUESTER => Some(REQUESTER),
        other if other.ends_with(RESPONDER) => Some(RESPONDER),
        _ => None,
    };
    let roles: Option<BTreeSet<_>> = said.iter().map(one).collect();
    roles.filter(|roles| as_documented(roles) == *said)
}

fn kind_of(list: &List) -> &'static str {
    let has = |word: &str| {
        list.items
            .iter()
            .any(|(_, item)| item.to_lowercase().contains(word))
    };
    match (has("cursor"), has("offset")) {
        (true, true) => "cursor_and_offset",
        (true, false) => "cursor",
        (false, true) => "offset",
        (false, false) => "none",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_read_and_written_both_ways() {
        let said = |items: &[&str]| items.iter().map(|item| role(item)).collect::<BTreeSet<_>>();
        let all = [
            "Admins (responders only)",
            "Agents (responders only)",
            "End users (responders only)",
        ];
        for (items, roles) in [
            (&["Admins"][..], &["admin"][..]),
            (
                &["Admins", "End users (responders only)"],
                &["admin", "responder"],
            ),
            (&all, &["responder"]),
            (&["End user who requested the ticket"], &["requester"]),
        ] {
            let roles: BTreeSet<_> = roles.iter().copied().collect();
            assert_eq!(said(items), as_documented(&roles));
            assert_eq!(from_documented(&said(items)), Some(roles));
        }
        assert_eq!(from_documented(&said(&["Light agents"])), None);
        assert_ne!(said(&all[..2]), as_documented(&BTreeSet::from(["responder"])));
    }
}
