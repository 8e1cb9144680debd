//! An example an operation, as a Python session with a `client`; the tests run each in both clients.

const EXAMPLES: [(&str, &str); 22] = [
    (
        "list_satisfaction_ratings",
        r#">>> «async »for rating in client.satisfaction_ratings.list(score="bad", start_time="2020-01-01T00:00:00Z"):
...     if rating.comment:
...         words = rating.comment.split()"#,
    ),
    (
        "count_satisfaction_ratings",
        r#">>> count = «await »client.satisfaction_ratings.count()
>>> count.value > 0
True"#,
    ),
    (
        "show_satisfaction_rating",
        r#">>> first = «await »client.satisfaction_ratings.list().first()
>>> rating = «await »client.satisfaction_ratings.show(first.id)
>>> rating == first
True"#,
    ),
    (
        "list_satisfaction_reasons",
        r#">>> reasons = «await »client.satisfaction_reasons.list().collect()
>>> texts = {reason.id: reason.value for reason in reasons}"#,
    ),
    (
        "show_satisfaction_reason",
        r#">>> first = «await »client.satisfaction_reasons.list().first()
>>> reason = «await »client.satisfaction_reasons.show(first.id)
>>> reason.value == first.value
True"#,
    ),
    (
        "list_survey_responses",
        r#">>> from datetime import datetime, timezone
>>> since = datetime(2020, 1, 1, tzinfo=timezone.utc)
>>> «async »for response in client.survey_responses.list(created_at_start=since, sort="id"):
...     if response.csat_answer is not None:
...         category = response.csat_answer.rating_category"#,
    ),
    (
        "show_survey_response",
        r#">>> first = «await »client.survey_responses.list().first()
>>> response = «await »client.survey_responses.show(first.id, locale="en-us")
>>> response.ticket_id == first.ticket_id
True"#,
    ),
    (
        "list_surveys",
        r#">>> survey = «await »client.surveys.list().first()
>>> questions = [question.headline for question in survey.questions]"#,
    ),
    (
        "export_tickets",
        r#">>> «async »for page in client.tickets.export(start_time="2020-01-01T00:00:00Z").pages():
...     subjects = {ticket.id: ticket.subject for ticket in page.items}
...     kept_for_the_next_run = page.cursor"#,
    ),
    (
        "export_tickets_by_time",
        r#">>> ticket = «await »client.tickets.export_by_time(start_time="2020-01-01T00:00:00Z").first()
>>> ticket.status in ("new", "open", "pending", "hold", "solved", "closed", "deleted")
True"#,
    ),
    (
        "list_ticket_audits",
        r#">>> ticket = «await »client.tickets.export(start_time="2020-01-01T00:00:00Z").first()
>>> «async »for audit in client.tickets.audits(ticket.id):
...     types = [event.type for event in audit.events]"#,
    ),
    (
        "show_many_tickets",
        r#">>> exported = «await »client.tickets.export(start_time="2020-01-01T00:00:00Z").first()
>>> [ticket.id == exported.id «async »for ticket in client.tickets.show_many([exported.id])]
[True]"#,
    ),
    (
        "list_groups",
        r#">>> groups = «await »client.groups.list(exclude_deleted=False).collect()
>>> former = [group.name for group in groups if group.deleted]"#,
    ),
    (
        "list_users",
        r#">>> agents = «await »client.users.list(role=["agent", "admin"]).collect()
>>> names = {agent.id: agent.name for agent in agents}"#,
    ),
    (
        "show_many_users",
        r#">>> me = «await »client.users.me()
>>> [user.name == me.name «async »for user in client.users.show_many([me.id])]
[True]"#,
    ),
    (
        "show_current_user",
        r#">>> me = «await »client.users.me()
>>> me.id is not None, me.role
(True, 'admin')"#,
    ),
    (
        "list_brands",
        r#">>> brands = «await »client.brands.list().collect()
>>> in_use = [brand.name for brand in brands if brand.active]"#,
    ),
    (
        "list_ticket_forms",
        r#">>> forms = «await »client.ticket_forms.list().collect()
>>> names = {form.id: form.name for form in forms}"#,
    ),
    (
        "show_many_organizations",
        r#">>> tickets = «await »client.tickets.export(start_time="2020-01-01T00:00:00Z").collect()
>>> ids = {ticket.organization_id for ticket in tickets if ticket.organization_id is not None}
>>> names = {found.id: found.name «async »for found in client.organizations.show_many(ids)}
>>> names.keys() == ids
True"#,
    ),
    (
        "create_satisfaction_rating",
        r#">>> def rate(customer, ticket_id):
...     return customer.satisfaction_ratings.create(ticket_id, score="good", comment="Quick, thanks!")"#,
    ),
    (
        "create_survey_response",
        r#">>> survey = «await »client.surveys.list().first()
>>> earlier = «await »client.survey_responses.list().first()
>>> offered = «await »client.survey_responses.create(
...     survey_id=survey.id, responder_id=earlier.responder_id, subject_zrns=earlier.subject_zrns
... )
>>> offered.links.url_path
Secret('...')"#,
    ),
    (
        "submit_survey_response",
        r#">>> survey = «await »client.surveys.list().first()
>>> earlier = «await »client.survey_responses.list().first()
>>> offered = «await »client.survey_responses.create(
...     survey_id=survey.id, responder_id=earlier.responder_id, subject_zrns=earlier.subject_zrns
... )
>>> token = offered.links.url_path.expose().partition("access_token=")[2]
>>> rating = {"type": "rating_scale", "question_id": survey.questions[0].id, "rating": 5}
>>> response = «await »client.survey_responses.submit(offered.id, answers=[rating], access_token=token)
>>> response.csat_answer.rating
5"#,
    ),
];

