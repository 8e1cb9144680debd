//! A table as Arrow record batches, read while they are taken.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use arrow_array::builder::{
    ArrayBuilder, BooleanBuilder, Int64Builder, ListBuilder, StringBuilder, StructBuilder,
    TimestampMillisecondBuilder,
};
use arrow_array::{ArrayRef, RecordBatch, RecordBatchReader};
use arrow_schema::{ArrowError, DataType, Field, Fields, Schema, SchemaRef, TimeUnit};
use rusqlite::types::{Type, Value, ValueRef};
use rusqlite::{Connection, InterruptHandle, params_from_iter};

use super::table::{Column, ColumnType, Table, select};
use crate::csat::{self, Checked, CsatQuery, CsatReason};
use crate::error::HistoryError;
use crate::store::History;
use crate::store::still::Still;

/// Rows of a full batch.
const BATCH_ROWS: usize = 8_192;

/// Batches that wait to be taken: enough that reader and taker need not take turns.
const BATCHES_AHEAD: usize = 2;

/// A table as Arrow record batches of some thousand rows; see [`History::batches`].
///
/// The rows are those of one moment, whatever is written meanwhile. They are read by a thread of its own, which ends
/// with this.
pub struct Batches {
    schema: SchemaRef,
    /// None once it has failed or is dropped.
    batches: Option<Receiver<Result<RecordBatch, HistoryError>>>,
    reader: Option<JoinHandle<()>>,
    interrupt: InterruptHandle,
}

impl History {
    /// The one table as Arrow record batches, in the order of [`History::csat`]: typed, nullable, times in UTC.
    ///
    /// It reads by a connection of its own, a batch at a time: memory does not grow with the table.
    ///
    /// ```
    /// use arrow_array::RecordBatchReader;
    /// use zendesk_csat_history::{CsatQuery, History};
    ///
    /// let history = History::open(":memory:")?;
    /// let batches = history.csat_batches(&CsatQuery::default())?;
    /// assert_eq!(batches.schema().field(0).name(), "subdomain");
    /// for batch in batches {
    ///     println!("{} rows", batch?.num_rows());
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// The file cannot be read. A failure while it is read is the last item, as [`ArrowError::ExternalError`].
    pub fn csat_batches(&self, query: &CsatQuery) -> Result<Batches, HistoryError> {
        self.batches(Table::Csat, query)
    }

    /// A table as Arrow record batches; see [`History::csat_batches`].
    ///
    /// # Errors
    /// The file cannot be read or does not have the account, or the query bounds a time that the table does not have.
    pub fn batches(&self, table: Table, query: &CsatQuery) -> Result<Batches, HistoryError> {
        if table.asked_at().is_none() && query.is_bounded() {
            return Err(HistoryError::NotInTime { table });
        }
        if table != Table::Csat && !query.filter.is_empty() {
            return Err(HistoryError::NotFiltered { table });
        }
        let query = self.checked(query)?;
        let (connection, still) = self.second_connection()?;
        Batches::read(connection, still, self.path(), table, &query)
    }
}

/// The schema of a table's batches.
pub(super) fn schema(table: Table) -> SchemaRef {
    let field = |column: &Column| {
        let data_type = match column.kind {
            ColumnType::Text | ColumnType::Object => DataType::Utf8,
            ColumnType::Integer => DataType::Int64,
            ColumnType::Time => DataType::Timestamp(TimeUnit::Millisecond, Some(UTC.into())),
            ColumnType::Boolean => DataType::Boolean,
            ColumnType::Texts => DataType::List(Arc::new(text_field())),
            ColumnType::Reasons => DataType::List(Arc::new(reason_field())),
        };
        Field::new(column.name, data_type, column.nullable)
    };
    Arc::new(Schema::new(table.columns().iter().map(field).collect::<Vec<_>>()))
}

fn text_field() -> Field {
    Field::new("item", DataType::Utf8, false)
}

/// The properties of a reason.
fn reason_fields() -> Fields {
    Fields::from(vec![
        Field::new("id", DataType::Utf8, false),
        Field::new("label", DataType::Utf8, true),
    ])
}

fn reason_field() -> Field {
    Field::new("item", DataType::Struct(reason_fields()), false)
}

const UTC: &str = "UTC";

