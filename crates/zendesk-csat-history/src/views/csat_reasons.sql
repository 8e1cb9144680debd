-- See typed_csat_reasons.
CREATE VIEW csat_reasons AS SELECT * FROM typed_csat_reasons;
