-- See typed_csat.
CREATE VIEW csat AS SELECT * FROM typed_csat;
