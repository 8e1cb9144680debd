//! Examples of classes whose records are not read from JSON, or are better shown by `match`.

/// The example of a class; none where the spec's own is shown.
pub(crate) fn of(class: &str) -> Option<&'static str> {
    EXAMPLES
        .iter()
        .find(|(known, _)| *known == class)
        .map(|(_, example)| *example)
}

const EXAMPLES: [(&str, &str); 18] = [
    (
        "RatingScaleAnswer",
        r#">>> from zendesk_csat.types import Answer, RatingScaleAnswer
>>> match Answer.from_json('{"type": "rating_scale", "rating": 4, "rating_category": "good"}'):
...     case RatingScaleAnswer(rating, rating_category):
...         print(rating, rating_category)
4 good"#,
    ),
    (
        "ClosedEndedAnswer",
        r#">>> from zendesk_csat.types import Answer, ClosedEndedAnswer
>>> match Answer.from_json('{"type": "closed_ended", "selections": [{"option_id": "01HZ3N5Q7RDD1B2C3D4E5F6G7H"}]}'):
...     case ClosedEndedAnswer(selections):
...         print([selection.option_id for selection in selections or []])
['01HZ3N5Q7RDD1B2C3D4E5F6G7H']"#,
    ),
    (
        "OpenEndedAnswer",
        r#">>> from zendesk_csat.types import Answer, OpenEndedAnswer
>>> match Answer.from_json('{"type": "open_ended", "value": "Nobody called back."}'):
...     case OpenEndedAnswer(value):
...         print(value)
Nobody called back."#,
    ),
    (
        "SkippedAnswer",
        r#">>> from zendesk_csat.types import Answer, SkippedAnswer
>>> match Answer.from_json('{"type": "skipped"}'):
...     case SkippedAnswer():
...         print("left out")
left out"#,
    ),
    (
        "UnknownAnswer",
        r#">>> from zendesk_csat.types import Answer, UnknownAnswer
>>> match Answer.from_json('{"type": "drawing", "pixels": 7}'):
...     case UnknownAnswer(type) as answer:
...         print(type, answer.extra["pixels"])
drawing 7"#,
    ),
    (
        "ChangeEvent",
        r#">>> from zendesk_csat.types import AuditEvent, ChangeEvent
>>> json = '{"id": 1, "type": "Change", "field_name": "status", "value": "solved", "previous_value": "open"}'
>>> match AuditEvent.from_json(json):
...     case ChangeEvent(field_name, value, previous_value):
...         print(field_name, previous_value, value)
status open solved"#,
    ),
    (
        "CommentEvent",
        r#">>> from zendesk_csat.types import AuditEvent, CommentEvent
>>> match AuditEvent.from_json('{"id": 1, "type": "Comment", "body": "It is on its way."}'):
...     case CommentEvent(body):
...         print(body)
It is on its way."#,
    ),
    (
        "SatisfactionRatingEvent",
        r#">>> from zendesk_csat.types import AuditEvent, SatisfactionRatingEvent
>>> json = '{"id": 1, "type": "SatisfactionRating", "score": "bad", "assignee_id": 7, "body": "Too slow"}'
>>> match AuditEvent.from_json(json):
...     case SatisfactionRatingEvent(score, assignee_id, body):
...         print(score, assignee_id, body)
bad 7 Too slow"#,
    ),
    (
        "SurveyOfferedEvent",
        r#">>> from zendesk_csat.types import AuditEvent, SurveyOfferedEvent
>>> match AuditEvent.from_json('{"id": 1, "type": "SurveyOffered", "survey_type": "CustomerSatisfaction"}'):
...     case SurveyOfferedEvent(survey_type):
...         print(survey_type)
CustomerSatisfaction"#,
    ),
    (
        "SurveyResponseSubmittedEvent",
        r#">>> from zendesk_csat.types import AuditEvent, SurveyResponseSubmittedEvent
>>> json = '{"id": 1, "type": "SurveyResponseSubmitted", "survey_response_id": "01JQ7W3M8T4K2V9XN5B6C0DEFG"}'
>>> match AuditEvent.from_json(json):
...     case SurveyResponseSubmittedEvent(survey_response_id, assigned_user_id):
...         print(survey_response_id, assigned_user_id)
01JQ7W3M8T4K2V9XN5B6C0DEFG None"#,
    ),
    (
        "OtherEvent",
        r#">>> from zendesk_csat.types import AuditEvent, OtherEvent
>>> match AuditEvent.from_json('{"id": 1, "type": "Notification"}'):
...     case OtherEvent(type):
...         print(type)
Notification"#,
    ),
    (
        "CreatedSurveyResponse",
        r#">>> survey = client.surveys.list().first()
>>> earlier = client.survey_responses.list().first()
>>> offered = client.survey_responses.create(
...     survey_id=survey.id, responder_id=earlier.responder_id, subject_zrns=earlier.subject_zrns
... )
>>> offered.links.url_path.expose().startswith("/hc/")
True"#,
    ),
    (
        "SurveyResponseLinks",
        r#">>> survey = client.surveys.list().first()
>>> earlier = client.survey_responses.list().first()
>>> offered = client.survey_responses.create(
...     survey_id=survey.id, responder_id=earlier.responder_id, subject_zrns=earlier.subject_zrns
... )
>>> offered.links.url_path, [link.rating for link in offered.links.rating_links]
(Secret('...'), [1, 2, 3, 4, 5])"#,
    ),
    (
        "RatingLink",
        r#">>> survey = client.surveys.list().first()
>>> earlier = client.survey_responses.list().first()
>>> offered = client.survey_responses.create(
...     survey_id=survey.id, responder_id=earlier.responder_id, subject_zrns=earlier.subject_zrns
... )
>>> best = offered.links.rating_links[-1]
>>> best.rating, best.url_path
(5, Secret('...'))"#,
    ),
    (
        "EmojiRatingLinks",
        r#">>> from zendesk_csat.types import EmojiRatingLinks
>>> earlier = client.survey_responses.list().first()
>>> for survey in client.surveys.list():
...     if survey.state == "enabled":
...         offered = client.survey_responses.create(
...             survey_id=survey.id, responder_id=earlier.responder_id, subject_zrns=earlier.subject_zrns
...         )
...         match offered.links:
...             case EmojiRatingLinks(rating_links):
...                 print([link.emoji.value for link in rating_links])
['😞', '🙁', '😐', '🙂', '😀']"#,
    ),
    (
        "NumericRatingLinks",
        r#">>> from zendesk_csat.types import NumericRatingLinks
>>> earlier = client.survey_responses.list().first()
>>> for survey in client.surveys.list():
...     if survey.state == "enabled":
...         offered = client.survey_responses.create(
...             survey_id=survey.id, responder_id=earlier.responder_id, subject_zrns=earlier.subject_zrns
...         )
...         match offered.links:
...             case NumericRatingLinks(rating_links):
...                 print([link.rating for link in rating_links])"#,
    ),
    (
        "CustomTextRatingLinks",
        r#">>> from zendesk_csat.types import CustomTextRatingLinks
>>> earlier = client.survey_responses.list().first()
>>> for survey in client.surveys.list():
...     if survey.state == "enabled":
...         offered = client.survey_responses.create(
...             survey_id=survey.id, responder_id=earlier.responder_id, subject_zrns=earlier.subject_zrns
...         )
...         match offered.links:
...             case CustomTextRatingLinks(rating_links):
...                 print([link.label.value for link in rating_links])
['👎 Bad', 'Fine', '👍 Good']"#,
    ),
    (
        "OtherRatingLinks",
        r#">>> from zendesk_csat.types import OtherRatingLinks
>>> survey = client.surveys.list().first()
>>> earlier = client.survey_responses.list().first()
>>> offered = client.survey_responses.create(
...     survey_id=survey.id, responder_id=earlier.responder_id, subject_zrns=earlier.subject_zrns
... )
>>> isinstance(offered.links, OtherRatingLinks)
False"#,
    ),
];
