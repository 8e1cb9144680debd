//! The spec keeps the dialect.
#![allow(missing_docs, clippy::unwrap_used)]

#[test]
fn the_spec_keeps_every_clause() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi/zendesk-csat.yaml");
    let spec = yaml_serde::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let findings: Vec<_> = zendesk_csat_spec_check::lint::check(&spec)
        .iter()
        .map(ToString::to_string)
        .collect();
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}
