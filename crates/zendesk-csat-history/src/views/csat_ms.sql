-- The one table, with times in milliseconds since the Unix epoch.
--
-- A ticket is looked up only where the row needs it: a rating that knows its agent or group does not. Most answers have
-- one reason, which needs no list.
--
-- Names are looked up only where they are asked for. A name of an account that is no part of an address leads nowhere.
--
-- Rows begin at the account's `since`; what is stored from before it tells which ratings are copies.
--
-- A column has the same affinity in both halves: only then does SQLite bring the conditions of a query into them.
SELECT
    a.subdomain AS subdomain,
    CAST('rating' AS TEXT) AS source,
    CAST(r.id AS TEXT) AS id,
    CAST(r.ticket_id AS INTEGER) AS ticket_id,
    r.requester_id AS requester_id,
    CAST(CASE WHEN r.assignee_id IS NOT NULL OR r.group_id IS NOT NULL THEN r.assignee_id ELSE (
        SELECT assignee_id FROM tickets WHERE tickets.account_id = r.account_id AND tickets.id = r.ticket_id
    ) END AS INTEGER) AS assignee_id,
    CAST(CASE WHEN r.assignee_id IS NOT NULL OR r.group_id IS NOT NULL THEN r.group_id ELSE (
        SELECT group_id FROM tickets WHERE tickets.account_id = r.account_id AND tickets.id = r.ticket_id
    ) END AS INTEGER) AS group_id,
    CAST(CASE
        WHEN r.assignee_id IS NOT NULL OR r.group_id IS NOT NULL THEN 'rating'
        WHEN t.assignee_id IS NOT NULL OR t.group_id IS NOT NULL THEN 'ticket'
    END AS TEXT) AS attribution,
    r.created_at AS sent_at,
    CAST(CASE WHEN r.score <> 'offered' THEN coalesce(r.updated_at, r.created_at) END AS INTEGER) AS rated_at,
    CAST(NULL AS INTEGER) AS expires_at,
    CAST(nullif(r.score, 'offered') AS TEXT) AS score,
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
    CAST(CASE
        WHEN r.reason_id IS NULL OR reasons.reason_code = 0 THEN '[]'
        ELSE json_array(json_object(
            'id', CAST(r.reason_id AS TEXT),
            'label', coalesce(reasons.value, r.reason)
        ))
    END AS TEXT) AS reasons,
    r.first_rated_at AS first_rated_at,
    r.is_latest AS is_latest,
    r.is_offer AS is_offer,
    CAST((
        SELECT name FROM agents WHERE agents.account_id = r.account_id AND agents.id = CASE
            WHEN r.assignee_id IS NOT NULL OR r.group_id IS NOT NULL THEN r.assignee_id
            ELSE t.assignee_id
        END
    ) AS TEXT) AS agent,
    CAST((
        SELECT name FROM groups WHERE groups.account_id = r.account_id AND groups.id = CASE
            WHEN r.assignee_id IS NOT NULL OR r.group_id IS NOT NULL THEN r.group_id
            ELSE t.group_id
        END
    ) AS TEXT) AS "group",
    CAST(t.brand_id AS INTEGER) AS brand_id,
    CAST((
        SELECT name FROM brands WHERE brands.account_id = r.account_id AND brands.id = t.brand_id
    ) AS TEXT) AS brand,
    CAST(t.organization_id AS INTEGER) AS organization_id,
    CAST((
        SELECT name FROM organizations
        WHERE organizations.account_id = r.account_id AND organizations.id = t.organization_id
    ) AS TEXT) AS organization,
    CAST(t.ticket_form_id AS INTEGER) AS ticket_form_id,
    CAST((
        SELECT name FROM ticket_forms WHERE ticket_forms.account_id = r.account_id AND ticket_forms.id = t.ticket_form_id
    ) AS TEXT) AS ticket_form,
    t.priority AS priority,
    t.tags AS tags,
    t.channel AS channel,
    CAST(CASE WHEN a.subdomain <> '' AND a.subdomain NOT GLOB '*[^A-Za-z0-9-]*' THEN
        'https://' || a.subdomain || '.zendesk.com/agent/tickets/' || r.ticket_id
    END AS TEXT) AS ticket_url,
    CAST(CASE WHEN coalesce(t.custom_fields, '{}') = '{}' THEN '{}' ELSE (
        SELECT json_group_object(f.name, json(t.custom_fields -> ('$."' || f.id || '"')))
        FROM (SELECT id, name FROM ticket_fields WHERE account_id = r.account_id ORDER BY name) AS f
        WHERE t.custom_fields -> ('$."' || f.id || '"') IS NOT NULL
    ) END AS TEXT) AS custom_fields,
    CAST(CASE WHEN r.score = 'offered' THEN coalesce((
        SELECT status IN ('closed', 'deleted') FROM tickets WHERE tickets.account_id = r.account_id AND tickets.id = r.ticket_id
    ), false) ELSE 0 END AS INTEGER) AS is_closed_offer
FROM ratings AS r
JOIN accounts AS a ON a.id = r.account_id
LEFT JOIN tickets AS t ON t.account_id = r.account_id AND t.id = r.ticket_id
LEFT JOIN reasons ON reasons.account_id = r.account_id AND reasons.id = r.reason_id
WHERE r.copy_of IS NULL
    AND r.score <> 'unoffered'
    AND coalesce(r.created_at >= a.since, true)
