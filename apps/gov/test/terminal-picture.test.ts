import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { main } from "../src/main.ts";
import { cycle, governed, places } from "./governed.ts";
import { folder, worldIn } from "./harness.ts";
import { terminalSvg } from "./terminal-svg.ts";

/** What a terminal with colours shows of a call, the call itself first. */
async function shown(root: string, ...argv: readonly string[]): Promise<string> {
  let text = "";
  const write = (more: string): void => void (text += more);
  const terminal = { out: write, err: write, colour: true, isWatched: false, columns: 110 };
  await main(argv, { version: "0.1.0", world: () => worldIn(root) }, terminal);
  return text.trimEnd();
}

describe("docs/terminal.svg", () => {
  it("is what gov prints on this project's own documents: renew it with `pnpm exec vitest run apps/gov/test/terminal-picture -u`", async () => {
    const root = governed();
    const key = join(folder(), "lead.pem");
    const screen: string[] = [];
    const show = async (...argv: readonly string[]): Promise<void> => {
      const output = await shown(root, ...argv);
      screen.push(`\u001b[1m$ gov ${argv.join(" ")}\u001b[0m\n${output}\n`);
    };
    const backlog = join(root, places.backlog);
    const sound = readFileSync(backlog, "utf8");
    writeFileSync(backlog, sound.replace("status: approved", "status: aproved"));
    expect(readFileSync(backlog, "utf8")).not.toBe(sound);
    await show("check");
    writeFileSync(backlog, sound);
    await show("check");
    await show("cycle", cycle, "create_plan");
    await show("cycle", cycle, "validate_complete");
    await shown(root, "cycle", cycle, "package_artifacts");
    await shown(root, "key", "new", key, "--person", "lead", "--role", "planning_lead", "--policy", "trust_policy.yaml");
    await shown(root, "manifest", "seal", cycle, "--key", key);
    await show("manifest", "verify");
    writeFileSync(backlog, sound.replace("P0", "P1"));
    await show("manifest", "verify");
    await expect(
      terminalSvg(
        "gov on a terminal: a misspelt status found, a cycle moved by its gates, a sealed document that was changed",
        screen.join("\n"),
      ),
    ).toMatchFileSnapshot("../../../docs/terminal.svg");
  });
});
