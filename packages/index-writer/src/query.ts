import type { ArtifactStatus } from "@gov/schema";
import type { IndexRecord } from "./index-record.ts";

/** What to look for; every field given must fit. */
export interface IndexQuery {
  readonly id?: string | undefined;
  readonly kind?: string | undefined;
  readonly status?: ArtifactStatus | null | undefined;
  /** A tag as text, compared whole: `Risk:Low`. */
  readonly tag?: string | undefined;
  /** Start of the path: `frameworks/planning-be/`. */
  readonly pathPrefix?: string | undefined;
}

/** True when a record fits a query. */
export function fitsQuery(record: IndexRecord, query: IndexQuery): boolean {
  return (
    (query.id === undefined || record.id === query.id) &&
    (query.kind === undefined || record.kind === query.kind) &&
    (query.status === undefined || record.status === query.status) &&
    (query.tag === undefined || record.tags.includes(query.tag)) &&
    (query.pathPrefix === undefined || record.path.startsWith(query.pathPrefix))
  );
}