UNION ALL
SELECT
    a.subdomain,
    CAST('survey' AS TEXT),
    CAST(s.id AS TEXT),
    CAST(coalesce(s.ticket_id, c.ticket_id) AS INTEGER),
    s.responder_id,
    CAST(CASE
        WHEN s.audit_assignee_id IS NOT NULL OR s.audit_group_id IS NOT NULL THEN s.audit_assignee_id
        WHEN c.assignee_id IS NOT NULL OR c.group_id IS NOT NULL THEN c.assignee_id
        ELSE t.assignee_id
    END AS INTEGER),
    CAST(CASE
        WHEN s.audit_assignee_id IS NOT NULL OR s.audit_group_id IS NOT NULL THEN s.audit_group_id
        WHEN c.assignee_id IS NOT NULL OR c.group_id IS NOT NULL THEN c.group_id
        ELSE t.group_id
    END AS INTEGER),
    CAST(CASE
        WHEN s.audit_assignee_id IS NOT NULL OR s.audit_group_id IS NOT NULL THEN 'audit'
        WHEN c.assignee_id IS NOT NULL OR c.group_id IS NOT NULL THEN 'rating'
        WHEN t.assignee_id IS NOT NULL OR t.group_id IS NOT NULL THEN 'ticket'
    END AS TEXT),
    s.sent_at,
    CAST(s.rated_at AS INTEGER),
    CAST(s.expires_at AS INTEGER),
    CAST(s.score AS TEXT),
    CAST(s.rating AS INTEGER),
    CAST(q.option_count AS INTEGER),
    CAST(CASE
        WHEN s.reason_option_ids IS NULL THEN NULL
        WHEN json_array_length(s.reason_option_ids) = 1 THEN (
            SELECT nullif(o.label, '')
            FROM options AS o
            WHERE o.account_id = s.account_id
                AND o.survey_id = s.survey_id
                AND o.survey_version = s.survey_version
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
    CAST(s.comment AS TEXT),
    CAST(s.survey_id AS TEXT),
    CAST(s.survey_version AS INTEGER),
    CAST(CASE WHEN q.option_count IS NOT NULL THEN q.locale END AS TEXT),
    t.subject,
    t.status,
    CAST(CASE
        WHEN s.reason_option_ids IS NULL THEN '[]'
        ELSE (
            SELECT json_group_array(json_object('id', chosen.value, 'label', (
                SELECT o.label
                FROM options AS o
                WHERE o.account_id = s.account_id AND o.id = chosen.value AND o.survey_id = s.survey_id
                ORDER BY o.survey_version DESC
                LIMIT 1
            )))
            FROM (SELECT value FROM json_each(s.reason_option_ids) ORDER BY key) AS chosen
        )
    END AS TEXT),
    s.first_rated_at,
    s.is_latest,
    CAST(1 AS INTEGER),
    CAST((
        SELECT name FROM agents WHERE agents.account_id = s.account_id AND agents.id = CASE
            WHEN s.audit_assignee_id IS NOT NULL OR s.audit_group_id IS NOT NULL THEN s.audit_assignee_id
            WHEN c.assignee_id IS NOT NULL OR c.group_id IS NOT NULL THEN c.assignee_id
            ELSE t.assignee_id
        END
    ) AS TEXT),
    CAST((
        SELECT name FROM groups WHERE groups.account_id = s.account_id AND groups.id = CASE
            WHEN s.audit_assignee_id IS NOT NULL OR s.audit_group_id IS NOT NULL THEN s.audit_group_id
            WHEN c.assignee_id IS NOT NULL OR c.group_id IS NOT NULL THEN c.group_id
            ELSE t.group_id
        END
    ) AS TEXT),
    CAST(t.brand_id AS INTEGER),
    CAST((
        SELECT name FROM brands WHERE brands.account_id = s.account_id AND brands.id = t.brand_id
    ) AS TEXT),
    CAST(t.organization_id AS INTEGER),
    CAST((
        SELECT name FROM organizations
        WHERE organizations.account_id = s.account_id AND organizations.id = t.organization_id
    ) AS TEXT),
    CAST(t.ticket_form_id AS INTEGER),
    CAST((
        SELECT name FROM ticket_forms WHERE ticket_forms.account_id = s.account_id AND ticket_forms.id = t.ticket_form_id
    ) AS TEXT),
    t.priority,
    t.tags,
    t.channel,
    CAST(CASE WHEN a.subdomain <> '' AND a.subdomain NOT GLOB '*[^A-Za-z0-9-]*' THEN
        'https://' || a.subdomain || '.zendesk.com/agent/tickets/' || coalesce(s.ticket_id, c.ticket_id)
    END AS TEXT),
    CAST(CASE WHEN coalesce(t.custom_fields, '{}') = '{}' THEN '{}' ELSE (
        SELECT json_group_object(f.name, json(t.custom_fields -> ('$."' || f.id || '"')))
        FROM (SELECT id, name FROM ticket_fields WHERE account_id = s.account_id ORDER BY name) AS f
        WHERE t.custom_fields -> ('$."' || f.id || '"') IS NOT NULL
    ) END AS TEXT),
    CAST(0 AS INTEGER)
FROM survey_responses AS s
JOIN accounts AS a ON a.id = s.account_id
LEFT JOIN ratings AS c ON c.account_id = s.account_id AND c.id = s.copy_id
LEFT JOIN tickets AS t ON t.account_id = s.account_id AND t.id = coalesce(s.ticket_id, c.ticket_id)
LEFT JOIN questions AS q
    ON q.account_id = s.account_id
    AND q.survey_id = s.survey_id
    AND q.survey_version = s.survey_version
    AND q.id = s.csat_question_id
WHERE coalesce(s.sent_at >= a.since, true)
