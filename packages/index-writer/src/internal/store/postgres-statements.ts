// Each statement is a transaction of its own, whatever client runs it. The server's clock decides only who may try to take the lease.

export const createSql = "INSERT INTO gov_index_streams (stream, epoch, seq) VALUES ($1, 0, 0) ON CONFLICT (stream) DO NOTHING";

export const takeSql = `UPDATE gov_index_streams
SET epoch = epoch + 1, holder = $2, expires_at = clock_timestamp() + $3::float8 * interval '1 millisecond'
WHERE stream = $1 AND (expires_at IS NULL OR expires_at < clock_timestamp())
RETURNING epoch::text AS epoch, seq::text AS seq`;

export const renewSql = `UPDATE gov_index_streams SET expires_at = clock_timestamp() + $3::float8 * interval '1 millisecond'
WHERE stream = $1 AND epoch = $2 AND expires_at IS NOT NULL
RETURNING epoch::text AS epoch`;

export const releaseSql = "UPDATE gov_index_streams SET expires_at = NULL, holder = NULL WHERE stream = $1 AND epoch = $2";

export const endSql = "SELECT epoch::text AS epoch, seq::text AS seq FROM gov_index_streams WHERE stream = $1";

export const findSql = `SELECT s.epoch::text AS epoch, s.seq::text AS seq, e.id, e.seq::text AS found, e.digest
FROM gov_index_streams s
LEFT JOIN gov_index_entries e ON e.stream = s.stream AND e.id IN (SELECT jsonb_array_elements_text($2::jsonb))
WHERE s.stream = $1`;

/**
 * Advances the record if epoch and end still are the writer's, and adds the entries if it did. A second writer waits for the row and then sees what the first left.
 * A server or session that commits without waiting for its disk is made to wait for this one.
 */
export const commitSql = `WITH advanced AS (
  UPDATE gov_index_streams SET seq = seq + $5::bigint, expires_at = clock_timestamp() + $6::float8 * interval '1 millisecond'
  WHERE stream = $1 AND epoch = $2::bigint AND seq = $3::bigint
  RETURNING stream, epoch
), added AS (
  INSERT INTO gov_index_entries (stream, seq, epoch, id, digest, payload)
  SELECT a.stream, $3::bigint + b.position, a.epoch, b.entry->>'id', b.entry->>'digest', b.entry->>'payload'
  FROM advanced a, json_array_elements($4::json) WITH ORDINALITY AS b(entry, position)
  RETURNING seq
)
SELECT count(*)::text AS added,
  CASE WHEN current_setting('synchronous_commit') = 'off' THEN set_config('synchronous_commit', 'on', true) END AS synchronous
FROM added`;

export const pageSql = `SELECT seq::text AS seq, epoch::text AS epoch, id, digest, payload FROM gov_index_entries
WHERE stream = $1 AND seq >= $2::bigint ORDER BY gov_index_entries.seq LIMIT $3::int`;
