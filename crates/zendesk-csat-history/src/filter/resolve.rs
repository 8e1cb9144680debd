//! From what people call it to conditions on the one table.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::types::Value;
use rusqlite::{Connection, params};

use super::fields::by_name;
use super::{Filter, FilterBy, FilterError, Filtered, or};
use crate::rows::name::NameKind;
use crate::rows::ticket_field::folded;

/// Most names that an error suggests.
const NEAR: usize = 5;

/// How alike two texts are that may be one with a slip, 0 to 1.
const ALIKE: f64 = 0.84;

/// A filter whose names are found in the file.
#[derive(Debug, Clone, Default)]
pub(crate) struct Picked {
    /// Conditions with a `?` for each value, which all have to be true.
    pub(super) conditions: Vec<String>,
    pub(super) values: Vec<Value>,
    pub(crate) filtered: Vec<Filtered>,
    /// One sentence each for people.
    pub(crate) sentences: Vec<String>,
}

impl Picked {
    /// Finds in the file what the filter names.
    pub(crate) fn new(
        connection: &Connection,
        filter: &Filter,
        subdomain: Option<&str>,
    ) -> Result<Self, FilterError> {
        let mut picked = Self::default();
        let mut said = Vec::new();
        for (by, texts) in filter.asked().filter(|(_, texts)| !texts.is_empty()) {
            let (filtered, words) = match names(by) {
                Some((kind, column)) => picked.by_id(connection, subdomain, by, kind, column, texts)?,
                None => picked.by_text(connection, subdomain, by, texts)?,
            };
            picked.filtered.push(filtered);
            said.push(format!("{} {}", by.name(), or(&words)));
        }
        for (field, texts) in by_name(&filter.field) {
            let (name, filtered) = picked.by_field(connection, subdomain, field, &texts)?;
            said.push(format!("{name} {}", or(&filtered.keys)));
            picked.filtered.push(filtered);
        }
        if !said.is_empty() {
            picked.sentences.insert(0, format!("Only: {}.", said.join("; ")));
        }
        Ok(picked)
    }

    /// Whether it leaves no row out.
    pub(crate) fn is_all(&self) -> bool {
        self.conditions.is_empty()
    }

    /// The condition with parameters numbered from `first`, and their values; none if it leaves no row out.
    pub(crate) fn condition(&self, first: usize) -> Option<(String, &[Value])> {
        if self.is_all() {
            return None;
        }
        // No word from outside is part of these texts.
        let mut number = first;
        let mut sql = String::new();
        for part in self.conditions.join(" AND ").split_inclusive('?') {
            sql.push_str(part);
            if part.ends_with('?') {
                sql.push_str(&number.to_string());
                number += 1;
            }
        }
        Some((sql, &self.values))
    }

    fn by_id(
        &mut self,
        connection: &Connection,
        subdomain: Option<&str>,
        by: FilterBy,
        kind: NameKind,
        column: &str,
        texts: &[String],
    ) -> Result<(Filtered, Vec<String>), FilterError> {
        let named = named(connection, subdomain, kind)?;
        // An id may stand for another agent in another account.
        let mut of_account: BTreeMap<&str, BTreeSet<i64>> = BTreeMap::new();
        let (mut unnamed, mut names, mut words) = (BTreeSet::new(), Vec::new(), Vec::new());
        for text in texts {
            let id = text.trim().parse::<i64>().ok();
            let found: Vec<&Named> = named
                .iter()
                .filter(|one| Some(one.id) == id || one.name.as_deref().is_some_and(|name| same(name, text)))
                .collect();
            for one in &found {
                of_account.entry(&one.account).or_default().insert(one.id);
                names.extend(one.name.clone());
            }
            let word = match found.as_slice() {
                [] => match id {
                    Some(id) if is_in_rows(connection, subdomain, column, id)? => {
                        unnamed.insert(id);
                        id.to_string()
                    }
                    _ => {
                        let known = named.iter().filter_map(|one| one.name.as_deref());
                        return Err(unknown(by, text, known));
                    }
                },
                [one] => one.name.clone().unwrap_or_else(|| one.id.to_string()),
                several => {
                    let ids: Vec<String> = several.iter().map(|one| one.id.to_string()).collect();
                    format!("{} ({})", text.trim(), ids.join(", "))
                }
            };
            words.push(word);
        }
        let mut choices = Vec::new();
        let mut keys: BTreeSet<i64> = unnamed.clone();
        for (account, ids) in of_account {
            choices.push(format!("(subdomain = ? AND {column} IN ({}))", places(ids.len())));
            self.values.push(Value::from(account.to_owned()));
            self.values.extend(ids.iter().copied().map(Value::from));
            keys.extend(ids);
        }
        if !unnamed.is_empty() {
            choices.push(format!("{column} IN ({})", places(unnamed.len())));
            self.values.extend(unnamed.into_iter().map(Value::from));
        }
        self.conditions.push(format!("({})", choices.join(" OR ")));
        names.sort();
        names.dedup();
        let keys = keys.iter().map(ToString::to_string).collect();
        let field = None;
        Ok((
            Filtered {
                by,
                field,
                keys,
                names,
            },
            words,
        ))
    }

