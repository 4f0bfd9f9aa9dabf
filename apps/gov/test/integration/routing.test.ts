import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { governed } from "../governed.ts";
import { gov, write } from "../harness.ts";

interface Indexed {
  readonly artifacts: readonly { readonly path: string; readonly id: string }[];
}

const rules = "rules/artifact_routing.mdc";

describe("the routing vertical: schema, hydration and index together", () => {
  it("routes every indexed document to where it stands, whatever the order of the rules, and leaves the matrix of commands alone (QAC-03)", async () => {
    const root = governed();
    const matrix = '{ "plan": "planner", "codegen": "coder" }\n';
    write(root, "routing_matrix.json", matrix);
    expect((await gov(root, "index")).code).toBe(0);
    const index = JSON.parse(readFileSync(join(root, "artifacts_index.json"), "utf8")) as Indexed;
    expect(index.artifacts.length).toBeGreaterThan(5);
    const ask = async () =>
      Promise.all(
        index.artifacts.map(async ({ path }) => {
          const { code, out } = await gov(root, "route", path, "--format", "json");
          return [path, code, (JSON.parse(out) as { readonly to?: unknown }).to];
        }),
      );
    const before = await ask();
    const routed = before.filter(([, code]) => code === 0);
    expect(routed.length).toBeGreaterThanOrEqual(3);
    for (const [path, , to] of routed) expect(to).toBe(path);
    // What no rule routes has no place, and that is an answer too, never a guess.
    for (const [path, code, to] of before.filter((row) => !routed.includes(row))) expect([path, code, to]).toEqual([path, 1, null]);
    const text = readFileSync(join(root, rules), "utf8");
    const routes = /^( *)routes:\n((?:\1 +.*\n)+)/m.exec(text)?.[2] ?? "";
    const items = routes.split(/^(?= *- )/m).filter((item) => item !== "");
    expect(items.length).toBeGreaterThan(2);
    write(root, rules, text.replace(routes, items.reverse().join("")));
    expect((await gov(root, "route", "check")).code).toBe(0);
    expect(await ask()).toEqual(before);
    expect(readFileSync(join(root, "routing_matrix.json"), "utf8")).toBe(matrix);
  });
});
