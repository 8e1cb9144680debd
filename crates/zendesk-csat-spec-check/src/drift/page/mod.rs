//! A saved page as operations, tables, calls and samples.

mod call;
mod list;
mod pairs;
mod sample;
mod table;

pub(super) use call::Call;
pub(super) use list::List;
pub(super) use sample::Sample;
pub(super) use table::{Column, Row};

use super::lines::Line;
use sample::Samples;
use table::Kind;

/// What a page documents.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) operations: Vec<Operation>,
    /// Tables of properties, with the headings that they may stand under, the nearest first.
    pub(super) objects: Vec<Object>,
    /// Calls that a guide or a sample shows; for a reference they repeat its operations.
    pub(super) calls: Vec<Call>,
    /// Samples that stand under no operation and no call.
    pub(super) samples: Vec<Sample>,
    /// Codes of reasons, by their lines.
    pub(super) codes: Vec<(usize, String)>,
    /// Rows and heads of tables that nobody can read.
    pub(super) unread: Vec<(usize, String)>,
    /// Everything, to look words up in.
    pub(super) text: String,
}

#[derive(Debug)]
pub(super) struct Operation {
    pub(super) line: usize,
    /// The line before, which is its title as a rule.
    pub(super) heading: String,
    pub(super) method: String,
    pub(super) path: String,
    pub(super) parameters: Vec<Row>,
    /// Rows of a table that gives names and values.
    pub(super) filters: Vec<Filter>,
    pub(super) roles: Option<List>,
    pub(super) pagination: Option<List>,
    pub(super) samples: Vec<Sample>,
    /// The statuses that are named, by their lines.
    pub(super) statuses: Vec<(usize, String)>,
}

/// A filter: its name, where a cell of its own has it, and the rest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Filter {
    pub(super) line: usize,
    pub(super) name: Option<String>,
    pub(super) text: String,
}

#[derive(Debug)]
pub(super) struct Object {
    pub(super) line: usize,
    pub(super) heading: Option<String>,
    pub(super) rows: Vec<Row>,
}

const METHODS: [&str; 6] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"];
/// A line longer than this is no heading.
const LONGEST_HEADING: usize = 60;

pub(super) fn read(lines: &[Line]) -> Page {
    let texts: Vec<_> = lines.iter().map(|line| line.text.as_str()).collect();
    let samples = Samples::of(&texts);
    let mut page = Page {
        text: texts.join("\n"),
        ..Page::default()
    };
    let mut calls = call::Reader::of(&texts);
    let mut status = None;
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let text = line.text.as_str();
        if let Some((method, path)) = address(text) {
            status = None;
            page.operations
                .push(operation(line.number, method, path, &texts[..at]));
        } else if let Some(head) = table::head(&texts, at) {
            at = page.table(lines, &texts, at, &head);
            continue;
        } else if table::is_broken_head(text) {
            page.unread.push((line.number, text.to_owned()));
        } else if let Some((kind, list, next)) = list::read(lines, at) {
            if let Some(operation) = page.operations.last_mut() {
                let _: &List = match kind {
                    list::Kind::Roles => operation.roles.get_or_insert(list),
                    list::Kind::Pagination => operation.pagination.get_or_insert(list),
                };
            }
            at = next;
            continue;
        } else if text == "Example body" {
            status = None;
        } else {
            let named = sample::status(text);
            if let (Some(named), Some(operation)) = (&named, page.operations.last_mut()) {
                operation.statuses.push((line.number, named.clone()));
            }
            status = named.or(status);
            if let Some((value, next)) = samples.answer(at) {
                page.sample(line.number, status.clone(), value);
                at = next;
                continue;
            }
            if let Some(body) = samples.sent(at) {
                page.sample(line.number, None, sample::Body::whole(body));
            }
            if let Some(call) = calls.call(line.number, at) {
                page.calls.push(call);
            }
        }
        at += 1;
    }
    page
}

