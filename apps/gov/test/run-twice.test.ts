import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { calls, changingCalls } from "./calls.ts";
import { cycle, governed, places } from "./governed.ts";
import { folder, gov, govWith } from "./harness.ts";

/** Every file below a folder with its bytes and mode, what git keeps for itself aside. */
function contents(directory: string): ReadonlyMap<string, string> {
  const files = readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((path) => !path.startsWith(".git/") && lstatSync(join(directory, path)).isFile())
    .sort();
  return new Map(
    files.map((path) => [
      path,
      `${lstatSync(join(directory, path)).mode.toString(8)} ${readFileSync(join(directory, path)).toString("base64")}`,
    ]),
  );
}

function differing(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): readonly string[] {
  return [...new Set([...before.keys(), ...after.keys()])].filter((path) => before.get(path) !== after.get(path));
}

/** Which segment of a journal is written now: every opening begins one, and an empty one says nothing. */
const bookkeeping = /^\.gov\/(?:[^/]+\/)+(?:CURRENT|journal-[\d-]+\.log)$/;

/** What another call adds, because that is what it is for. */
const addsAgain: Readonly<Record<string, RegExp>> = { "snapshot take": /^\.gov\/store\// };

describe("every documented command, run twice", () => {
  it("does nothing the second time that the first has done: it says so or refuses (PLN-08, QAC-12)", async () => {
    const root = governed();
    const keys = folder();
    const own = Object.entries(changingCalls).map(([name, argv]) => [name, argv] as const);
    for (const [name, argv] of [...calls, ...own].filter(([one]) => one !== "serve")) {
      const named = argv.map((word) => word.replace("$keys", keys));
      const state = () => new Map([...contents(root), ...contents(keys)]);
      const first = await gov(root, ...named);
      const before = state();
      const second = await gov(root, ...named);
      const files = differing(before, state()).filter((path) => !bookkeeping.test(path) && addsAgain[name]?.test(path) !== true);
      expect([named.join(" "), files]).toEqual([named.join(" "), []]);
      // What cannot be done twice is refused by a documented exit code, never by a defect.
      expect([named.join(" "), first.code, second.code < 6]).toEqual([named.join(" "), first.code, true]);
    }
  });
});

describe("commands that only read", () => {
  it("give beside writers, all at once, what they give alone (ENV-03, QAC-12)", async () => {
    const root = governed();
    await gov(root, "index");
    const reading = [["check"], ["route", "check"], ["hydrate", "--dry-run"], ["resolve", "hydration_rules"], ["contract", "check"]];
    const alone = await Promise.all(reading.map((argv) => gov(root, ...argv)));
    const writing = [
      ["index", "--rebuild"],
      ["cycle", cycle, "create_plan", "--actor", "ann"],
      ["route", "sync"],
      ["approve", places.storyMap, "--actor", "ann"],
    ];
    const together = await Promise.all([...writing, ...reading].map((argv) => govWith({ lockWaitMs: 30_000 }, root, ...argv)));
    expect(together.slice(0, writing.length).map(({ code, err }) => [code, err])).toEqual(writing.map(() => [0, ""]));
    expect(together.slice(writing.length)).toEqual(
      alone.map(({ code, out, err }) => expect.objectContaining({ code, out, err }) as unknown),
    );
  });
});
