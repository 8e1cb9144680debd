//! Tables, in the three ways that browsers save them: a row a line with its cells glued together, a cell a line, or a
//! row a line with tabs or bars between.

/// A row of a table of properties or parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct Row {
    pub(in super::super) line: usize,
    pub(in super::super) name: String,
    pub(in super::super) cells: Vec<(Column, String)>,
}

impl Row {
    pub(in super::super) fn cell(&self, column: Column) -> Option<&str> {
        let cell = self.cells.iter().find(|(known, _)| *known == column);
        cell.map(|(_, text)| text.as_str())
    }

    /// What a cell of yes and no says.
    pub(in super::super) fn says(&self, column: Column) -> Option<bool> {
        match self.cell(column)? {
            "true" | "yes" => Some(true),
            "false" | "no" => Some(false),
            _ => None,
        }
    }

    /// A cell of yes and no that says something else.
    pub(in super::super) fn odd_mark(&self) -> Option<&str> {
        let is_odd = |column: Column| column.values() == TRUTHS && self.says(column).is_none();
        let cell = self.cells.iter().find(|(column, _)| is_odd(*column));
        cell.map(|(_, text)| text.as_str())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Column {
    Name,
    Type,
    In,
    ReadOnly,
    Mandatory,
    Optional,
    Nullable,
    Required,
    Description,
    Parameter,
    Value,
    Code,
    Reason,
    /// A column that no page had yet.
    Other,
}

/// What a table is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Properties,
    Parameters,
    Filters,
    Codes,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    Glued,
    Stacked,
    Tabs,
}

/// The head of a table, and the line of its first row.
#[derive(Debug)]
pub(super) struct Head {
    pub(super) kind: Kind,
    columns: Vec<Column>,
    pub(super) layout: Layout,
    pub(super) first_row: usize,
}

/// The rows of a table, the lines in it that are none, and the line after it.
pub(super) struct Rows {
    pub(super) rows: Vec<Row>,
    pub(super) unread: Vec<usize>,
    pub(super) next: usize,
}

const COLUMNS: [(&str, Column); 14] = [
    ("Name", Column::Name),
    ("Type", Column::Type),
    ("In", Column::In),
    ("Read-only", Column::ReadOnly),
    ("Mandatory", Column::Mandatory),
    ("Optional", Column::Optional),
    ("Nullable", Column::Nullable),
    ("Required", Column::Required),
    ("Descriptions", Column::Description),
    ("Description", Column::Description),
    ("Parameter", Column::Parameter),
    ("Value", Column::Value),
    ("Code", Column::Code),
    ("Reason", Column::Reason),
];
const TYPES: [&str; 12] = [
    "integer",
    "string",
    "array",
    "object",
    "boolean",
    "number",
    "float",
    "date",
    "datetime",
    "timestamp",
    "uuid",
    "null",
];
const PLACES: [&str; 5] = ["Path", "Query", "Body", "Header", "Cookie"];
const TRUTHS: [&str; 2] = ["true", "false"];
/// How a head begins whose other columns nobody knows.
const HEADS: [&str; 3] = ["NameType", "ParameterValue", "CodeReason"];
/// Lines of a description that may stand between two rows of a table saved a cell a line.
const LONGEST_CELL: usize = 6;

impl Column {
    /// The values that its cells have; any where there are none.
    fn values(self) -> &'static [&'static str] {
        match self {
            Self::Type => &TYPES,
            Self::In => &PLACES,
            Self::ReadOnly | Self::Mandatory | Self::Optional | Self::Nullable | Self::Required => &TRUTHS,
            _ => &[],
        }
    }
}

/// The cells of a row that stand apart, by tabs or by bars.
pub(super) fn cells(line: &str) -> Option<Vec<&str>> {
    if line.contains('\t') {
        return Some(line.split('\t').map(str::trim).collect());
    }
    let is_row = line.contains('|') && !line.starts_with(['{', '"', '`']);
    is_row.then(|| line.trim_matches('|').split('|').map(str::trim).collect())
}

/// The rule below a head that is written with bars.
pub(super) fn is_rule(line: &str) -> bool {
    line.contains("--") && line.chars().all(|c| matches!(c, '-' | '|' | ':' | ' ' | '+'))
}

fn column(text: &str) -> Option<Column> {
    let found = COLUMNS.iter().find(|(name, _)| *name == text);
    found.map(|(_, column)| *column)
}