    fn by_text(
        &mut self,
        connection: &Connection,
        subdomain: Option<&str>,
        by: FilterBy,
        texts: &[String],
    ) -> Result<(Filtered, Vec<String>), FilterError> {
        let known = known(connection, subdomain, by)?;
        let mut keys = BTreeSet::new();
        for text in texts {
            let found: Vec<&String> = known.iter().filter(|known| same(known, text)).collect();
            if !found.is_empty() {
                keys.extend(found.into_iter().cloned());
            } else if by == FilterBy::WithoutTag {
                // No ticket has it yet, or it is a slip: both are worth a word, and neither changes a number.
                let near = near(text, known.iter().map(String::as_str));
                let hint = if near.is_empty() {
                    String::new()
                } else {
                    format!(" Alike: {}.", or(&near))
                };
                self.sentences
                    .push(format!("No ticket of the file has the tag {text:?}.{hint}"));
                keys.insert(text.trim().to_owned());
            } else {
                return Err(unknown(by, text, known.iter().map(String::as_str)));
            }
        }
        let keys: Vec<String> = keys.into_iter().collect();
        let any = places(keys.len());
        let tagged = format!("EXISTS (SELECT 1 FROM json_each(tags) WHERE value IN ({any}))");
        self.conditions.push(match by {
            FilterBy::Tag => tagged,
            FilterBy::WithoutTag => format!("NOT {tagged}"),
            FilterBy::Channel => format!("channel IN ({any})"),
            FilterBy::Source => format!("source IN ({any})"),
            FilterBy::Priority => format!("priority IN ({any})"),
            _ => format!("score IN ({any})"),
        });
        self.values.extend(keys.iter().cloned().map(Value::from));
        let names = keys.clone();
        Ok((
            Filtered {
                by,
                field: None,
                keys: keys.clone(),
                names,
            },
            keys,
        ))
    }
}

/// The table of names and the column of ids of what has both.
const fn names(by: FilterBy) -> Option<(NameKind, &'static str)> {
    match by {
        FilterBy::Agent => Some((NameKind::Agents, "assignee_id")),
        FilterBy::Group => Some((NameKind::Groups, "group_id")),
        FilterBy::Brand => Some((NameKind::Brands, "brand_id")),
        FilterBy::Organization => Some((NameKind::Organizations, "organization_id")),
        FilterBy::Form => Some((NameKind::TicketForms, "ticket_form_id")),
        _ => None,
    }
}

struct Named {
    account: String,
    id: i64,
    name: Option<String>,
}

fn named(
    connection: &Connection,
    subdomain: Option<&str>,
    kind: NameKind,
) -> Result<Vec<Named>, rusqlite::Error> {
    let mut statement = connection.prepare(&format!(
        "SELECT a.subdomain, n.id, n.name FROM {} AS n JOIN accounts AS a ON a.id = n.account_id
         WHERE ?1 IS NULL OR a.subdomain = ?1 ORDER BY 1, 2",
        kind.table()
    ))?;
    let rows = statement.query_map([subdomain], |row| {
        Ok(Named {
            account: row.get(0)?,
            id: row.get(1)?,
            name: row.get(2)?,
        })
    })?;
    rows.collect()
}

/// Whether a row has this id, whose name no sync has asked for yet.
fn is_in_rows(
    connection: &Connection,
    subdomain: Option<&str>,
    column: &str,
    id: i64,
) -> Result<bool, rusqlite::Error> {
    connection.query_row(
        &format!(
            "SELECT EXISTS (SELECT 1 FROM typed_csat_ms WHERE {column} = ?1 AND (?2 IS NULL OR subdomain = ?2))"
        ),
        params![id, subdomain],
        |row| row.get(0),
    )
}

