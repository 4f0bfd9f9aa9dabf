/** What is used of a PostgreSQL client; a `Pool` and a `Client` of the package `pg` have this shape. */
export interface PostgresClient {
  readonly query: (text: string, values: unknown[]) => Promise<{ readonly rows: readonly Readonly<Record<string, unknown>>[] }>;
}