impl Batches {
    fn read(
        connection: Connection,
        still: Option<Still>,
        path: &Path,
        table: Table,
        query: &Checked,
    ) -> Result<Self, HistoryError> {
        let schema = schema(table);
        let (sql, bounds) = select(table, query);
        // What is wrong with the file or the statement shows here and not in the first batch.
        connection
            .prepare(&sql)
            .map_err(|source| HistoryError::from_sqlite(path, source))?;
        let interrupt = connection.get_interrupt_handle();
        let (sender, batches) = sync_channel(BATCHES_AHEAD);
        let work = Work {
            connection,
            sql,
            bounds,
            columns: table.columns(),
            schema: Arc::clone(&schema),
        };
        let path = path.to_path_buf();
        let reader = std::thread::Builder::new()
            .name(format!("read {table}"))
            .spawn(move || {
                let read = work
                    .send_all(&sender)
                    .map_err(|source| HistoryError::from_sqlite(&path, source));
                let read = match still {
                    Some(still) if !still.is_still() => Err(HistoryError::Changed { path }),
                    _ => read,
                };
                if let Err(error) = read {
                    // Whoever has dropped the batches does not want to hear of it.
                    let _ = sender.send(Err(error));
                }
            })
            .map_err(|source| HistoryError::Thread { source })?;
        Ok(Self {
            schema,
            batches: Some(batches),
            reader: Some(reader),
            interrupt,
        })
    }

    /// The next batch, with what went wrong as this crate says it.
    pub(super) fn next_batch(&mut self) -> Option<Result<RecordBatch, HistoryError>> {
        let next = self.batches.as_ref()?.recv().ok();
        if !matches!(next, Some(Ok(_))) {
            self.batches = None;
        }
        next
    }
}

impl Iterator for Batches {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        let next = self.next_batch()?;
        Some(next.map_err(|error| ArrowError::ExternalError(Box::new(error))))
    }
}

impl RecordBatchReader for Batches {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }
}

impl Drop for Batches {
    fn drop(&mut self) {
        // A reader that waits to hand over a batch sees that nobody takes it; one that sorts is interrupted.
        self.batches = None;
        self.interrupt.interrupt();
        if let Some(reader) = self.reader.take() {
            // It may have panicked: that is no reason for the one who drops this to panic.
            let _ = reader.join();
        }
    }
}

impl fmt::Debug for Batches {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Batches")
            .field("schema", &self.schema)
            .finish_non_exhaustive()
    }
}

/// What the reading thread has.
struct Work {
    connection: Connection,
    sql: String,
    bounds: Vec<Value>,
    columns: &'static [Column],
    schema: SchemaRef,
}

impl Work {
    fn send_all(&self, sender: &SyncSender<Result<RecordBatch, HistoryError>>) -> rusqlite::Result<()> {
        let mut statement = self.connection.prepare(&self.sql)?;
        let mut rows = statement.query(params_from_iter(&self.bounds))?;
        let mut builders: Vec<Builder> = self
            .columns
            .iter()
            .map(|column| Builder::new(column.kind))
            .collect();
        let mut filled = 0;
        loop {
            let row = rows.next()?;
            if let Some(row) = row {
                for (index, (column, builder)) in self.columns.iter().zip(&mut builders).enumerate() {
                    builder.push(index, column, row.get_ref(index)?)?;
                }
                filled += 1;
            }
            let is_last = row.is_none();
            if filled == BATCH_ROWS || (is_last && filled > 0) {
                let arrays = builders.iter_mut().map(Builder::finish).collect();
                let batch = RecordBatch::try_new(Arc::clone(&self.schema), arrays)
                    .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?;
                if sender.send(Ok(batch)).is_err() {
                    return Ok(());
                }
                filled = 0;
            }
            if is_last {
                return Ok(());
            }
        }
    }
}

/// The values of a column that are not yet in a batch.
enum Builder {
    Text(StringBuilder),
    Integer(Int64Builder),
    Time(TimestampMillisecondBuilder),
    Boolean(BooleanBuilder),
    Texts(ListBuilder<StringBuilder>),
    Reasons(ListBuilder<StructBuilder>),
}

