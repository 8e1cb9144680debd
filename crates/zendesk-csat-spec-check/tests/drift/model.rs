//! A page as blocks, which are edited and written as a browser would save them.

use serde_json::Value;
use std::fmt::Write;

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Page {
    pub(crate) form: Form,
    pub(crate) blocks: Vec<Block>,
}

/// How a browser saved it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// A row a line, its cells glued together.
    Glued,
    /// A cell a line.
    Stacked,
    /// A row a line with tabs between its cells.
    Tabs,
    /// The same with bars, as converters to Markdown do.
    Bars,
    Html,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Block {
    /// A line as it stands.
    Line(String),
    /// An item of a list.
    Item(String),
    Table(Table),
    Sample(Sample),
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Table {
    pub(crate) columns: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column == name)
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.column(name).is_some()
    }
}

/// JSON with what stands before and behind it on its line.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sample {
    pub(crate) before: String,
    pub(crate) value: Value,
    pub(crate) after: String,
    /// As it was saved, until it is edited.
    pub(crate) source: Option<String>,
}

impl Sample {
    pub(crate) fn edited(&self, value: Value) -> Self {
        Self {
            value,
            source: None,
            ..self.clone()
        }
    }

    fn text(&self) -> String {
        let json = self.source.clone().unwrap_or_else(|| self.value.to_string());
        format!("{}{json}{}", self.before, self.after)
    }
}

impl Page {
    pub(crate) fn with(&self, index: usize, block: Block) -> Self {
        let mut page = self.clone();
        page.blocks[index] = block;
        page
    }

    pub(crate) fn without(&self, gone: &[usize]) -> Self {
        let blocks = self.blocks.iter().enumerate();
        let blocks = blocks.filter(|(index, _)| !gone.contains(index));
        Self {
            form: self.form,
            blocks: blocks.map(|(_, block)| block.clone()).collect(),
        }
    }

    pub(crate) fn inserted(&self, index: usize, blocks: Vec<Block>) -> Self {
        let mut page = self.clone();
        page.blocks.splice(index..index, blocks);
        page
    }

    pub(crate) fn saved_as(&self, form: Form) -> Self {
        Self {
            form,
            blocks: self.blocks.clone(),
        }
    }

    pub(crate) fn text(&self) -> String {
        if self.form == Form::Html {
            return self.html();
        }
        let mut text = String::new();
        for block in &self.blocks {
            match block {
                Block::Line(line) => text.push_str(line),
                Block::Item(item) => write!(text, "  • {item}").unwrap(),
                Block::Table(table) => text.push_str(&self.table(table)),
                Block::Sample(sample) => text.push_str(&sample.text()),
            }
            text.push('\n');
        }
        text
    }

    fn table(&self, table: &Table) -> String {
        let separator = match self.form {
            Form::Stacked => "\n",
            Form::Tabs => "\t",
            Form::Bars => " | ",
            _ => "",
        };
        let rule = vec!["---".to_owned(); table.columns.len()];
        let rule = Some(&rule).filter(|_| self.form == Form::Bars);
        let rows = [&table.columns].into_iter().chain(rule).chain(&table.rows);
        rows.map(|row| row.join(separator)).collect::<Vec<_>>().join("\n")
    }

    fn html(&self) -> String {
        let mut text = String::from(
            "<!DOCTYPE html>\n<html lang=\"en\"><head><title>Page</title><style>td { }</style></head><body>\n",
        );
        for (index, block) in self.blocks.iter().enumerate() {
            match block {
                Block::Line(line) if line.is_empty() => text.push('\n'),
                // What follows a line of code without an empty line is code.
                Block::Line(line) => writeln!(text, "<div class=\"line\">{}</div>", escaped(line)).unwrap(),
                Block::Item(item) => {
                    let is_first = index == 0 || !matches!(self.blocks[index - 1], Block::Item(_));
                    let is_last = !matches!(self.blocks.get(index + 1), Some(Block::Item(_)));
                    let (open, close) = (
                        if is_first { "<ul>" } else { "" },
                        if is_last { "</ul>" } else { "" },
                    );
                    writeln!(text, "{open}<li><code>{}</code></li>{close}", escaped(item)).unwrap();
                }
                Block::Table(table) => {
                    let cells = |row: &[String], tag: &str| {
                        row.iter().fold(String::new(), |row, cell| {
                            row + &format!("<{tag}>{}</{tag}>", escaped(cell).replace('\n', "<br>"))
                        })
                    };
                    writeln!(
                        text,
                        "<table><thead><tr>{}</tr></thead><tbody>",
                        cells(&table.columns, "th")
                    )
                    .unwrap();
                    for row in &table.rows {
                        writeln!(text, "<tr>{}</tr>", cells(row, "td")).unwrap();
                    }
                    text.push_str("</tbody></table>\n");
                }
                Block::Sample(sample) => {
                    let json = serde_json::to_string_pretty(&sample.value).unwrap();
                    let code = escaped(&format!("{}{json}{}", sample.before, sample.after));
                    writeln!(
                        text,
                        "<pre><code><span>{}</span></code></pre>",
                        code.replace(": ", "</span>: <span>")
                    )
                    .unwrap();
                }
            }
        }
        text + "</body></html>\n"
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
