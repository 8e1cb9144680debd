//! Pages of our own in the layout of the documentation, made from the spec: what it has, in words that are nobody's.

use crate::generated_guide;
use crate::model::{Block, Form, Page, Sample, Table};
use crate::seen::Known;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Parameters by which listings are paged; the pages speak of them under Pagination.
const PAGING: [&str; 5] = ["page", "per_page", "page[size]", "page[after]", "page[before]"];

/// Which page, by what its address ends with, and how it is saved.
const PAGES: [(&str, Form); 3] = [
    ("/satisfaction_ratings/", Form::Glued),
    ("/satisfaction_reasons/", Form::Glued),
    ("/csat_survey_responses/", Form::Stacked),
];

pub(crate) fn pages(known: &Known) -> Vec<(String, Page)> {
    let references = PAGES.iter().map(|(end, form)| {
        let writer = Writer::of(known, end);
        (end.trim_matches('/').to_owned(), writer.page(*form))
    });
    references
        .chain([("guide".to_owned(), generated_guide::page(known))])
        .collect()
}

pub(crate) struct Writer<'k> {
    pub(crate) spec: &'k Value,
    pub(crate) documented: &'k Value,
    /// The page's address, and its name in documented.json.
    base: String,
    pub(crate) key: String,
}

impl<'k> Writer<'k> {
    pub(crate) fn of(known: &'k Known, end: &str) -> Self {
        let pages = known.documented["pages"].as_object().unwrap();
        let (key, url) = pages
            .iter()
            .find(|(_, url)| url.as_str().unwrap().ends_with(end))
            .unwrap();
        Self {
            spec: &known.spec,
            documented: &known.documented,
            base: url.as_str().unwrap().to_owned(),
            key: key.clone(),
        }
    }

    fn page(&self, form: Form) -> Page {
        let mut blocks = vec![Block::Line("Everything about these records.".into()), empty()];
        let operations: Vec<_> = self.operations();
        let main = operations
            .iter()
            .find_map(|(_, _, operation)| self.records(operation))
            .unwrap();
        blocks.extend([Block::Line("JSON format".into()), empty()]);
        blocks.extend([self.table(&main, true), empty()]);
        self.codes(&mut blocks);
        let objects = self
            .schemas()
            .filter(|(name, anchor)| anchor.ends_with("-object") && *name != main);
        let mut headings = BTreeSet::new();
        for (name, anchor) in objects {
            let is_promised = self
                .properties(&name)
                .any(|(_, property)| property.get("x-mandatory").is_some());
            if is_promised && headings.insert(anchor.clone()) {
                let heading = anchor.replace('-', " ");
                let heading = heading[..1].to_uppercase() + &heading[1..];
                blocks.extend([Block::Line(heading), empty(), self.table(&name, false), empty()]);
            }
        }
        blocks.extend([Block::Line("Example".into()), empty()]);
        let example = self.record(&main, 0);
        blocks.extend([sample("", example), empty()]);
        for (path, method, operation) in operations {
            self.operation(&path, &method, operation, form, &mut blocks);
        }
        Page { form, blocks }
    }

    fn operations(&self) -> Vec<(String, String, &'k Value)> {
        let paths = self.spec["paths"].as_object().unwrap();
        let all = paths.iter().flat_map(|(path, item)| {
            let methods = item.as_object().unwrap().iter();
            methods.map(move |(method, operation)| (path.clone(), method.clone(), operation))
        });
        all.filter(|(_, _, operation)| {
            let url = operation["externalDocs"]["url"].as_str().unwrap_or_default();
            url.split('#').next() == Some(&self.base)
        })
        .collect()
    }

