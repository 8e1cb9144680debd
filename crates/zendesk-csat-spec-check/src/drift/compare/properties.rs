//! Tables of properties against schemas.

use super::super::page::{Column, Object, Page, Row};
use super::super::paste::Paste;
use super::super::{Fact, Kind};
use super::{Difference, Report, departure, documentation, page_of, schema_pointer, values};
use serde_json::{Value, json};
use zendesk_csat_codegen::spec::{self, object, resolve};

/// The tables that describe one schema: one as a rule, or one for each kind that it comes in.
struct Tables<'p, 'a> {
    name: &'a str,
    schema: &'a Value,
    tables: Vec<&'p Object>,
}

impl<'a> Report<'a> {
    /// Every table of properties, and the samples that stand by the first.
    pub(super) fn tables(&mut self, page: &Page, base: Option<&str>) {
        let mut placed: Vec<Tables<'_, 'a>> = Vec::new();
        for (index, table) in page.objects.iter().enumerate() {
            match self.schema_of(table, base, index == 0) {
                Some((name, schema)) => match placed.iter_mut().find(|tables| tables.name == name) {
                    Some(tables) => tables.tables.push(table),
                    None => placed.push(Tables {
                        name,
                        schema,
                        tables: vec![table],
                    }),
                },
                None => self.unplaced(table),
            }
        }
        for tables in &placed {
            self.schema(tables);
        }
        if base.is_some() {
            self.untold(&placed, base);
        }
        if let Some((name, schema)) = page
            .objects
            .first()
            .and_then(|table| self.schema_of(table, base, true))
        {
            for sample in &page.samples {
                self.sample(name, schema, sample.line, &sample.value);
            }
        }
    }

    fn unplaced(&mut self, table: &Object) {
        let place = table.heading.clone().unwrap_or_else(|| "a table".into());
        let names: Vec<_> = table.rows.iter().map(|row| row.name.as_str()).collect();
        let message = format!("no schema of the spec is this table of {}", names.join(", "));
        self.add(Difference::of(
            Kind::Unplaced,
            Fact::Table,
            place,
            Some(table.line),
            &message,
        ));
    }

    /// Schemas with a table of their own on this page, by their address, that the page has no more.
    fn untold(&mut self, placed: &[Tables<'_, 'a>], base: Option<&str>) {
        for (name, schema) in spec::schemas(self.spec) {
            let anchor = documentation(schema).and_then(|url| url.split_once('#'));
            let is_of_a_table = anchor.is_some_and(|(page, anchor)| {
                Some(page) == base && (anchor == "json-format" || anchor.ends_with("-object"))
            });
            // An object that the page describes by its samples only has no promises.
            let has_promises =
                object(schema.get("properties")).any(|(_, property)| property.get("x-mandatory").is_some());
            if is_of_a_table && has_promises && !placed.iter().any(|tables| tables.name == name.as_str()) {
                self.add(Difference {
                    fact: Fact::Table,
                    word: name,
                    explained_at: &[schema],
                    ..Difference::beyond(name.clone(), "the page has no table of it")
                });
            }
        }
    }

    /// The schema that a table of properties describes, by its heading.
    fn schema_of(&self, table: &Object, base: Option<&str>, is_main: bool) -> Option<(&'a str, &'a Value)> {
        let heading = table.heading.as_deref();
        let anchor = heading.map(slug);
        let by_anchor = |(_, schema): &(&String, &Value)| {
            let Some((page, own)) = documentation(schema).and_then(|url| url.split_once('#')) else {
                return false;
            };
            let is_object = schema.get("properties").is_some();
            is_object && Some(page) == base && Some(own) == anchor.as_deref()
        };
        let found = spec::schemas(self.spec).find(by_anchor);
        let found = found.or_else(|| is_main.then(|| self.most_alike(table, base)).flatten());
        let found = found.or_else(|| self.of_kind(table, base));
        let found = found.or_else(|| {
            heading
                .is_none()
                .then(|| self.that_has_all(table, base))
                .flatten()
        });
        found.map(|(name, schema)| (name.as_str(), schema))
    }

