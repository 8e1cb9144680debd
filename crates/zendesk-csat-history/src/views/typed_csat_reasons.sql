-- The reasons of the one table's rows, one row a reason: `reason_id` tells reasons apart, `label` is what it says now.
--
-- Nothing comes of the first SELECT and the last: they declare the types of the columns. SQLite takes those of a view from the
-- one, those of a view of the view from the other, and of an expression it knows none before version 3.41.
CREATE VIEW typed_csat_reasons AS
SELECT
    a.subdomain AS subdomain,
    s.id AS source,
    s.id AS id,
    s.id AS reason_id,
    s.id AS label
FROM accounts AS a, ratings AS r, survey_responses AS s
WHERE false
UNION ALL
SELECT
    rows.subdomain AS subdomain,
    CAST(rows.source AS TEXT) AS source,
    CAST(rows.id AS TEXT) AS id,
    CAST(reason.value ->> 'id' AS TEXT) AS reason_id,
    CAST(reason.value ->> 'label' AS TEXT) AS label
FROM csat_ms AS rows, json_each(rows.reasons) AS reason
WHERE rows.reasons <> '[]'
UNION ALL
SELECT
    a.subdomain AS subdomain,
    s.id AS source,
    s.id AS id,
    s.id AS reason_id,
    s.id AS label
FROM accounts AS a, ratings AS r, survey_responses AS s
WHERE false;
