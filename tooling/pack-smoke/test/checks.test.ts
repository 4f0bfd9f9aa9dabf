import { describe, expect, it } from "vitest";
import { type Check, once, runChecks } from "../src/checks.ts";
import { createRenderer, renderSummary } from "../src/render-report.ts";

const check = (name: string, run: () => Promise<string>): Check => ({ subject: "p", name, node: "-", run });

describe("runChecks()", () => {
  it("fails a check that cannot run, and goes on", async () => {
    const broken = once(() => Promise.reject(new Error("install failed")));
    const outcomes = await runChecks(
      [
        check("a", () => broken()),
        check("b", () => {
          throw new TypeError("not even a promise");
        }),
        check("c", async () => "fine"),
        check("d", () => broken()),
      ],
      { concurrency: 2 },
    );
    expect(outcomes.map(({ passed, detail }) => [passed, detail])).toEqual([
      [false, "install failed"],
      [false, "not even a promise"],
      [true, "fine"],
      [false, "install failed"],
    ]);
    expect(renderSummary(outcomes)).toBe("1 passed, 3 failed");
  });

  it("keeps the order of the plan, whatever ends first", async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const first = check("slow", async () => gate.then(() => "slow"));
    const second = check("quick", async () => {
      release();
      return "quick";
    });
    const outcomes = await runChecks([first, second], { concurrency: 2 });
    expect(outcomes.map((outcome) => outcome.detail)).toEqual(["slow", "quick"]);
  });
});

describe("once()", () => {
  it("does the work once, also when it fails", async () => {
    let calls = 0;
    const work = once(async () => {
      calls++;
      throw new Error("no");
    });
    await expect(work()).rejects.toThrow("no");
    await expect(work()).rejects.toThrow("no");
    expect(calls).toBe(1);
  });
});

describe("createRenderer()", () => {
  it("shows a cause once and refers to it afterwards", () => {
    const render = createRenderer();
    const failed = { check: check("install", async () => ""), passed: false, detail: "no npm\nat all", ms: 1 };
    expect(render(failed)).toContain("\n       no npm\n       at all");
    expect(render({ ...failed, check: check("entries", async () => "") })).toMatch(/^FAIL .*entries .* as p, install$/);
  });
});