/// The texts that rows of the file have.
fn known(
    connection: &Connection,
    subdomain: Option<&str>,
    by: FilterBy,
) -> Result<BTreeSet<String>, rusqlite::Error> {
    let (always, sql): (&[&str], &str) = match by {
        FilterBy::Source => return Ok(["rating", "survey"].map(str::to_owned).into()),
        FilterBy::Tag | FilterBy::WithoutTag => (&[], "SELECT DISTINCT value FROM tickets, json_each(tags)"),
        FilterBy::Channel => (&[], "SELECT DISTINCT channel FROM tickets"),
        FilterBy::Priority => (
            &["low", "normal", "high", "urgent"],
            "SELECT DISTINCT priority FROM tickets",
        ),
        _ => (
            &["good", "neutral", "bad"],
            "SELECT account_id, score FROM ratings WHERE score NOT IN ('offered', 'unoffered')
             UNION SELECT account_id, score FROM survey_responses",
        ),
    };
    let of_account = "account_id IN (SELECT id FROM accounts WHERE ?1 IS NULL OR subdomain = ?1)";
    let sql = match by {
        FilterBy::Score => format!("SELECT DISTINCT score FROM ({sql}) WHERE {of_account}"),
        _ => format!("{sql} WHERE {of_account}"),
    };
    let mut found: BTreeSet<String> = always.iter().map(|&text| text.to_owned()).collect();
    let mut statement = connection.prepare(&sql)?;
    let rows = statement.query_map([subdomain], |row| row.get::<_, Option<String>>(0))?;
    for text in rows {
        found.extend(text?);
    }
    Ok(found)
}

pub(super) fn places(number: usize) -> String {
    vec!["?"; number].join(", ")
}

pub(super) fn same(known: &str, text: &str) -> bool {
    folded(known) == folded(text)
}

fn unknown<'a>(by: FilterBy, text: &str, known: impl Iterator<Item = &'a str> + Clone) -> FilterError {
    FilterError::Unknown {
        by,
        text: text.to_owned(),
        near: near(text, known.clone()),
        known: known.count(),
    }
}

/// The names that may be meant: the most alike first.
pub(crate) fn near<'a>(text: &str, known: impl Iterator<Item = &'a str>) -> Vec<String> {
    let text = folded(text);
    let likeness = |name: &str| {
        let name = folded(name);
        if !text.is_empty() && name.contains(&text) {
            return 1.0;
        }
        // A slip in a first name, too.
        let words = name
            .split_whitespace()
            .map(|word| strsim::jaro_winkler(word, &text));
        words.fold(strsim::jaro_winkler(&name, &text), f64::max)
    };
    let mut alike: Vec<(f64, &str)> = known
        .map(|name| (likeness(name), name))
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .collect();
    alike.sort_by(|left, right| right.0.total_cmp(&left.0).then_with(|| left.1.cmp(right.1)));
    alike.dedup_by_key(|(_, name)| *name);
    alike
        .into_iter()
        .take(NEAR)
        .map(|(_, name)| name.to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_near_has_a_slip_or_a_part() {
        let names = ["Anna Nguyen", "Ben Okafor", "Annika Berg", "Zoë"];
        let of = |text| near(text, names.into_iter());
        assert_eq!(of("anna"), ["Anna Nguyen", "Annika Berg"]);
        assert_eq!(of("Bne Okafor"), ["Ben Okafor"]);
        assert_eq!(of("ZOË"), ["Zoë"]);
        assert_eq!(of("warehouse"), [""; 0]);
        assert_eq!(of(""), [""; 0]);
    }

    #[test]
    fn letters_of_any_case_are_the_same() {
        assert!(same("Zoë Müller", " zoë MÜLLER "));
        assert!(!same("Zoe", "Zoë"));
    }

    #[test]
    fn parameters_are_numbered_in_their_order() {
        let picked = Picked {
            conditions: vec!["a IN (?, ?)".to_owned(), "b = ?".to_owned()],
            ..Picked::default()
        };
        assert_eq!(
            picked.condition(2).map(|(sql, _)| sql).as_deref(),
            Some("a IN (?2, ?3) AND b = ?4")
        );
        assert!(Picked::default().condition(1).is_none());
    }
}