impl Builder {
    fn new(kind: ColumnType) -> Self {
        match kind {
            ColumnType::Text | ColumnType::Object => Self::Text(StringBuilder::new()),
            ColumnType::Integer => Self::Integer(Int64Builder::with_capacity(BATCH_ROWS)),
            ColumnType::Time => {
                Self::Time(TimestampMillisecondBuilder::with_capacity(BATCH_ROWS).with_timezone(UTC))
            }
            ColumnType::Boolean => Self::Boolean(BooleanBuilder::with_capacity(BATCH_ROWS)),
            ColumnType::Texts => Self::Texts(
                ListBuilder::with_capacity(StringBuilder::new(), BATCH_ROWS).with_field(text_field()),
            ),
            ColumnType::Reasons => {
                let reason = StructBuilder::new(
                    reason_fields(),
                    vec![Box::new(StringBuilder::new()), Box::new(StringBuilder::new())],
                );
                Self::Reasons(ListBuilder::with_capacity(reason, BATCH_ROWS).with_field(reason_field()))
            }
        }
    }

    fn push(&mut self, index: usize, column: &Column, value: ValueRef<'_>) -> rusqlite::Result<()> {
        match (self, value) {
            (Self::Text(builder), ValueRef::Null) => builder.append_null(),
            (Self::Integer(builder), ValueRef::Null) => builder.append_null(),
            (Self::Time(builder), ValueRef::Null) => builder.append_null(),
            (Self::Boolean(builder), ValueRef::Null) => builder.append_null(),
            (Self::Texts(builder), ValueRef::Null) => builder.append_null(),
            (Self::Reasons(builder), ValueRef::Null) => builder.append_null(),
            (Self::Text(builder), ValueRef::Text(text)) => {
                let text = std::str::from_utf8(text).map_err(|error| {
                    let error = format!("{}: {error}", column.name);
                    rusqlite::Error::FromSqlConversionFailure(index, Type::Text, error.into())
                })?;
                builder.append_value(text);
            }
            (Self::Integer(builder), ValueRef::Integer(number)) => builder.append_value(number),
            (Self::Time(builder), ValueRef::Integer(milliseconds)) => builder.append_value(milliseconds),
            (Self::Boolean(builder), ValueRef::Integer(number)) => builder.append_value(number != 0),
            (Self::Texts(builder), ValueRef::Text(json)) => {
                for text in read_list(index, column, json, csat::read_texts)? {
                    builder.values().append_value(text);
                }
                builder.append(true);
            }
            (Self::Reasons(builder), ValueRef::Text(json)) => {
                append(builder, &read_list(index, column, json, csat::read_reasons)?);
            }
            (_, other) => {
                let name = column.name.to_owned();
                return Err(rusqlite::Error::InvalidColumnType(index, name, other.data_type()));
            }
        }
        Ok(())
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Text(builder) => ArrayBuilder::finish(builder),
            Self::Integer(builder) => ArrayBuilder::finish(builder),
            Self::Time(builder) => ArrayBuilder::finish(builder),
            Self::Boolean(builder) => ArrayBuilder::finish(builder),
            Self::Texts(builder) => ArrayBuilder::finish(builder),
            Self::Reasons(builder) => ArrayBuilder::finish(builder),
        }
    }
}

/// A list, which SQLite has as JSON.
fn read_list<T>(
    index: usize,
    column: &Column,
    json: &[u8],
    read: fn(&str) -> serde_json::Result<Vec<T>>,
) -> rusqlite::Result<Vec<T>> {
    let list = std::str::from_utf8(json)
        .map_err(|error| error.to_string())
        .and_then(|json| read(json).map_err(|error| error.to_string()));
    list.map_err(|error| {
        let error = format!("{}: {error}", column.name);
        rusqlite::Error::FromSqlConversionFailure(index, Type::Text, error.into())
    })
}

fn append(builder: &mut ListBuilder<StructBuilder>, reasons: &[CsatReason]) {
    for reason in reasons {
        let fields = builder.values();
        for (place, text) in [Some(reason.id.as_str()), reason.label.as_deref()]
            .into_iter()
            .enumerate()
        {
            if let Some(field) = fields.field_builder::<StringBuilder>(place) {
                field.append_option(text);
            }
        }
        fields.append(true);
    }
    builder.append(true);
}
