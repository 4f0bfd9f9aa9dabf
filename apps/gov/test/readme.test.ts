import { readFileSync } from "node:fs";
import { govConfigV1 } from "@gov/schema/documents";
import { describe, expect, it } from "vitest";
import { commandTable, everydayGroups } from "../src/command-table.ts";
import { renderCommandHelp } from "../src/render/help.ts";
import { exitCodes } from "../src/exit-codes.ts";
import { folder, gov } from "./harness.ts";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
const fence = (language: string, index: number) =>
  [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, "gm"))][index]?.[1] ?? "";

interface Described {
  readonly def: {
    readonly innerType?: Described;
    readonly valueType?: Described;
    readonly element?: Described;
    readonly options?: readonly Described[];
  };
  readonly shape?: Readonly<Record<string, Described>>;
}

/** Every key that a mapping of the configuration can have, at any depth. */
function keysOf({ def, shape = {} }: Described): readonly string[] {
  const inner = [def.innerType, def.valueType, def.element, ...(def.options ?? [])].flatMap((one) =>
    one === undefined ? [] : keysOf(one),
  );
  return [...inner, ...Object.entries(shape).flatMap(([key, value]) => [key, ...keysOf(value)])];
}

describe("README", () => {
  it("names every everyday command with its arguments, every exit code, and every key of gov.yaml", async () => {
    const everyday = new Set(everydayGroups.flatMap(({ names }) => names));
    for (const { name, load } of commandTable.filter((entry) => everyday.has(entry.name))) {
      const { usage } = await load();
      const words = `\`gov ${name}${usage === "" ? "" : ` ${usage}`}\``;
      expect([words, readme.includes(words)]).toEqual([words, true]);
    }
    for (const code of Object.values(exitCodes)) expect(readme).toMatch(new RegExp(`^\\|.*\\b${code}\\b`, "m"));
    const keys = new Set(keysOf(govConfigV1 as unknown as Described));
    expect(keys.size).toBeGreaterThan(20);
    for (const key of keys) expect(readme).toMatch(new RegExp(`[\`. ]${key.replace("$", "\\$")}[\`.:]`));
  });

  it("is complete in docs/commands.md: every command, its arguments, flags and examples (RTE-06)", async () => {
    const parts = await Promise.all(commandTable.map(async (entry) => [entry, await entry.load()] as const));
    const text = parts.map(
      ([entry, command]) => `## gov ${entry.name}\n\n\`\`\`text\n${renderCommandHelp(entry, command, { table: commandTable })}\`\`\`\n`,
    );
    const permissions = commandTable.flatMap(({ name, action }) => (action === null ? [] : [`- \`gov ${name}\` needs \`${action}\`\n`]));
    await expect(
      `# Commands of gov\n\nWhat \`gov <command> --help\` prints, for every command. Made from the command table.\n\n${text.join("\n")}\n## Permissions\n\nWhat \`rbac_policy.yaml\` has to permit for each command that changes anything.\n\n${permissions.join("")}`,
    ).toMatchFileSnapshot("../docs/commands.md");
  });

  it("shows what gov prints", async () => {
    const root = folder({
      "gov.yaml": fence("yaml", 0),
      "adr.schema.json": JSON.stringify({ required: ["status", "date"], properties: { date: { type: "string", format: "date" } } }),
      "docs/decisions/0001-log.md": "---\nstatus: accepted\ndate: 2026-01-31\n---\n",
      "docs/decisions/0002-queue.md": "---\nstatus: proposed\ndate: 2026-02-30\nsupersedes: 0009-retry\n---\n",
    });
    const shown = fence("text", 1);
    expect(`$ gov check\n${(await gov(root, "check")).out}`).toBe(shown);
  });
});