impl Page {
    /// A sample belongs to the operation or, in a guide, to the call before it.
    fn sample(&mut self, line: usize, status: Option<String>, body: sample::Body) {
        let sample = Sample {
            line,
            status,
            value: body.value,
            loose: body.loose,
        };
        if let Some(operation) = self.operations.last_mut() {
            operation.samples.push(sample);
        } else if let Some(call) = self.calls.last_mut() {
            call.samples.push(sample);
        } else {
            self.samples.push(sample);
        }
    }

    /// Takes a table in; gives the line after it.
    fn table(&mut self, lines: &[Line], texts: &[&str], at: usize, head: &table::Head) -> usize {
        let number = |line: usize| lines.get(line).map_or(line + 1, |line| line.number);
        if matches!(head.kind, Kind::Filters | Kind::Codes) {
            let (pairs, next) = pairs::of(texts, head);
            for (line, name, text) in pairs {
                let line = number(line);
                match (head.kind, self.operations.last_mut()) {
                    (Kind::Filters, Some(operation)) => operation.filters.push(Filter { line, name, text }),
                    (Kind::Codes, _) => self.codes.push((line, name.unwrap_or(text))),
                    _ => {}
                }
            }
            return next;
        }
        if let Some(column) = head.lacks() {
            self.unread
                .push((number(at), format!("its table has no column {column}")));
        }
        let mut table = table::rows(texts, head);
        let odd = table.rows.iter().filter_map(|row| Some((row, row.odd_mark()?)));
        let odd = odd.map(|(row, text)| (number(row.line), format!("{}: {text:?}", row.name)));
        self.unread.extend(odd);
        for row in &mut table.rows {
            row.line = number(row.line);
        }
        let unread = table
            .unread
            .into_iter()
            .map(|line| (number(line), texts[line].to_owned()));
        self.unread.extend(unread);
        if head.kind == Kind::Parameters {
            if let Some(operation) = self.operations.last_mut() {
                operation.parameters.extend(table.rows);
            }
        } else {
            self.objects.push(Object {
                line: number(at),
                heading: heading(&texts[..at]),
                rows: table.rows,
            });
        }
        table.next
    }
}

fn operation(line: usize, method: &str, path: &str, before: &[&str]) -> Operation {
    let heading = before.iter().rev().find(|line| !line.is_empty());
    let heading = heading.filter(|line| line.len() <= LONGEST_HEADING);
    Operation {
        line,
        heading: heading.map_or_else(String::new, |heading| (*heading).to_owned()),
        method: method.to_owned(),
        path: path.to_owned(),
        parameters: Vec::new(),
        filters: Vec::new(),
        roles: None,
        pagination: None,
        samples: Vec::new(),
        statuses: Vec::new(),
    }
}

/// `GET /api/v2/moods`, or without the space where the method is a box of its own.
fn address(line: &str) -> Option<(&str, &str)> {
    METHODS.iter().find_map(|method| {
        let path = line.strip_prefix(method)?.trim_start();
        (path.starts_with('/') && !path.contains(' ')).then_some((*method, path))
    })
}

