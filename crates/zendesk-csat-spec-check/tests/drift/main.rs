//! What `cargo xtask drift` finds in pages of our own that a browser might have saved.
#![allow(clippy::unwrap_used, clippy::panic)]

mod edits;
mod generated;
mod generated_guide;
mod generated_samples;
mod guide_edits;
mod model;
mod pasted;
mod sample_edits;
mod saved;
mod seen;
mod table_edits;
mod tolerance;

use model::Form;
use seen::{Known, Tally};
use serde_json::{Value, json};
use zendesk_csat_spec_check::drift::Drift;

const PAGE: &str = "https://docs.example/moods/";

/// A spec with one page behind it.
fn spec() -> Value {
    let documented = |anchor: &str| json!({"url": format!("{PAGE}#{anchor}")});
    let score = json!({"name": "score", "in": "query", "schema": {"$ref": "#/components/schemas/Score"}});
    let since = json!({"name": "filter[since]", "in": "query", "schema": {"type": "integer"}});
    let body = |schema: &str| {
        let schema = json!({"$ref": format!("#/components/schemas/{schema}")});
        json!({"200": {"content": {"application/json": {"schema": schema}}}})
    };
    json!({
        "paths": {
            "/api/v2/moods": {"get": {
                "operationId": "list_moods", "externalDocs": documented("list-moods"), "responses": body("MoodsPage"),
                "parameters": [score, {"name": "start_time", "in": "query", "schema": {"type": "integer"}},
                    {"name": "page[size]", "in": "query", "schema": {"type": "integer"}}, since]}},
            "/api/v2/moods/{id}": {"get": {
                "operationId": "show_mood", "externalDocs": documented("show-mood"), "responses": body("Mood"),
                "parameters": [{"name": "mood_id", "in": "path", "required": true, "schema": {"type": "integer"}}]}},
            "/api/v2/moods/count": {"get": {
                "operationId": "count_moods", "externalDocs": documented("count-moods"), "responses": {}}},
            "/api/v2/elsewhere": {"get": {
                "operationId": "elsewhere", "externalDocs": {"url": "https://docs.example/other/"}, "responses": {}}},
        },
        "components": {"schemas": {
            "Score": {"type": "string", "enum": ["good", "bad"]},
            "MoodsPage": {"type": "object", "properties": {
                "moods": {"type": "array", "items": {"$ref": "#/components/schemas/Mood"}}}},
            "Mood": {"type": "object", "externalDocs": documented("json-format"), "properties": {
                "id": {"type": "integer", "readOnly": true, "x-mandatory": true},
                "score": {"$ref": "#/components/schemas/Score", "readOnly": true},
                "since": {"type": "string"},
                "told_at": {"type": "string", "x-departure": "The page says integer; a string on the wire."},
                "depth": {"type": "integer"}}},
            "Face": {"type": "object", "externalDocs": documented("face-object"), "properties": {
                "kind": {"type": "string", "x-mandatory": true}}},
        }},
    })
}

fn between(spec: &Value, page: &str) -> Drift {
    zendesk_csat_spec_check::drift::between(spec, &json!({}), page).unwrap()
}

fn lines(drift: &Drift) -> Vec<String> {
    drift.findings.iter().map(ToString::to_string).collect()
}

#[test]
fn what_the_spec_lacks_has_too_much_or_says_otherwise() {
    let drift = between(&spec(), include_str!("moods.txt"));
    assert_eq!(
        lines(&drift),
        [
            "lacks   list_moods score (line 25): the value \"superb\"",
            "lacks   list_moods shade (line 28): the parameter",
            "beyond  list_moods filter[since]: the page has no such parameter",
            "lacks   MoodsPage.count (line 34): integer in a sample",
            "differs Mood.id (line 34): string, not integer, in a sample",
            "differs show_mood mood_id (line 43): string, not integer",
            "lacks   DELETE /api/v2/moods/{mood_id} (line 47): the operation",
            "beyond  count_moods: the page has no such operation",
            "lacks   Mood.colour (line 8): string",
            "differs Mood.score (line 10): x-mandatory is true, not false",
            "differs Mood.since (line 11): integer, not string",
            "beyond  Mood.depth: the page has no such property",
            "beyond  Face: the page has no table of it",
            "lacks   Mood.score (line 16): the value \"superb\" in a sample",
            "lacks   Mood.weather (line 16): string in a sample",
        ]
    );
    assert_eq!(drift.explained, 1);
}

#[test]
fn tables_saved_a_cell_a_line_are_read_as_well() {
    let drift = between(&spec(), include_str!("survey.txt"));
    let found = lines(&drift);
    for line in [
        "lacks   list_moods filter[owner_ids] (line 48): the parameter",
        "differs Face.kind (line 24): nullable is true, not false",
        "unplaced Nowhere object (line 30): no schema of the spec is this table of secret",
        "beyond  show_mood: the page has no such operation",
    ] {
        assert!(
            found.iter().any(|found| found == line),
            "{line}\n{}",
            found.join("\n")
        );
    }
    assert!(
        !found
            .iter()
            .any(|found| found.contains("filter[since]") || found.contains("page[size]")),
        "{found:?}"
    );
}

#[test]
fn a_page_that_the_spec_agrees_with_has_no_drift() {
    let page = "Face object\n\nNameTypeOptionalNullableDescription\nkindstringfalsefalseWhat face it is\n\n\
        Show Mood\n\nGET /api/v2/moods/{mood_id}\n\nNameTypeInRequiredDescription\nmood_idintegerPathtrueIts number\n";
    let mut spec = spec();
    let paths = spec["paths"].as_object_mut().unwrap();
    paths.retain(|path, _| path.ends_with("{id}"));
    let schemas = spec["components"]["schemas"].as_object_mut().unwrap();
    schemas.remove("Mood");
    let drift = between(&spec, page);
    assert_eq!((lines(&drift), drift.explained, drift.compared), (vec![], 0, 2));
}

/// Every fact of our own pages is edited in turn.
#[test]
fn pages_of_text_show_what_is_edited() {
    generated_show(None, 1);
}

/// HTML reads as the same lines, so one edit of three is enough.
#[test]
fn pages_of_html_show_what_is_edited() {
    generated_show(Some(Form::Html), 3);
}

fn generated_show(form: Option<Form>, every: usize) {
    let known = Known::read();
    let mut tally = Tally::default();
    for (name, page) in generated::pages(&known) {
        let form = form.unwrap_or(page.form);
        tally.add(&known, &name, &page.saved_as(form), every);
    }
    tally.tell("pages of our own");
    tally.assert_enough(300);
}

/// The same with the real pages, where `ZENDESK_DOCS` names a folder of them: they are not ours to keep here.
#[test]
fn saved_pages_show_what_is_edited() {
    let Some(folder) = seen::folder() else {
        return;
    };
    let known = Known::read();
    let mut as_saved = Tally::default();
    for (name, page) in saved::pages(&folder) {
        as_saved.add(&known, &name, &page, 1);
    }
    as_saved.tell("saved pages");
    as_saved.assert_enough(300);
    for form in [Form::Glued, Form::Stacked, Form::Tabs, Form::Bars, Form::Html] {
        let mut tally = Tally::default();
        for (name, page) in saved::pages(&folder) {
            tally.add(&known, &name, &page.saved_as(form), 1);
        }
        tally.tell(&format!("saved pages, as {form:?}"));
        tally.assert_enough(300);
    }
}