/// The head of a table that begins here.
pub(super) fn head(lines: &[&str], at: usize) -> Option<Head> {
    let line = lines.get(at)?;
    if let Some(cells) = cells(line) {
        let mut columns: Vec<_> = cells
            .into_iter()
            .map(|cell| column(cell).unwrap_or(Column::Other))
            .collect();
        // A filter's values are whatever stands beside its name.
        if let [Column::Parameter | Column::Code, second @ Column::Other] = columns.as_mut_slice() {
            *second = Column::Value;
        }
        return of(columns, Layout::Tabs, at + 1);
    }
    let stacked: Vec<_> = lines[at..]
        .iter()
        .take(COLUMNS.len())
        .map_while(|text| column(text))
        .collect();
    if stacked.len() > 1
        && let Some(head) = of(stacked.clone(), Layout::Stacked, at + stacked.len())
    {
        let is_enough = stacked.len() > 2 || matches!(head.kind, Kind::Filters | Kind::Codes);
        return is_enough.then_some(head);
    }
    let mut rest = *line;
    let mut glued = Vec::new();
    while let Some((name, column)) = COLUMNS.iter().find(|(name, _)| rest.starts_with(name)) {
        glued.push(*column);
        rest = rest[name.len()..].trim_start();
    }
    if !rest.is_empty() || glued.len() < 2 {
        return None;
    }
    of(glued, Layout::Glued, at + 1)
}

fn of(columns: Vec<Column>, layout: Layout, first_row: usize) -> Option<Head> {
    let kind = match columns.as_slice() {
        [Column::Name, rest @ ..] if rest.contains(&Column::In) => Kind::Parameters,
        [Column::Name, rest @ ..] if rest.iter().any(|column| *column != Column::Other) => Kind::Properties,
        [Column::Parameter, Column::Value | Column::Description, ..] => Kind::Filters,
        [
            Column::Code,
            Column::Reason | Column::Value | Column::Description,
            ..,
        ] => Kind::Codes,
        _ => return None,
    };
    Some(Head {
        kind,
        columns,
        layout,
        first_row,
    })
}

impl Head {
    /// A column that such a table has as a rule, and this one has not.
    pub(super) fn lacks(&self) -> Option<&'static str> {
        let has = |column: Column| self.columns.contains(&column);
        let is_of_kinds = has(Column::Optional) || has(Column::Nullable);
        let wanted = match self.kind {
            Kind::Filters | Kind::Codes => return None,
            Kind::Parameters => [
                ("Type", Column::Type),
                ("Required", Column::Required),
                ("In", Column::In),
            ],
            Kind::Properties if is_of_kinds => [
                ("Type", Column::Type),
                ("Optional", Column::Optional),
                ("Nullable", Column::Nullable),
            ],
            Kind::Properties => [
                ("Type", Column::Type),
                ("Read-only", Column::ReadOnly),
                ("Mandatory", Column::Mandatory),
            ],
        };
        let lacking = wanted.into_iter().find(|(_, column)| !has(*column));
        lacking.map(|(name, _)| name)
    }
}

/// Whether this is the head of a table with columns that cannot be told apart.
pub(super) fn is_broken_head(line: &str) -> bool {
    HEADS.iter().any(|head| line.starts_with(head)) && !line.contains(' ')
}

pub(super) fn rows(lines: &[&str], head: &Head) -> Rows {
    match head.layout {
        Layout::Stacked => stacked_rows(lines, head),
        layout => {
            let mut table = Rows {
                rows: Vec::new(),
                unread: Vec::new(),
                next: head.first_row,
            };
            while let Some(line) = lines.get(table.next).filter(|line| !line.is_empty()) {
                let row = match layout {
                    Layout::Tabs if is_rule(line) => {
                        table.next += 1;
                        continue;
                    }
                    Layout::Tabs if cells(line).is_none() => break,
                    Layout::Tabs => tabbed_row(&head.columns, line),
                    _ => glued_row(&head.columns, line),
                };
                match row {
                    Some(cells) => table.rows.extend(row_of(table.next, cells)),
                    None if layout == Layout::Glued && !is_broken_row(line) => break,
                    None => table.unread.push(table.next),
                }
                table.next += 1;
            }
            table
        }
    }
}

/// Whether a line that is no row was meant to be one: its name goes over into marks.
fn is_broken_row(line: &str) -> bool {
    let first = line.split(' ').next().unwrap_or_default();
    TRUTHS.iter().any(|truth| first.contains(truth)) && !first.contains(['{', '/', '('])
}

fn row_of(line: usize, mut cells: Vec<(Column, String)>) -> Option<Row> {
    let (_, name) = (!cells.is_empty()).then(|| cells.remove(0))?;
    Some(Row { line, name, cells })
}