    /// The schemas of this page, with their anchors.
    fn schemas(&self) -> impl Iterator<Item = (String, String)> + '_ {
        let all = self.spec["components"]["schemas"].as_object().unwrap().iter();
        all.filter_map(|(name, schema)| {
            let (page, anchor) = schema["externalDocs"]["url"].as_str()?.split_once('#')?;
            (page == self.base && schema.get("properties").is_some())
                .then(|| (name.clone(), anchor.to_owned()))
        })
    }

    /// The schema of the records that a listing gives.
    fn records(&self, operation: &Value) -> Option<String> {
        let items = operation["x-items"].as_str()?;
        let envelope =
            operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].as_str()?;
        let list = &self.spec.pointer(&envelope[1..])?["properties"][items];
        Some(list["items"]["$ref"].as_str()?.rsplit('/').next()?.to_owned())
    }

    pub(crate) fn resolve(&self, value: &'k Value) -> &'k Value {
        let reference = value.get("$ref").and_then(Value::as_str);
        reference.map_or(value, |reference| self.spec.pointer(&reference[1..]).unwrap())
    }

    /// What the page has of a schema's properties, with what is only sent.
    pub(crate) fn properties(&self, schema: &str) -> impl Iterator<Item = (&'k String, &'k Value)> + use<'k> {
        let schemas = &self.spec["components"]["schemas"];
        let own = schemas[schema]["properties"].as_object().unwrap().iter();
        let sent = schemas[format!("{schema}Input")]["properties"]
            .as_object()
            .into_iter()
            .flatten();
        let sent = sent.filter(|(_, property)| property["writeOnly"] == true);
        own.chain(sent).filter(|(_, property)| {
            let departure = property["x-departure"].as_str().unwrap_or_default();
            !departure.starts_with("Not on the")
        })
    }

    fn table(&self, schema: &str, is_main: bool) -> Block {
        let marks = if is_main {
            ["Read-only", "Mandatory"]
        } else {
            ["Optional", "Nullable"]
        };
        let rows = self.properties(schema).map(|(name, property)| {
            let departure = property["x-departure"].as_str().unwrap_or_default();
            let is_mandatory = property["x-mandatory"] == true || departure.starts_with("The page promises");
            let is_read_only = property["readOnly"] == true;
            let cells = if is_main {
                [is_read_only, is_mandatory]
            } else {
                [!is_mandatory, false]
            };
            let [first, second] = cells.map(|cell| cell.to_string());
            vec![
                name.clone(),
                self.type_of(property),
                first,
                second,
                self.words(property),
            ]
        });
        Block::Table(Table {
            columns: ["Name", "Type", marks[0], marks[1], "Description"]
                .map(str::to_owned)
                .to_vec(),
            rows: rows.collect(),
        })
    }

    fn type_of(&self, schema: &'k Value) -> String {
        let own = self.resolve(schema);
        let first = own["oneOf"]
            .as_array()
            .map(|alternatives| self.resolve(&alternatives[0]));
        first.unwrap_or(own)["type"].as_str().unwrap().to_owned()
    }

    fn words(&self, schema: &'k Value) -> String {
        let own = self.resolve(schema);
        match own["enum"].as_array() {
            Some(values) if values.len() > 1 => {
                let values: Vec<_> = values.iter().map(ToString::to_string).collect();
                format!("Which of them it is: {}", values.join(", "))
            }
            Some(values) => format!("Has the value {}", values[0].as_str().unwrap()),
            None => "Something to know".to_owned(),
        }
    }

    fn codes(&self, blocks: &mut Vec<Block>) {
        let schemas = self.spec["components"]["schemas"].as_object().unwrap().values();
        let mut of_page = schemas.filter(|schema| {
            schema["externalDocs"]["url"]
                .as_str()
                .unwrap_or_default()
                .starts_with(&self.base)
        });
        if let Some(values) = of_page.find_map(|schema| schema["x-known-values"].as_array()) {
            let rows = values
                .iter()
                .map(|entry| vec![entry["value"].to_string(), "Some reason".to_owned()]);
            let table = Table {
                columns: vec!["Code".into(), "Reason".into()],
                rows: rows.collect(),
            };
            blocks.extend([Block::Table(table), empty()]);
        }
    }

    fn operation(&self, path: &str, method: &str, operation: &'k Value, form: Form, blocks: &mut Vec<Block>) {
        let parameters: Vec<_> = operation["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|parameter| self.resolve(parameter))
            .collect();
        let mut path = path.to_owned();
        for parameter in &parameters {
            if let Some(name) = parameter["x-documented-name"].as_str() {
                path = path.replace(parameter["name"].as_str().unwrap(), name);
            }
        }
        blocks.extend([
            Block::Line(operation["summary"].as_str().unwrap().to_owned()),
            empty(),
        ]);
        blocks.extend([Block::Item(format!("{} {path}", method.to_uppercase())), empty()]);
        blocks.extend([Block::Line("Allowed For".into()), empty()]);
        blocks.extend(
            roles(operation)
                .into_iter()
                .map(|role| Block::Item(role.to_owned())),
        );
        blocks.push(empty());
        let pagination = operation["x-pagination"].as_str().unwrap();
        if pagination.starts_with("cursor") {
            blocks.extend([
                Block::Line("Pagination".into()),
                empty(),
                Block::Item("Cursor pagination".into()),
            ]);
            if pagination.ends_with("offset") {
                blocks.push(Block::Item("Offset pagination".into()));
            }
            blocks.push(empty());
        }
        self.parameters(&parameters, form, blocks);
        self.bodies(method, &path, operation, blocks);
    }

    fn parameters(&self, parameters: &[&'k Value], form: Form, blocks: &mut Vec<Block>) {
        let mut rows: Vec<Vec<String>> = Vec::new();
        let mut filters: Vec<Vec<String>> = Vec::new();
        for parameter in parameters {
            let name = parameter["x-documented-name"]
                .as_str()
                .or(parameter["name"].as_str())
                .unwrap();
            let is_absent = parameter["x-departure"]
                .as_str()
                .unwrap_or_default()
                .starts_with("Not on the");
            if is_absent || PAGING.contains(&name) {
                continue;
            }
            let schema = &parameter["schema"];
            let (place, required) = (parameter["in"].as_str().unwrap(), parameter["required"] == true);
            let place = place[..1].to_uppercase() + &place[1..];
            let row = |name: &str, kind: String, words: String| {
                vec![name.to_owned(), kind, place.clone(), required.to_string(), words]
            };
            if let Some((group, inner)) = name.split_once('[') {
                let words = format!("[{inner} - Something to choose by");
                match rows.iter_mut().find(|row| row[0] == group) {
                    Some(row) => row[4] += &format!(" {words}"),
                    None => rows.push(row(group, "object".into(), words)),
                }
            } else if form == Form::Glued && place == "Query" {
                let values = self.resolve(schema)["enum"].as_array();
                let text = values.map_or_else(
                    || "What to choose by".to_owned(),
                    |values| {
                        values
                            .iter()
                            .map(|value| value.as_str().unwrap())
                            .collect::<Vec<_>>()
                            .join(", ")
                    },
                );
                filters.push(vec![name.to_owned(), text]);
            } else {
                rows.push(row(name, self.type_of(schema), self.words(schema)));
            }
        }
        let tables: [(&[&str], _); 2] = [
            (&["Name", "Type", "In", "Required", "Description"], rows),
            (&["Parameter", "Value"], filters),
        ];
        for (columns, rows) in tables.into_iter().filter(|(_, rows)| !rows.is_empty()) {
            let columns = columns.iter().map(|column| (*column).to_owned()).collect();
            blocks.extend([Block::Table(Table { columns, rows }), empty()]);
        }
    }

    fn bodies(&self, method: &str, path: &str, operation: &'k Value, blocks: &mut Vec<Block>) {
        let schema = |body: &'k Value| &body["content"]["application/json"]["schema"];
        if let Some(body) = operation.get("requestBody") {
            let value = self.value(schema(body), 0);
            blocks.extend([
                Block::Line("Example body".into()),
                empty(),
                sample("", value),
                empty(),
            ]);
        }
        let entries = self.documented["operations"].as_array().unwrap();
        let same = |entry: &&Value| {
            entry["page"] == self.key.as_str() && entry["method"] == method && entry["path"] == path
        };
        let entry = entries.iter().find(same).unwrap();
        for status in entry["statuses"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(Value::as_str)
        {
            blocks.push(Block::Line(format!("{status} Words")));
            let value = match status {
                "200" => self.value(schema(self.resolve(&operation["responses"]["200"])), 0),
                _ => json!({"errors": [{"code": "Words", "status": status, "title": "Words"}]}),
            };
            blocks.extend([sample(&format!("// Status {status} Words"), value), empty()]);
        }
    }
}

/// A survey's responder is an end user, or anyone where nobody else may call.
fn roles(operation: &Value) -> Vec<&'static str> {
    let roles = operation["x-roles"].as_array().unwrap();
    let of = |role: &Value| match role.as_str().unwrap() {
        "admin" => vec!["Admins"],
        "agent" => vec!["Agents"],
        "requester" => vec!["End user who requested the ticket"],
        "responder" if roles.len() > 1 => vec!["End users (responders only)"],
        "responder" => vec![
            "Admins (responders only)",
            "Agents (responders only)",
            "End users (responders only)",
        ],
        other => panic!("nobody has said yet how a page writes {other:?}"),
    };
    roles.iter().flat_map(of).collect()
}

fn empty() -> Block {
    Block::Line(String::new())
}

fn sample(before: &str, value: Value) -> Block {
    Block::Sample(Sample {
        before: before.to_owned(),
        value,
        after: String::new(),
        source: None,
    })
}
