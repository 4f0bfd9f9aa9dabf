import fc from "fast-check";
import type { Finding } from "@gov/schema";
import { cycleIdV1 } from "@gov/schema/documents";
import { describe, expect, it } from "vitest";
import { type Block, InputError, UsageError } from "../src/command.ts";
import { exitCodes } from "../src/exit-codes.ts";
import { describeFailure, renderFailure } from "../src/failure.ts";
import { nearest } from "../src/near-word.ts";
import { jsonText } from "../src/render/json.ts";
import { printable } from "../src/render/printable.ts";
import { renderPretty } from "../src/render/pretty.ts";
import { cycleIdPattern } from "../src/root/cycle-id.ts";

// eslint-disable-next-line no-control-regex -- control characters are exactly what is looked for
const control = /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/;

const finding: Finding = { code: "X_CODE", severity: "error", message: "Wrong", path: "a.md", line: 3, column: 5 };

describe("printable()", () => {
  it("leaves no character that a terminal obeys", () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 40 }), (text) => !control.test(printable(text))));
    expect(printable("naïve → ✔ 漢字")).toBe("naïve → ✔ 漢字");
  });
});

describe("jsonText()", () => {
  it("keeps the value and prints no character that a terminal obeys", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string({ unit: "binary" }), (value, key) => {
        const text = jsonText({ [key]: value, key });
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify({ [key]: value, key })));
        expect(text.replaceAll("\n", "")).not.toMatch(control);
      }),
    );
  });
});

describe("renderPretty()", () => {
  const render = (findings: readonly Finding[], colour = false) => renderPretty({ data: {}, findings, view: [] }, { colour });

  it("lays out more rows than a call takes arguments", () => {
    const rows = Array.from({ length: 200_000 }, (_, index) => [String(index), "x"]);
    const lines = renderPretty({ data: {}, findings: [], view: [{ type: "table", head: ["seq", "of"], rows }] }, { colour: false }).split(
      "\n",
    );
    expect([lines[1], lines[200_000]]).toEqual(["  0       x", "  199999  x"]);
  });

  it("breaks findings at words alone where the width of a terminal is known, under where they begin, and leaves codes whole", () => {
    const message = "The value of this field is not one of those that the schema of its kind knows";
    const code = "SCHEMA_A_LONG_CODE_THAT_IS_NEVER_BROKEN";
    const long = { ...finding, message, code, hint: "Take one of the values that gov explain shows for this kind of document" };
    const lines = (columns?: number) =>
      renderPretty({ data: {}, findings: [long, { ...long, path: null }], view: [] }, { colour: false, columns }).split("\n");
    expect(lines(60)).toEqual([
      "a.md",
      "  3:5     error   The value of this field is not one of",
      "                  those that the schema of its kind knows",
      `                  ${code}`,
      "                  → Take one of the values that gov explain",
      "                    shows for this kind of document",
      "error   The value of this field is not one of those that the",
      "        schema of its kind knows",
      `        ${code}`,
      "        → Take one of the values that gov explain shows for",
      "          this kind of document",
      "",
      "",
    ]);
    expect(lines(5).join("\n")).toContain(code);
    expect(lines()).toHaveLength(7);
    const coloured = renderPretty({ data: {}, findings: [long], view: [] }, { colour: true, columns: 60 });
    expect(coloured).toContain(`\u001b[2m${code}\u001b[0m`);
  });

  it("breaks lines, values and the last column of a table in the same way, and neither indented lines nor raw text", () => {
    const words = "one two three four five six seven eight nine ten";
    const view: readonly Block[] = [
      { type: "line", mark: "pass", text: words },
      { type: "line", mark: "none", text: words },
      {
        type: "values",
        rows: [
          ["kinds", words],
          ["log", "empty"],
        ],
      },
      {
        type: "table",
        head: ["id", "what"],
        rows: [
          ["a-long-id", words],
          ["b", "-".repeat(40)],
        ],
      },
      { type: "lines", lines: [words] },
    ];
    const lines = (columns?: number) => renderPretty({ data: {}, findings: [], view }, { colour: false, columns }).split("\n");
    expect(lines(36)).toEqual([
      "✔ one two three four five six seven",
      "  eight nine ten",
      "one two three four five six seven",
      "  eight nine ten",
      "  kinds  one two three four five six",
      "         seven eight nine ten",
      "  log    empty",
      "  id         what",
      "  a-long-id  one two three four five",
      "             six seven eight nine",
      "             ten",
      `  b          ${"-".repeat(40)}`,
      `  ${words}`,
      "",
    ]);
    expect(lines()).toHaveLength(9);
    expect(renderPretty({ data: {}, findings: [], view: [{ type: "raw", text: words }] }, { colour: false, columns: 20 })).toBe(words);
  });

  it("names each file once, and gives advice that the message does not give", () => {
    expect(
      render([
        finding,
        { ...finding, line: 4, hint: "Mend it" },
        { ...finding, path: "b.md", line: null, column: null, expected: "a number" },
      ]),
    ).toBe(
      [
        "a.md",
        "  3:5     error   Wrong  X_CODE",
        "  4:5     error   Wrong  X_CODE",
        "                  → Mend it",
        "b.md",
        "          error   Wrong  X_CODE",
        "                  → expected a number",
        "",
        "",
      ].join("\n"),
    );
    expect(render([{ ...finding, path: null, line: null, message: "Must be integer", expected: "integer" }])).toBe(
      "error   Must be integer  X_CODE\n\n",
    );
  });

  it("colours only when asked, and never by what a document says", () => {
    const evil = { ...finding, message: "\u001b[32m✔ fine\u001b[0m", path: "\u001b[1ma.md" };
    expect(render([evil])).not.toContain("\u001b");
    const coloured = render([evil], true);
    expect(coloured).toContain("\u001b[31merror");
    expect(coloured).not.toContain("\u001b[32m");
  });
});

