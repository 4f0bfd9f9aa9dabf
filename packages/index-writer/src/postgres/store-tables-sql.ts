/**
 * Statements that create the tables of the record; running them again changes nothing. Run them once, with a migration, one after the other: who only writes
 * needs `SELECT`, `INSERT` and `UPDATE` on the first table and `SELECT` and `INSERT` on the second (docs/formats/index-store-postgres-v1.md).
 */
export const storeTablesSql: readonly string[] = [
  `CREATE TABLE IF NOT EXISTS gov_index_streams (
  stream text COLLATE "C" PRIMARY KEY,
  epoch bigint NOT NULL CHECK (epoch >= 0),
  seq bigint NOT NULL CHECK (seq >= 0),
  holder text,
  expires_at timestamptz
)`,
  `CREATE TABLE IF NOT EXISTS gov_index_entries (
  stream text COLLATE "C" NOT NULL,
  seq bigint NOT NULL CHECK (seq > 0),
  epoch bigint NOT NULL,
  id text COLLATE "C" NOT NULL,
  digest text NOT NULL,
  payload text COLLATE "C" NOT NULL,
  PRIMARY KEY (stream, seq),
  UNIQUE (stream, id)
)`,
];
