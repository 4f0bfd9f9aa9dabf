/** What is used of a PostgreSQL client; a `Pool` and a `Client` of the package `pg` have this shape, and so has a `PGlite`. */
export interface PostgresClient {
  readonly query: (text: string, values: unknown[]) => Promise<{ readonly rows: readonly Readonly<Record<string, unknown>>[] }>;
}
