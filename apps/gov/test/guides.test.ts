import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { changedFiles, contents } from "./contents.ts";
import { cycle, governed } from "./governed.ts";
import { folder, gov, govWith } from "./harness.ts";

interface Line {
  readonly words: readonly string[];
  readonly exitCode: number;
}

/** The lines of the shell blocks of a guide; `# exit 1` behind a command says how it ends, any other comment is for people. */
function linesOf(guide: string): readonly Line[] {
  const text = readFileSync(new URL(`../../../docs/guides/${guide}.md`, import.meta.url), "utf8");
  return [...text.matchAll(/^```sh\n([^]*?)^```$/gm)].flatMap(([, block = ""]) =>
    block
      .trimEnd()
      .split("\n")
      .map((line) => {
        const [command = "", comment = ""] = line.split(/ +# /);
        return { words: command.split(" "), exitCode: Number(/^exit (\d+)$/.exec(comment)?.[1] ?? 0) };
      }),
  );
}

/** A root whose cycle has begun, so that there is a log. */
async function begun(): Promise<string> {
  const root = governed();
  await gov(root, "cycle", cycle, "create_plan", "--actor", "ann");
  return root;
}

describe("docs/guides", () => {
  it.each([
    ["five-minutes", () => folder()],
    ["tasks", governed],
    ["operations", begun],
    ["teams", begun],
    ["security", begun],
    ["from-other-tools", governed],
  ])("%s: each command ends as the guide says, and changes nothing when it is run twice (PLN-08)", async (guide, make) => {
    const root = await make();
    const keys = folder();
    const lines = linesOf(guide);
    expect(lines.length).toBeGreaterThan(1);
    for (const { words, exitCode } of lines) {
      const [program = "", ...argv] = words.map((word) => word.replace("$KEYS", keys));
      const call = argv.join(" ");
      if (program !== "gov") {
        execFileSync(program, argv, { cwd: root });
        continue;
      }
      const first = await govWith({ lockWaitMs: 1000 }, root, ...argv);
      expect([call, first.code, first.code === exitCode ? "" : first.out + first.err]).toEqual([call, exitCode, ""]);
      const state = () => new Map([...contents(root), ...contents(keys)]);
      const before = state();
      const second = await govWith({ lockWaitMs: 1000 }, root, ...argv);
      expect([call, second.code < 6, changedFiles(before, state(), call)]).toEqual([call, true, []]);
    }
  });
});
