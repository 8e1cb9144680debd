-- The one table, with times in milliseconds since the Unix epoch.
--
-- A ticket is looked up only where the row needs it: a rating that knows its agent or group does not. Most answers have
-- one reason, which needs no list.
--
-- Rows begin at the account's `since`; what is stored from before it tells which ratings are copies.
--
-- A column has the same affinity in both halves: only then does SQLite bring the conditions of a query into them.
CREATE VIEW csat_ms AS
SELECT
    a.subdomain AS subdomain,
    'rating' AS source,
    CAST(r.id AS TEXT) AS id,
    r.ticket_id AS ticket_id,
    r.requester_id AS requester_id,
    CAST(CASE WHEN r.assignee_id IS NOT NULL OR r.group_id IS NOT NULL THEN r.assignee_id ELSE (
        SELECT assignee_id FROM tickets WHERE tickets.account_id = r.account_id AND tickets.id = r.ticket_id
    ) END AS INTEGER) AS assignee_id,
    CAST(CASE WHEN r.assignee_id IS NOT NULL OR r.group_id IS NOT NULL THEN r.group_id ELSE (
        SELECT group_id FROM tickets WHERE tickets.account_id = r.account_id AND tickets.id = r.ticket_id
    ) END AS INTEGER) AS group_id,
    CASE
        WHEN r.assignee_id IS NOT NULL OR r.group_id IS NOT NULL THEN 'rating'
        WHEN t.assignee_id IS NOT NULL OR t.group_id IS NOT NULL THEN 'ticket'
    END AS attribution,
    r.created_at AS sent_at,
    CAST(CASE WHEN r.score IN ('good', 'bad') THEN coalesce(r.updated_at, r.created_at) END AS INTEGER) AS rated_at,
    CAST(NULL AS INTEGER) AS expires_at,
    CAST(CASE WHEN r.score IN ('good', 'bad') THEN r.score END AS TEXT) AS score,
    CAST(NULL AS INTEGER) AS rating,
    CAST(NULL AS INTEGER) AS scale,
    CAST(coalesce(r.reason, reasons.value) AS TEXT) AS reason,
    CAST(r.reason_id AS TEXT) AS reason_id,
    CAST(nullif(r.comment, '') AS TEXT) AS comment,
    CAST(NULL AS TEXT) AS survey_id,
    CAST(NULL AS INTEGER) AS survey_version,
    CAST(NULL AS TEXT) AS locale,
    t.subject AS ticket_subject,
    t.status AS ticket_status,
    t.channel AS channel
FROM ratings AS r
JOIN accounts AS a ON a.id = r.account_id
LEFT JOIN tickets AS t ON t.account_id = r.account_id AND t.id = r.ticket_id
LEFT JOIN reasons ON reasons.account_id = r.account_id AND reasons.id = r.reason_id
WHERE r.mirror = 0
    AND r.score IN ('offered', 'good', 'bad')
    AND coalesce(r.created_at >= a.since, true)
UNION ALL
SELECT
    a.subdomain,
    'survey',
    s.id,
    s.ticket_id,
    s.responder_id,
    CAST(
        CASE WHEN s.audit_assignee_id IS NULL AND s.audit_group_id IS NULL THEN t.assignee_id ELSE s.audit_assignee_id END
        AS INTEGER
    ),
    CAST(
        CASE WHEN s.audit_assignee_id IS NULL AND s.audit_group_id IS NULL THEN t.group_id ELSE s.audit_group_id END
        AS INTEGER
    ),
    CASE
        WHEN s.audit_assignee_id IS NOT NULL OR s.audit_group_id IS NOT NULL THEN 'audit'
        WHEN t.assignee_id IS NOT NULL OR t.group_id IS NOT NULL THEN 'ticket'
    END,
    s.sent_at,
    s.rated_at,
    s.expires_at,
    s.score,
    s.rating,
    q.option_count,
    CAST(CASE
        WHEN s.reason_option_ids IS NULL THEN NULL
        WHEN json_array_length(s.reason_option_ids) = 1 THEN (
            SELECT nullif(o.label, '')
            FROM options AS o
            WHERE o.account_id = s.account_id
                AND o.survey_id = s.survey_id
                AND o.survey_version = s.survey_version
                AND o.locale = a.locale
                AND o.question_id = s.reason_question_id
                AND o.id = s.reason_option_ids ->> 0
        )
        ELSE (
            SELECT nullif(group_concat(label, '; '), '')
            FROM (
                SELECT o.label AS label
                FROM json_each(s.reason_option_ids) AS chosen
                JOIN options AS o
                    ON o.account_id = s.account_id
                    AND o.survey_id = s.survey_id
                    AND o.survey_version = s.survey_version
                    AND o.locale = a.locale
                    AND o.question_id = s.reason_question_id
                    AND o.id = chosen.value
                WHERE o.label <> ''
                ORDER BY chosen.key
            )
        )
    END AS TEXT),
    CAST(CASE
        WHEN s.reason_option_ids IS NULL THEN NULL
        WHEN json_array_length(s.reason_option_ids) = 1 THEN nullif(s.reason_option_ids ->> 0, '')
        ELSE (
            SELECT nullif(group_concat(value, '; '), '')
            FROM (SELECT value FROM json_each(s.reason_option_ids) ORDER BY key)
        )
    END AS TEXT),
    s.comment,
    s.survey_id,
    s.survey_version,
    CAST(CASE WHEN q.option_count IS NOT NULL THEN q.locale END AS TEXT),
    t.subject,
    t.status,
    t.channel
FROM survey_responses AS s
JOIN accounts AS a ON a.id = s.account_id
LEFT JOIN tickets AS t ON t.account_id = s.account_id AND t.id = s.ticket_id
LEFT JOIN questions AS q
    ON q.account_id = s.account_id
    AND q.survey_id = s.survey_id
    AND q.survey_version = s.survey_version
    AND q.locale = a.locale
    AND q.id = s.csat_question_id
WHERE coalesce(s.sent_at >= a.since, true);
