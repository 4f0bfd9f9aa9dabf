/**
 * Statements that create the table of chained logs, and refuse to change or remove its rows; running them again changes nothing. Run them once, with a migration, as
 * the owner of the database: who only appends needs `SELECT` and `INSERT` (docs/formats/audit-postgres-v1.md).
 */
export const auditTableSql = `CREATE TABLE IF NOT EXISTS gov_audit_entries (
  log text COLLATE "C" NOT NULL,
  seq bigint NOT NULL CHECK (seq > 0),
  line text COLLATE "C" NOT NULL,
  PRIMARY KEY (log, seq)
);
CREATE OR REPLACE FUNCTION gov_audit_entries_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'gov_audit_entries is append-only';
END
$$;
DROP TRIGGER IF EXISTS gov_audit_entries_append_only ON gov_audit_entries;
CREATE TRIGGER gov_audit_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON gov_audit_entries
  FOR EACH STATEMENT EXECUTE FUNCTION gov_audit_entries_append_only();
`;
