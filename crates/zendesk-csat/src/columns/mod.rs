//! Bulk pages as columns: decoded straight into a few buffers, from which rows are views.
//!
//! A report over a whole account reads a few properties of very many records. As columns they cost no
//! allocation a record, and a column of numbers is a slice.
//!
//! ```
//! # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
//! # let zendesk = zendesk_csat_emulator::Emulator::builder().seed(7).tickets(50).start()?;
//! # let account = zendesk.account();
//! # let client = zendesk_csat::Client::builder(&account.subdomain).base_url(zendesk.base_url())
//! #     .credentials(zendesk_csat::Credentials::oauth_token(account.oauth_token.as_str())).build()?;
//! use futures::TryStreamExt;
//! use zendesk_csat::types::RatingScore;
//!
//! let mut pages = client.satisfaction_ratings().list().columns();
//! let (mut good, mut rated) = (0, 0);
//! while let Some(page) = pages.try_next().await? {
//!     for row in page.rows() {
//!         match row.score() {
//!             Some(RatingScore::Good) => (good, rated) = (good + 1, rated + 1),
//!             Some(RatingScore::Bad) => rated += 1,
//!             _ => {}
//!         }
//!     }
//! }
//! println!("{good} of {rated}");
//! # assert!(rated > 0);
//! # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#[cfg(feature = "arrow")]
mod arrow;
mod buffers;
mod declare;
mod page;
mod read;
mod satisfaction_ratings;
mod survey_responses;
mod tickets;

#[cfg(feature = "arrow")]
pub use ::arrow_array::RecordBatch;
#[cfg(feature = "arrow")]
pub use ::arrow_schema::{ArrowError, SchemaRef};
pub use buffers::{Integers, TextList, TextLists, Texts, Times};
pub use page::ColumnPage;
pub use satisfaction_ratings::{SatisfactionRatingColumns, SatisfactionRatingRow};
pub use survey_responses::{SurveyResponseColumns, SurveyResponseRow};
pub use tickets::{TicketColumns, TicketRow};

/// One column of a page.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Column<'a> {
    /// Whole numbers.
    Integers(&'a Integers),
    /// Times, in UTC.
    Times(&'a Times),
    /// Texts.
    Texts(&'a Texts),
    /// Lists of texts.
    TextLists(&'a TextLists),
}

/// The columns of a page of records of one kind.
pub trait Columns: Default + Send + Sync + 'static {
    /// A record as a view of its columns.
    type Row<'a>;

    /// The names of the columns, in their order.
    const NAMES: &'static [&'static str];

    /// How many records there are.
    fn len(&self) -> usize;

    /// Whether there is no record.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The record in this row, counted from 0.
    fn row(&self, row: usize) -> Option<Self::Row<'_>>;

    /// The column of this name.
    fn column(&self, name: &str) -> Option<Column<'_>>;

    /// The columns as a batch of Arrow's arrays, which take the buffers over.
    ///
    /// # Errors
    /// Arrow's, where it does not accept the buffers.
    #[cfg(feature = "arrow")]
    fn into_record_batch(self) -> Result<RecordBatch, ArrowError>;

    /// The schema of such batches: every page has the same.
    #[cfg(feature = "arrow")]
    fn schema() -> SchemaRef;
}
