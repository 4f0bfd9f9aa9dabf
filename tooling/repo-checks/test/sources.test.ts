import { describe, expect, it } from "vitest";
import { effects } from "../src/checks/effects.ts";
import { messages } from "../src/checks/messages.ts";
import { moduleSizes, modules } from "../src/checks/modules.ts";
import { samePorts } from "../src/checks/ports.ts";
import { broken, run } from "./repository.ts";

const extra = "packages/schema/src/extra.ts";

describe("effects", () => {
  it("accepts pure sources", async () => {
    expect(await run(effects, broken())).toEqual([]);
  });

  it.each([
    "Date.now()",
    'Date["now"]()',
    "new Date()",
    "new globalThis.Date()",
    "Date()",
    "performance.now()",
    "Math.random()",
    "crypto.randomUUID()",
    "randomBytes(8)",
    "crypto.getRandomValues(a)",
    "setTimeout(f, 1)",
    "globalThis.setInterval(f, 1)",
    "setImmediate(f)",
    "AbortSignal.timeout(1)",
    "process.env",
    'globalThis["process"]',
    "process",
    "{ process }",
    "console.log(1)",
    "import.meta.dirname",
  ])("catches %s", async (expression) => {
    const found = await run(effects, broken({ [extra]: `\nexport const a = ${expression};\n` }));
    expect(found[0]).toContain(`${extra}:2 Hidden effect`);
  });

  it.each(["node:process", "process", "node:timers/promises", "node:perf_hooks"])("catches an import of %s", async (module) => {
    expect(await run(effects, broken({ [extra]: `import "${module}";\n` }))).toHaveLength(1);
  });

  it("catches an imported randomBytes", async () => {
    expect(await run(effects, broken({ [extra]: 'import { randomBytes } from "node:crypto";\n' }))).toHaveLength(1);
  });

  it.each(["new Date(text)", "Date.parse(text)", "clock.now()", "row.process", "{ process: 1 }", '"Date.now()"', "monotonic.performance"])(
    "accepts %s",
    async (expression) => {
      expect(await run(effects, broken({ [extra]: `export const a = ${expression};\n` }))).toEqual([]);
    },
  );

  it("accepts the Node default of a port, in a file named node-*.ts, and what apps do", async () => {
    const text = "export const clock = { now: () => Date.now() };\n";
    const app = { "apps/gov/package.json": '{"name":"@gov/cli"}', "apps/gov/src/clock.ts": text };
    expect(await run(effects, broken({ "packages/schema/src/node-clock.ts": text, ...app }))).toEqual([]);
  });
});

describe("messages", () => {
  it.each([
    'throw new TypeError("Cannot read it.");',
    "throw new TypeError(`Cannot read ${path}.`);",
    'throw new TypeError("cannot read it");',
    "throw new TypeError(`cannot read ${path}`);",
    'throw new SchemaError("SCHEMA_BROKEN", "Cannot read it.");',
    'throw failed("SCHEMA_BROKEN", "Cannot read it.");',
    'throw new TypeError(a ? "Cannot read it" : "Cannot write it.");',
    'f({ code, message: "No such id." });',
  ])("catches %s", async (statement) => {
    const found = await run(messages, broken({ [extra]: `\n${statement}\n` }));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`${extra}:2 Message`);
  });

  it.each([
    'throw new TypeError("Cannot read it");',
    'throw new TypeError(`"${id}" is not unique`);',
    "throw new TypeError(`${path} is not a file`);",
    'throw new SchemaError("SCHEMA_BROKEN", `Cannot read "${path}"`, "give another path");',
    'throw new UsageError(message, "did you mean this?");',
    'f("ends with a period.");',
    'report("SCHEMA_BROKEN", "is a part of a message.");',
  ])("accepts %s", async (statement) => {
    expect(await run(messages, broken({ [extra]: `${statement}\n` }))).toEqual([]);
  });
});

describe("modules", () => {
  const lines = (count: number): string => "export {};\n".repeat(count);

  it("accepts small modules with telling names", async () => {
    expect(await run(modules, broken({ [extra]: lines(230) }))).toEqual([]);
  });

  it("catches a module over the soft cap without a reason, and over the hard cap with one", async () => {
    const reason = "// module-size: one state machine, read as a whole\n";
    expect((await run(modules, broken({ [extra]: lines(231) })))[0]).toContain("over 230");
    expect(await run(modules, broken({ [extra]: reason + lines(300) }))).toEqual([]);
    expect((await run(modules, broken({ [extra]: reason + lines(400) })))[0]).toContain("hard cap");
    expect((await run(modules, broken({ [extra]: `// module-size:\n${lines(300)}` })))[0]).toContain("over 230");
  });

  it("does not measure generated modules and tests", async () => {
    expect(
      await run(modules, broken({ "packages/schema/src/validators.gen.ts": lines(5000), "packages/schema/test/a.test.ts": lines(500) })),
    ).toEqual([]);
  });

  it.each(["utils.ts", "helpers.ts", "types.ts", "manager.ts", "camelCase.ts", "snake_case.ts"])("catches the name %s", async (name) => {
    expect(await run(modules, broken({ [`packages/schema/src/${name}`]: "export {};\n" }))).toHaveLength(1);
  });

  it("catches a package whose median module is large", async () => {
    const repo = broken({ [extra]: lines(90), "packages/schema/src/a.ts": lines(90), "packages/schema/src/b.ts": lines(90) });
    expect(moduleSizes(repo)[1]).toEqual({ folder: "packages/schema", count: 5, median: 90, largest: 90 });
    expect((await run(modules, repo))[0]).toContain("median module has 90 lines");
  });
});

describe("ports", () => {
  const clock = "export interface Clock {\n  /** Epoch. */\n  readonly now: () => number;\n}\n";

  it("accepts the same shape with other comments and spaces", async () => {
    const same = "/** Tells the time. */\nexport interface Clock { readonly now: () => number }\n";
    expect(await run(samePorts, broken({ [extra]: clock, "packages/gates/src/extra.ts": same }))).toEqual([]);
  });

  it.each(["{ readonly now: () => bigint }", "{ now: () => number }", "{ readonly now: () => number; readonly more: number }"])(
    "catches the shape %s",
    async (shape) => {
      const found = await run(samePorts, broken({ [extra]: clock, "packages/gates/src/extra.ts": `export interface Clock ${shape}\n` }));
      expect(found).toHaveLength(1);
      expect(found[0]).toContain('Port "Clock" differs');
    },
  );
});
