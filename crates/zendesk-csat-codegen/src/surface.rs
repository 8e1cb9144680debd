//! The surface table: every operation with its resource, verb and parameters, on one page.

use crate::spec;
use serde_json::Value;

/// One line an operation, as a Markdown table sorted by resource and verb.
pub fn table(spec: &Value) -> String {
    let mut rows: Vec<[String; 5]> = spec::operations(spec)
        .iter()
        .map(|operation| {
            let text = |key| operation.text(key).unwrap_or("?").to_owned();
            let parameters: Vec<_> = operation
                .parameters(spec)
                .into_iter()
                .filter_map(|parameter| {
                    let name = parameter.get("name")?.as_str()?;
                    let required = parameter.get("required") == Some(&Value::Bool(true));
                    Some(if required {
                        name.to_owned()
                    } else {
                        format!("{name}?")
                    })
                })
                .collect();
            [
                text("x-resource"),
                text("x-verb"),
                format!("{} {}", operation.method.to_uppercase(), operation.path),
                text("x-bucket"),
                parameters.join(", "),
            ]
        })
        .collect();
    rows.sort();
    let mut table = String::from(
        "| resource | verb | operation | bucket | parameters |\n| --- | --- | --- | --- | --- |\n",
    );
    for row in rows {
        table.push_str(&format!("| {} |\n", row.join(" | ")));
    }
    table
}
