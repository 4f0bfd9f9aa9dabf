import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { describe, expect, it } from "vitest";
import { cycle, governed, places } from "./governed.ts";
import { gov, govWith, type Run } from "./harness.ts";
import { ownDatabase } from "./postgres.ts";

const url = await ownDatabase();

let count = 0;

/** The governed root of the tests whose configuration keeps the log in PostgreSQL. */
function inPostgres(): { readonly root: string; readonly name: string; readonly run: (...argv: string[]) => Promise<Run> } {
  const root = governed();
  const name = `log-${String(++count)}`;
  const config = join(root, "gov.yaml");
  writeFileSync(config, `${readFileSync(config, "utf8")}log: { store: postgres, name: ${name} }\n`);
  return { root, name, run: (...argv) => govWith({ env: { GOV_POSTGRES_URL: url ?? undefined } }, root, ...argv) };
}

describe.skipIf(url === null)("gov.yaml › log › store: postgres", () => {
  it("keeps the chained log of several checkouts in one table, by configuration alone (B-29, NFR-05)", async () => {
    const { root, run } = inPostgres();
    expect((await run("audit", "verify")).err).toContain("There is no log");
    const dry = await run("cycle", cycle, "create_plan", "--dry-run");
    expect([dry.code, (await run("audit", "verify")).code]).toEqual([0, 3]);
    expect((await run("cycle", cycle, "create_plan")).code).toBe(0);
    expect((await run("cycle", cycle, "validate_complete")).code).toBe(0);
    expect((await run("cycle", cycle, "--format", "json")).json()["cycles"]).toMatchObject([{ id: cycle, state: "READY_FOR_HANDOFF" }]);
    expect((await run("audit", "query", "--kind", "STATE_TRANSITION", "--format", "json")).json()["entries"]).toHaveLength(1);
    expect((await run("audit", "verify")).out).toContain("each chained to the one before");
    const archived = await run("audit", "archive", "--through", "1");
    expect([archived.code, archived.err]).toEqual([3, expect.stringContaining("CLI_LOG_NOT_IN_FILE")]);
    expect((await run("promotion", "freeze", "audit", "--reason", "Audit", "--until", "2030-01-01T00:00:00Z")).code).toBe(0);
    expect((await run("promotion", "status")).out).toContain("audit");
    expect(existsSync(join(root, places.log))).toBe(false);
  });

  it("names the first row that was altered, and decides nothing on such a log", async () => {
    const { name, run } = inPostgres();
    expect((await run("cycle", cycle, "create_plan")).code).toBe(0);
    const client = new pg.Client({ connectionString: url ?? undefined });
    await client.connect();
    await client.query("ALTER TABLE gov_audit_entries DISABLE TRIGGER ALL");
    await client.query("UPDATE gov_audit_entries SET line = replace(line, 'PLAN_CREATED', 'PLAN_REMOVED') WHERE log = $1", [name]);
    await client.query("ALTER TABLE gov_audit_entries ENABLE TRIGGER ALL");
    await client.end();
    const verified = await run("audit", "verify", "--format", "json");
    expect([verified.code, verified.json()["firstAltered"]]).toEqual([5, { line: 1, seq: 1 }]);
    expect((await run("cycle", cycle, "validate_complete")).code).toBe(5);
  });

  it("refuses without a server, without an address of one, and beside a log that is in the file", async () => {
    const { root, run } = inPostgres();
    const without = await gov(root, "cycle", cycle, "create_plan");
    expect([without.code, without.err]).toEqual([3, expect.stringContaining("GOV_POSTGRES_URL")]);
    const gone = await govWith(
      { env: { GOV_POSTGRES_URL: "postgres://user:secret@127.0.0.1:9/none" } },
      root,
      "cycle",
      cycle,
      "create_plan",
    );
    expect([gone.code, gone.err]).toEqual([3, expect.stringContaining("Cannot reach PostgreSQL")]);
    expect(gone.err).not.toContain("secret");
    const config = join(root, "gov.yaml");
    const configured = readFileSync(config, "utf8");
    writeFileSync(config, configured.replace(/^log:.*\n/m, ""));
    expect((await gov(root, "cycle", cycle, "create_plan")).code).toBe(0);
    writeFileSync(config, configured);
    const split = await run("cycle", cycle, "validate_complete");
    expect([split.code, split.err]).toEqual([3, expect.stringContaining("holds 1 entries")]);
  });
});