/// The example of an operation.
pub(crate) fn of(operation: &str) -> Option<&'static str> {
    EXAMPLES
        .iter()
        .find(|(known, _)| *known == operation)
        .map(|(_, example)| *example)
}

const RAW_RESPONSES: [(&str, &str); 10] = [
    (
        "satisfaction_ratings",
        r#">>> answer = «await »client.satisfaction_ratings.with_raw_response.count()
>>> answer.status, answer.headers["Content-Type"].partition(";")[0], answer.parse().value > 0
(200, 'application/json', True)"#,
    ),
    (
        "satisfaction_reasons",
        r#">>> first = «await »client.satisfaction_reasons.list().first()
>>> answer = «await »client.satisfaction_reasons.with_raw_response.show(first.id)
>>> answer.status, answer.parse().id == first.id
(200, True)"#,
    ),
    (
        "survey_responses",
        r#">>> first = «await »client.survey_responses.list().first()
>>> answer = «await »client.survey_responses.with_raw_response.show(first.id)
>>> answer.attempts, answer.parse().id == first.id
(1, True)"#,
    ),
    (
        "surveys",
        r#">>> answer = «await »client.surveys.with_raw_response.list()
>>> answer.status, len(answer.parse().items) > 0
(200, True)"#,
    ),
    (
        "tickets",
        r#">>> answer = «await »client.tickets.with_raw_response.export(start_time="2020-01-01T00:00:00Z", page_size=100)
>>> page = answer.parse()
>>> answer.headers["Content-Type"].partition(";")[0], page.has_more
('application/json', True)"#,
    ),
    (
        "groups",
        r#">>> answer = «await »client.groups.with_raw_response.list()
>>> answer.status, len(answer.parse().items) > 0
(200, True)"#,
    ),
    (
        "users",
        r#">>> answer = «await »client.users.with_raw_response.me()
>>> answer.status, answer.parse().role
(200, 'admin')"#,
    ),
    (
        "brands",
        r#">>> answer = «await »client.brands.with_raw_response.list()
>>> answer.status, len(answer.parse().items) > 0
(200, True)"#,
    ),
    (
        "ticket_forms",
        r#">>> answer = «await »client.ticket_forms.with_raw_response.list()
>>> answer.status, len(answer.parse().items) > 0
(200, True)"#,
    ),
    (
        "organizations",
        r#">>> answer = «await »client.organizations.with_raw_response.show_many([1])
>>> answer.status, answer.parse().items
(200, [])"#,
    ),
];

/// The example of a resource's calls that answer with status and headers as well.
pub(crate) fn of_raw_responses(resource: &str) -> Option<&'static str> {
    RAW_RESPONSES
        .iter()
        .find(|(known, _)| *known == resource)
        .map(|(_, example)| *example)
}
