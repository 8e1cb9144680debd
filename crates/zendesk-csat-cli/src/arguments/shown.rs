//! How `report` is shown, and what it ends with.

use clap::Args;
use std::path::PathBuf;

/// How many comments of each agent a page holds unless told otherwise.
const COMMENTS: usize = 50;
/// How many of the latest bad comments.
const BAD_COMMENTS: usize = 20;

#[derive(Debug, Args)]
pub(crate) struct Shown {
    /// Print the report as JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Print the report in GitHub's Markdown, for a chat or a mail; without comments
    #[arg(long, conflicts_with = "json")]
    pub(crate) markdown: bool,
    /// Write the report as a page, too
    #[arg(long, value_name = "FILE", value_parser = file)]
    pub(crate) html: Option<PathBuf>,
    /// Write the report as a workbook for Excel, too
    #[arg(long, value_name = "FILE", value_parser = file)]
    pub(crate) xlsx: Option<PathBuf>,
    /// Open the page in the browser: the file of --html, or a new one in the folder for temporary files
    #[arg(long)]
    pub(crate) open: bool,
    /// How many of the latest comments of each agent the page has: 50 if not said, never more than 5,000 together, and
    /// with 0 no comment at all; if said, --json has them, too
    #[arg(long, value_name = "N")]
    comments: Option<usize>,
    /// End with exit code 8 if the score fell by so many points or more, significantly
    #[arg(long, value_name = "POINTS", value_parser = points)]
    pub(crate) fail_if_drop: Option<f64>,
}

impl Shown {
    /// Where nobody will see them, they are not read.
    pub(crate) fn comments(&self) -> usize {
        let is_page = self.open || self.html.is_some();
        self.comments.unwrap_or(if is_page { COMMENTS } else { 0 })
    }

    pub(crate) fn bad_comments(&self) -> usize {
        if self.comments == Some(0) { 0 } else { BAD_COMMENTS }
    }
}

fn points(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(points) if points > 0.0 && points <= 100.0 => Ok(points),
        _ => Err("expected a number of points above 0, such as 3 or 2.5".to_owned()),
    }
}

/// A file beside what is printed: `-` is none.
fn file(text: &str) -> Result<PathBuf, String> {
    if text == super::STANDARD_OUTPUT {
        return Err("the report itself goes to standard output: name a file".to_owned());
    }
    Ok(PathBuf::from(text))
}
