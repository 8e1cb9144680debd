//! `plan`: what a sync will take.

use crate::arguments::Plan;
use crate::exit::Failure;
use crate::output;
use zendesk_csat_history::History;

pub(crate) async fn run(arguments: Plan) -> Result<(), Failure> {
    let Plan {
        history,
        what,
        output,
        connection,
    } = arguments;
    let client = connection.client()?;
    // To plan leaves no file behind.
    let history = if history.path.exists() {
        History::open(&history.path)?
    } else {
        History::open(":memory:")?
    };
    let plan = history.plan(&client, &what.into()).await?;
    if output.json {
        output::json_document(&plan)
    } else {
        output::line(plan.to_string().trim_end())
    }
}