    /// The main object of a page stands under different headings: it is the one with most of the properties.
    fn most_alike(&self, table: &Object, base: Option<&str>) -> Option<(&'a String, &'a Value)> {
        let common = |schema: &Value| {
            let names = table
                .rows
                .iter()
                .filter(|row| schema.pointer(&format!("/properties/{}", row.name)).is_some());
            names.count()
        };
        spec::schemas(self.spec)
            .filter(|(_, schema)| page_of(schema) == base && 2 * common(schema) > table.rows.len())
            .max_by_key(|(_, schema)| common(schema))
    }

    /// A table whose `type` has one value describes the schema of which that is a kind.
    fn of_kind(&self, table: &Object, base: Option<&str>) -> Option<(&'a String, &'a Value)> {
        let row = table.rows.iter().find(|row| row.name == "type")?;
        let listed = values::listed(row.cell(Column::Description)?, None)?;
        spec::schemas(self.spec)
            .filter(|(_, schema)| page_of(schema) == base)
            .find(|(_, schema)| {
                let kind = schema.pointer("/properties/type");
                let known = kind.and_then(|kind| resolve(self.spec, kind).get("enum")?.as_array());
                let is_kind = |known: &Vec<Value>| {
                    listed
                        .values
                        .iter()
                        .any(|value| known.iter().any(|known| known == value))
                };
                let has = |row: &Row| schema.pointer(&format!("/properties/{}", row.name)).is_some();
                known.is_some_and(is_kind) && table.rows.iter().any(|row| row.name != "type" && has(row))
            })
    }

    /// A table that lost its heading describes the smallest object of the page that has all of its properties.
    fn that_has_all(&self, table: &Object, base: Option<&str>) -> Option<(&'a String, &'a Value)> {
        let is_object = |schema: &Value| documentation(schema).is_some_and(|url| url.ends_with("-object"));
        let size = |schema: &Value| object(schema.get("properties")).count();
        let has_all = |schema: &Value| {
            let has = |row: &Row| schema.pointer(&format!("/properties/{}", row.name)).is_some();
            !table.rows.is_empty() && table.rows.iter().all(has)
        };
        spec::schemas(self.spec)
            .filter(|(_, schema)| page_of(schema) == base && is_object(schema) && has_all(schema))
            .min_by_key(|(_, schema)| size(schema))
    }

    fn schema(&mut self, tables: &Tables<'_, 'a>) {
        let Tables { name, schema, .. } = tables;
        let inputs = self.input_of(name);
        let all = || tables.tables.iter().flat_map(|table| &table.rows);
        for row in all() {
            self.seen.property(name, &row.name);
            self.seen.property(&input_name(name), &row.name);
            let path = format!("/properties/{}", row.name);
            match schema.pointer(&path).or_else(|| inputs?.pointer(&path)) {
                Some(property) => {
                    let others = values_of(
                        self.spec,
                        all().filter(|other| other.name == row.name && *other != row),
                        property,
                    );
                    self.property(row, name, schema, property, &others);
                }
                None => self.new_property(row, name, schema),
            }
        }
        let sent = inputs.and_then(|inputs| inputs.get("properties"));
        let only_sent = object(sent).filter(|(_, value)| value.get("writeOnly") == Some(&Value::Bool(true)));
        for (property, value) in object(schema.get("properties")).chain(only_sent) {
            let is_promised = value.get("x-mandatory") == Some(&Value::Bool(true));
            let has = |table: &&&Object| table.rows.iter().any(|row| row.name == *property);
            let told = tables.tables.iter().filter(has).count();
            // Each kind of a record has what is promised of all.
            if told == 0 || (is_promised && told < tables.tables.len()) {
                let is_own = schema.pointer(&format!("/properties/{property}")).is_some();
                let owner = if is_own {
                    (*name).to_owned()
                } else {
                    input_name(name)
                };
                let at = format!("{}/properties/{property}", schema_pointer(&owner));
                let message = "the page has no such property";
                self.add(Difference {
                    word: property,
                    explained_at: &[value],
                    paste: Paste::departure(&at, "Not on the page"),
                    ..Difference::beyond(format!("{name}.{property}"), message)
                });
            }
        }
    }

