import { describe, expect, it } from "vitest";
import { before, calls, changingCalls } from "./calls.ts";
import { advance, cycle, governed } from "./governed.ts";
import { changedFiles, contents } from "./contents.ts";
import { folder, gov, govWith } from "./harness.ts";

describe("every documented command, run twice", () => {
  it("does nothing the second time that the first has done: it says so or refuses (PLN-08, QAC-12)", async () => {
    const root = governed();
    const keys = folder();
    await advance(root, ...before);
    const own = Object.entries(changingCalls).map(([name, argv]) => [name, argv, null] as const);
    for (const [, argv, , { prepare, env = {} } = {}] of [...calls, ...own].filter(([one]) => one !== "serve")) {
      await prepare?.(root, keys);
      const named = argv.map((word) => word.replace("$keys", keys));
      const state = () => new Map([...contents(root), ...contents(keys)]);
      const first = await govWith({ env }, root, ...named);
      const done = state();
      const second = await govWith({ env }, root, ...named);
      const files = changedFiles(done, state(), named.join(" "));
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
    ];
    const together = await Promise.all([...writing, ...reading].map((argv) => govWith({ lockWaitMs: 30_000 }, root, ...argv)));
    expect(together.slice(0, writing.length).map(({ code, err }) => [code, err])).toEqual(writing.map(() => [0, ""]));
    expect(together.slice(writing.length)).toEqual(
      alone.map(({ code, out, err }) => expect.objectContaining({ code, out, err }) as unknown),
    );
  });
});