fn tabbed_row(columns: &[Column], line: &str) -> Option<Vec<(Column, String)>> {
    let mut texts = cells(line)?.into_iter();
    let cells: Vec<_> = columns
        .iter()
        .map(|column| (*column, texts.next().unwrap_or_default().to_owned()))
        .collect();
    cells
        .first()
        .is_some_and(|(_, name)| is_name(name))
        .then_some(cells)
}

fn stacked_rows(lines: &[&str], head: &Head) -> Rows {
    let columns = &head.columns;
    let mut table = Rows {
        rows: Vec::new(),
        unread: Vec::new(),
        next: head.first_row,
    };
    loop {
        // What stands between two rows belongs to the cell before it, which had several lines.
        let gap = (0..LONGEST_CELL)
            .filter(|gap| *gap == 0 || is_strict(columns, lines, table.next + gap))
            .find_map(|gap| Some((gap, stacked_row(columns, lines, table.next + gap)?)));
        let Some((gap, (cells, length))) = gap.filter(|(gap, _)| *gap == 0 || !table.rows.is_empty()) else {
            break;
        };
        let between = lines.get(table.next..table.next + gap).unwrap_or_default();
        let ends = between.iter().any(|line| super::address(line).is_some())
            || (0..gap).any(|index| self::head(lines, table.next + index).is_some());
        if ends {
            break;
        }
        if let Some((_, text)) = table.rows.last_mut().and_then(|row| row.cells.last_mut()) {
            text.extend(between.iter().flat_map(|line| [" ", line]));
        }
        table.rows.extend(row_of(table.next + gap, cells));
        table.next += gap + length;
    }
    table
}

/// The cells of a row and how many lines they take: one less where the description is empty.
fn stacked_row(columns: &[Column], lines: &[&str], at: usize) -> Option<(Vec<(Column, String)>, usize)> {
    let last = columns.len().checked_sub(1)?;
    let texts = lines
        .get(at..at + columns.len())
        .or_else(|| lines.get(at..at + last))?;
    let fits = |(column, text): (&Column, &&str)| match column.values() {
        [] => true,
        values => values.contains(text),
    };
    let constrained = columns
        .iter()
        .filter(|column| !column.values().is_empty())
        .count();
    let of_these = columns
        .iter()
        .zip(texts)
        .filter(|(column, _)| !column.values().is_empty());
    let fitting = of_these.clone().filter(|cell| fits(*cell)).count();
    let truths = of_these
        .filter(|(column, text)| column.values() == TRUTHS && TRUTHS.contains(*text))
        .count();
    // One cell may say something new, such as a type that no page had yet.
    let is_row =
        is_name(texts.first()?) && (fitting == constrained || (fitting + 1 >= constrained && truths > 0));
    if !is_row {
        return None;
    }
    let is_short = texts.len() == last
        || (is_strict(columns, lines, at + last) && !is_strict(columns, lines, at + columns.len()));
    let length = if is_short { last } else { columns.len() };
    let texts = texts.iter().take(length).copied().chain([""]);
    let cells = columns
        .iter()
        .zip(texts)
        .map(|(column, text)| (*column, text.to_owned()));
    Some((cells.collect(), length))
}

/// Whether a row with nothing new in it begins here.
fn is_strict(columns: &[Column], lines: &[&str], at: usize) -> bool {
    let Some(texts) = lines.get(at..at + columns.len()) else {
        return false;
    };
    let fits = |(column, text): (&Column, &&str)| match column {
        Column::Name => is_name(text),
        _ => column.values().is_empty() || column.values().contains(text),
    };
    columns.iter().zip(texts).all(fits)
}

/// The cells of a row that stand without anything between: the name ends where the other columns' values begin.
fn glued_row(columns: &[Column], line: &str) -> Option<Vec<(Column, String)>> {
    line.char_indices().skip(1).find_map(|(end, _)| {
        let (name, mut rest) = line.split_at(end);
        if !is_name(name) {
            return None;
        }
        let mut cells = vec![(Column::Name, name.to_owned())];
        for column in &columns[1..] {
            let cell = match column.values() {
                [] => rest,
                values => values
                    .iter()
                    .filter(|value| rest.starts_with(**value))
                    .max_by_key(|value| value.len())?,
            };
            rest = &rest[cell.len()..];
            cells.push((*column, cell.to_owned()));
        }
        Some(cells)
    })
}

pub(super) fn is_name(text: &str) -> bool {
    let is_first = |byte: u8| byte.is_ascii_lowercase() || byte == b'_';
    let is_part =
        |byte: u8| is_first(byte) || byte.is_ascii_digit() || matches!(byte, b'[' | b']' | b'.' | b'-');
    text.bytes().next().is_some_and(is_first) && text.bytes().all(is_part)
}