describe("describeFailure()", () => {
  const coded = (code: string, more: object = {}) => Object.assign(new Error("Cannot go on"), { code, ...more });

  it.each([
    [new UsageError("no"), exitCodes.usage, "CLI_USAGE"],
    [new InputError("CLI_X", "no"), exitCodes.input, "CLI_X"],
    [coded("ENOSPC", { syscall: "write" }), exitCodes.io, "CLI_ENOSPC"],
    [coded("ATOMIC_IO_WRITE_FAILED"), exitCodes.io, "ATOMIC_IO_WRITE_FAILED"],
    [coded("ATOMIC_IO_JOURNAL_CORRUPT"), exitCodes.integrity, "ATOMIC_IO_JOURNAL_CORRUPT"],
    [coded("INDEX_LOCKED"), exitCodes.io, "INDEX_LOCKED"],
    [coded("INDEX_BRIDGE_FULL"), exitCodes.io, "INDEX_BRIDGE_FULL"],
    [coded("INDEX_COMMIT_UNCERTAIN"), exitCodes.io, "INDEX_COMMIT_UNCERTAIN"],
    [coded("INDEX_HISTORY_FAILED"), exitCodes.io, "INDEX_HISTORY_FAILED"],
    [coded("INDEX_TOO_LARGE"), exitCodes.input, "INDEX_TOO_LARGE"],
    [coded("INDEX_STORE_UNSUITABLE"), exitCodes.input, "INDEX_STORE_UNSUITABLE"],
    [coded("INDEX_CORRUPT"), exitCodes.integrity, "INDEX_CORRUPT"],
    [coded("INDEX_VERSION"), exitCodes.input, "INDEX_VERSION"],
    [coded("MANIFEST_VERIFICATION_FAILED"), exitCodes.integrity, "MANIFEST_VERIFICATION_FAILED"],
    [coded("MANIFEST_ALREADY_SEALED"), exitCodes.input, "MANIFEST_ALREADY_SEALED"],
    [coded("TELEMETRY_AUDIT_CORRUPT"), exitCodes.integrity, "TELEMETRY_AUDIT_CORRUPT"],
    [coded("TELEMETRY_SEQUENCE_CONFLICT"), exitCodes.io, "TELEMETRY_SEQUENCE_CONFLICT"],
    [coded("SCHEMA_NOT_CANONICAL"), exitCodes.input, "SCHEMA_NOT_CANONICAL"],
    [coded("INDEX_CLOSED"), exitCodes.bug, "CLI_DEFECT"],
    [new TypeError("Cannot read properties of undefined"), exitCodes.bug, "CLI_DEFECT"],
    ["a string", exitCodes.bug, "CLI_DEFECT"],
  ])("gives %s its documented exit code (SCH-11)", (error, exitCode, code) => {
    expect(describeFailure(error)).toMatchObject({ exitCode, code });
  });

  it("says what to do where the operating system refuses, be it told by a library or not (SCH-11)", () => {
    expect(describeFailure(coded("EACCES", { syscall: "open" })).hint).toBe("allow this user to read and write there, or work on a copy");
    expect(describeFailure(coded("ATOMIC_IO_CREATE_FAILED", { details: { errno: "ENOSPC" } })).hint).toBe(
      "make room on the disk, then run it again",
    );
    expect(describeFailure(coded("ATOMIC_IO_CREATE_FAILED", { details: { errno: "EACCES" }, hint: "Own" })).hint).toBe("Own");
    expect(describeFailure(coded("ATOMIC_IO_CREATE_FAILED", { details: { errno: "EIO" } })).hint).toBeUndefined();
  });

  it("carries the findings of an error, wherever it keeps them", () => {
    for (const error of [
      coded("INDEX_CORRUPT", { findings: [finding] }),
      coded("INDEX_CORRUPT", { details: { findings: [finding] } }),
      coded("TELEMETRY_AUDIT_CORRUPT", { details: { report: { findings: [finding] } } }),
    ])
      expect(describeFailure(error).findings).toEqual([finding]);
    const text = renderFailure(describeFailure(coded("INDEX_CORRUPT", { findings: [finding], hint: "Rebuild" })), "pretty");
    expect(text).toBe("a.md\n  3:5     error   Wrong  X_CODE\n\ngov: Cannot go on  INDEX_CORRUPT\n     → Rebuild\n");
  });
});

describe("nearest()", () => {
  it("finds a slip of the keyboard, and nothing far away", () => {
    expect(nearest("chekc", ["check", "cycle"])).toBe("check");
    expect(nearest("manifest-verify", ["manifest verify", "audit verify"])).toBe("manifest verify");
    expect(nearest("xyzzy", ["check", "cycle"])).toBeNull();
  });
});

describe("cycleIdPattern", () => {
  it("is that of the shipped schema", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ maxLength: 70 }), fc.stringMatching(/^[A-Za-z0-9._-]{0,70}$/)), (id) => {
        expect(cycleIdPattern.test(id)).toBe(cycleIdV1.safeParse(id).success);
      }),
    );
  });
});