/// The heading that stands before a table, with one sentence between at most.
fn heading(lines: &[&str]) -> Option<String> {
    let mut before = lines.iter().rev().filter(|line| !line.is_empty());
    let is_sentence = |line: &str| line.ends_with(['.', ':']) || line.len() > LONGEST_HEADING;
    let nearest = before.next()?;
    let heading = if is_sentence(nearest) {
        before.next()?
    } else {
        nearest
    };
    (!is_sentence(heading)).then(|| (*heading).to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::lines;
    use super::*;

    fn read(text: &str) -> Page {
        super::read(&lines::read(text))
    }

    #[test]
    fn a_row_is_read_in_both_ways_of_saving_it() {
        let tabs = "Mood object\n\nName\tType\tRead-only\tMandatory\tDescription\nis_true\tstring\ttrue\tfalse\tWhether it is true\nid\tinteger\ttrue\ttrue\tIts number\n\nExample\n";
        let glued = "Mood object\n\nNameTypeRead-onlyMandatoryDescription\nis_truestringtruefalseWhether it is true\nidintegertruetrueIts number\n\nExample\n";
        let stacked = "Mood object\nName\nType\nRead-only\nMandatory\nDescription\nis_true\nstring\ntrue\nfalse\nWhether it is true\nid\ninteger\ntrue\ntrue\nIts number\nExample\n";
        for (text, lines) in [(glued, [4, 5]), (stacked, [7, 12]), (tabs, [4, 5])] {
            let page = read(text);
            assert_eq!(page.objects.len(), 1);
            let object = &page.objects[0];
            assert_eq!(object.heading.as_deref(), Some("Mood object"));
            let rows: Vec<_> = object
                .rows
                .iter()
                .map(|row| {
                    (
                        row.name.as_str(),
                        row.cell(Column::Type),
                        row.says(Column::Mandatory),
                    )
                })
                .collect();
            assert_eq!(
                rows,
                [
                    ("is_true", Some("string"), Some(false)),
                    ("id", Some("integer"), Some(true))
                ]
            );
            assert_eq!([object.rows[0].line, object.rows[1].line], lines);
        }
    }

    #[test]
    fn parameters_and_samples_belong_to_the_operation_before_them() {
        let text = "Make a Mood\n  • POST /api/v2/moods\nParameters\nNameTypeInRequiredDescription\nhowstringQueryfalseHow\n\nExample body\n{\"mood\": 1}\n201 Created\n// Status 201 Created\n{\"mood\": {}}\n// Status 404 Not Found{\"errors\": []}\n";
        let page = read(text);
        let operation = &page.operations[0];
        assert_eq!(
            (operation.method.as_str(), operation.path.as_str()),
            ("POST", "/api/v2/moods")
        );
        assert_eq!(operation.parameters[0].cell(Column::In), Some("Query"));
        let statuses: Vec<_> = operation
            .samples
            .iter()
            .map(|sample| sample.status.as_deref())
            .collect();
        assert_eq!(statuses, [None, Some("201"), Some("404")]);
        assert!(page.samples.is_empty() && page.objects.is_empty());
    }

    #[test]
    fn prose_is_no_table() {
        for text in [
            "Name",
            "Name\nType\nof a thing",
            "Nametag and Type",
            "GET a life",
            "{not json}",
            "Pagination",
            "Allowed for\nAdmins",
            "curl",
            "curl https://example.com/",
            "",
        ] {
            let page = read(text);
            assert!(
                page.operations.is_empty()
                    && page.objects.is_empty()
                    && page.samples.is_empty()
                    && page.calls.is_empty(),
                "{text}"
            );
        }
    }

    #[test]
    fn roles_pagination_filters_and_codes_stand_in_lists() {
        let text = "List Moods\n\n  • GET /api/v2/moods\n\nAllowed For\n\n  • Admins\n  • End users\n\nPagination\n\n  • Cursor pagination\n\nFilters\n\nParameterValue\nscoregood, bad,\nsuperb\nshadeHow dark\n\nCodeReason\n5Too dark\n";
        let page = read(text);
        let operation = &page.operations[0];
        let items = |list: &Option<List>| {
            list.iter()
                .flat_map(|list| list.items.clone())
                .map(|(_, item)| item)
                .collect::<Vec<_>>()
        };
        assert_eq!(items(&operation.roles), ["Admins", "End users"]);
        assert_eq!(items(&operation.pagination), ["Cursor pagination"]);
        let filters: Vec<_> = operation
            .filters
            .iter()
            .map(|filter| filter.text.as_str())
            .collect();
        assert_eq!(filters, ["scoregood, bad, superb", "shadeHow dark"]);
        assert_eq!(page.codes, [(22, "5".to_owned())]);
        let bare = read(
            "List Moods\nGET /api/v2/moods\nAllowed for\nAdmins\nEnd users\nShow Mood\nGET /api/v2/moods/{id}\n",
        );
        assert_eq!(items(&bare.operations[0].roles), ["Admins", "End users"]);
    }

    #[test]
    fn what_cannot_be_read_is_kept() {
        let page = read(
            "NameTypeRead-onlyMandatoryDescription\nidintegertruetrueIts number\nwhenmomenttruetrueIts time\n\nNameTypeFormatDescription\n",
        );
        let unread: Vec<_> = page.unread.iter().map(|(line, _)| *line).collect();
        assert_eq!((page.objects[0].rows.len(), unread), (1, vec![3, 5]));
    }
}
