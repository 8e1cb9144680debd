-- The one table, with times as RFC 3339 text in UTC.
CREATE VIEW csat AS
SELECT
    subdomain,
    source,
    id,
    ticket_id,
    requester_id,
    assignee_id,
    group_id,
    attribution,
    strftime('%Y-%m-%dT%H:%M:%fZ', sent_at / 1000.0, 'unixepoch') AS sent_at,
    strftime('%Y-%m-%dT%H:%M:%fZ', rated_at / 1000.0, 'unixepoch') AS rated_at,
    strftime('%Y-%m-%dT%H:%M:%fZ', expires_at / 1000.0, 'unixepoch') AS expires_at,
    score,
    rating,
    scale,
    reason,
    reason_id,
    comment,
    survey_id,
    survey_version,
    locale,
    ticket_subject,
    ticket_status
FROM csat_ms;
