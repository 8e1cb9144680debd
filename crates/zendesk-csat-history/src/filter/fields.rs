//! From values of custom fields to conditions on the one table.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::types::Value;
use rusqlite::{Connection, params};

use super::resolve::{Picked, near, places, same};
use super::{FilterBy, FilterError, Filtered};
use crate::rows::ticket_field::{self, value_in_rows};

impl Picked {
    /// By the values in JSON that have one of these texts: what a report by the field takes for that text.
    pub(super) fn by_field(
        &mut self,
        connection: &Connection,
        subdomain: Option<&str>,
        field: &str,
        asked: &[&str],
    ) -> Result<(String, Filtered), FilterError> {
        let fields = ticket_field::names(connection, subdomain)?;
        let called: Vec<&String> = fields.iter().filter(|name| same(name, field)).collect();
        let Some(name) = called.first().map(|name| name.to_string()) else {
            return Err(FilterError::UnknownField {
                text: field.to_owned(),
                near: near(field, fields.iter().map(String::as_str)),
                known: fields,
            });
        };
        let mut texts_of: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for called in &called {
            for value in values(connection, subdomain, called)? {
                // What is no JSON is no value of anything.
                let texts = ticket_field::texts(&value).unwrap_or_default();
                texts_of.insert(value, texts);
            }
        }
        let known: BTreeSet<&str> = texts_of.values().flatten().map(String::as_str).collect();
        let mut keys = BTreeSet::new();
        for text in asked {
            let found: Vec<&str> = known.iter().copied().filter(|known| same(known, text)).collect();
            if found.is_empty() {
                return Err(FilterError::UnknownValue {
                    field: name,
                    text: (*text).to_owned(),
                    near: near(text, known.iter().copied()),
                    known: known.len(),
                });
            }
            keys.extend(found.into_iter().map(str::to_owned));
        }
        let picked: Vec<&String> = texts_of
            .iter()
            .filter(|(_, texts)| texts.iter().any(|text| keys.contains(text)))
            .map(|(value, _)| value)
            .collect();
        let value = value_in_rows(called);
        self.conditions
            .push(format!("{value} IN ({})", places(picked.len())));
        self.values.extend(picked.into_iter().cloned().map(Value::from));
        let keys: Vec<String> = keys.into_iter().collect();
        let filtered = Filtered {
            by: FilterBy::Field,
            field: Some(name.clone()),
            names: keys.clone(),
            keys,
        };
        Ok((name, filtered))
    }
}

/// The values asked for, field by field.
pub(super) fn by_name(asked: &[(String, String)]) -> Vec<(&str, Vec<&str>)> {
    let mut fields: Vec<(&str, Vec<&str>)> = Vec::new();
    for (name, text) in asked {
        match fields.iter_mut().find(|(known, _)| same(known, name)) {
            Some((_, texts)) => texts.push(text),
            None => fields.push((name, vec![text])),
        }
    }
    fields
}

/// The values that tickets of the file have in the field, as JSON.
fn values(
    connection: &Connection,
    subdomain: Option<&str>,
    field: &str,
) -> Result<BTreeSet<String>, rusqlite::Error> {
    connection
        .prepare(
            "SELECT DISTINCT t.custom_fields -> ('$.\"' || f.id || '\"')
             FROM ticket_fields AS f
             JOIN accounts AS a ON a.id = f.account_id
             JOIN tickets AS t ON t.account_id = f.account_id
             WHERE f.name = ?1 AND (?2 IS NULL OR a.subdomain = ?2)
                AND t.custom_fields -> ('$.\"' || f.id || '\"') IS NOT NULL",
        )?
        .query_map(params![field, subdomain], |row| row.get(0))?
        .collect()
}
