//! Samples with every member that the spec has.

use crate::generated::Writer;
use serde_json::{Value, json};

/// Objects inside of one another, at most.
pub(crate) const DEEPEST: usize = 9;

impl<'k> Writer<'k> {
    pub(crate) fn record(&self, name: &str, depth: usize) -> Value {
        let is_sent = name.ends_with("Input");
        let members = self
            .properties(name)
            .filter(|(_, property)| is_sent || property["writeOnly"] != true);
        let members = members.filter(|(_, property)| {
            !(depth > DEEPEST && (property.get("$ref").is_some() || property.get("items").is_some()))
        });
        Value::Object(
            members
                .map(|(name, property)| (name.clone(), self.value(property, depth + 1)))
                .collect(),
        )
    }

    pub(crate) fn value(&self, schema: &'k Value, depth: usize) -> Value {
        let own = self.resolve(schema);
        let name = schema
            .get("$ref")
            .and_then(|reference| reference.as_str()?.rsplit('/').next())
            .unwrap_or_default();
        if let Some(alternatives) = own["oneOf"].as_array() {
            let shown = alternatives
                .iter()
                .find(|one| self.resolve(one)["type"] == "array")
                .unwrap_or(&alternatives[0]);
            return self.value(shown, depth);
        }
        if let Some(values) = own["enum"].as_array() {
            return self.remembered(name).unwrap_or_else(|| values[0].clone());
        }
        match own["type"].as_str() {
            Some("object") => self.record(name, depth),
            Some("array") => {
                let of = self.resolve(&own["items"]);
                let alternatives = of["oneOf"].as_array();
                let items = alternatives.map_or_else(|| vec![&own["items"]], |all| all.iter().collect());
                let items = items
                    .into_iter()
                    .flat_map(|item| self.kinds(self.value(item, depth), item));
                Value::Array(items.collect())
            }
            Some("integer") => json!(1),
            Some("boolean") => json!(true),
            _ => json!("words"),
        }
    }

    /// A record once for each type that it comes in.
    fn kinds(&self, record: Value, schema: &'k Value) -> Vec<Value> {
        let kind = &self.resolve(schema)["properties"]["type"];
        let values = self.resolve(kind)["enum"]
            .as_array()
            .filter(|_| record.is_object());
        let Some(values) = values else {
            return vec![record];
        };
        let of = |value: &Value| {
            let mut record = record.clone();
            record["type"] = value.clone();
            record
        };
        values.iter().map(of).collect()
    }

    /// A value of an enumeration that the page is known to have.
    fn remembered(&self, schema: &str) -> Option<Value> {
        let entries = self.documented["enums"].as_array()?;
        let entry = entries
            .iter()
            .find(|entry| entry["schema"] == schema && entry["page"] == self.key.as_str())?;
        entry["values"].get(0).cloned()
    }
}