    fn new_property(&mut self, row: &Row, name: &str, schema: &Value) {
        let says = row.cell(Column::Type).unwrap_or("string");
        let mut property = json!({"type": says, "nullable": true});
        if row.says(Column::ReadOnly) == Some(true) {
            property["readOnly"] = json!(true);
        }
        if promise(row) == Some(true) {
            property["x-mandatory"] = json!(true);
        }
        property["description"] = json!("TODO");
        self.add(Difference {
            word: &row.name,
            explained_at: &[schema],
            paste: Some(Paste::member(
                &format!("{}/properties", schema_pointer(name)),
                &row.name,
                property,
            )),
            ..Difference::lacks(
                Fact::Property,
                format!("{name}.{}", row.name),
                row.line,
                row.cell(Column::Type).unwrap_or("the property"),
            )
        });
    }

    fn property(&mut self, row: &Row, name: &str, schema: &'a Value, property: &'a Value, others: &[String]) {
        let place = format!("{name}.{}", row.name);
        let component = resolve(self.spec, property);
        let at = format!("{}/properties", schema_pointer(name));
        let is_own = schema.pointer(&format!("/properties/{}", row.name)).is_some();
        self.type_of(
            row,
            &place,
            property,
            &[property, component],
            is_own.then_some((at.as_str(), row.name.as_str())),
        );
        let description = row.cell(Column::Description).unwrap_or_default();
        self.values(&place, row.line, property, description, others);
        let at = format!("{at}/{}", row.name);
        let marks = [
            ("readOnly", row.says(Column::ReadOnly)),
            ("x-mandatory", promise(row)),
            // What the page calls never null is taken as null all the same.
            ("nullable", row.says(Column::Nullable).filter(|says| *says)),
        ];
        for (mark, says) in marks {
            let own = property.get(mark) == Some(&Value::Bool(true));
            let departure = property.get("x-departure").and_then(Value::as_str);
            let is_taken_back = mark == "x-mandatory" && departure.is_some_and(departure::is_of_a_promise);
            let message = match says {
                Some(says) if says != own => format!("{mark} is {says}, not {own}"),
                Some(false) if is_taken_back => {
                    "x-departure speaks of a promise that the page does not make".to_owned()
                }
                _ => continue,
            };
            let word = if says == Some(true) {
                mark.to_owned()
            } else {
                format!("not {mark}")
            };
            self.add(Difference {
                word: &word,
                explained_at: &[property, component],
                paste: (is_own && says != Some(own)).then(|| Paste::member(&at, mark, json!(says))),
                ..Difference::differs(Fact::Mark, place.clone(), row.line, &message)
            });
        }
    }

    /// What is sent in place of a record has properties that do not come back.
    fn input_of(&self, name: &str) -> Option<&'a Value> {
        let input = input_name(name);
        spec::schemas(self.spec)
            .find(|(name, _)| **name == input)
            .map(|(_, schema)| schema)
    }
}

fn input_name(schema: &str) -> String {
    format!("{schema}Input")
}

/// Whether a row promises a value: it is mandatory, and never null.
fn promise(row: &Row) -> Option<bool> {
    let mandatory = mandatory(row)?;
    Some(mandatory && row.says(Column::Nullable) != Some(true))
}

/// Whether the property is always there: by one of three columns.
fn mandatory(row: &Row) -> Option<bool> {
    row.says(Column::Mandatory)
        .or_else(|| row.says(Column::Required))
        .or_else(|| row.says(Column::Optional).map(|says| !says))
}

/// The values that the other tables of a schema list for a property.
fn values_of<'r>(spec: &Value, rows: impl Iterator<Item = &'r Row>, property: &Value) -> Vec<String> {
    let known = values::enumeration(spec, property).map(|(_, known)| known);
    rows.filter_map(|row| values::listed(row.cell(Column::Description)?, known))
        .flat_map(|listed| listed.values)
        .collect()
}

/// `Subject object` as it stands in an address.
fn slug(heading: &str) -> String {
    heading
        .to_lowercase()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join("-")
}
