import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { proofRuns } from "./proof-runs.ts";
import type { AuditInput } from "@gov/telemetry/audit";
import { decodeEntry, encodeEntry, prepareEntry } from "../src/audit/internal/entry-codec.ts";
import { createEntryScanner, type ScannedLine } from "../src/audit/internal/entry-scan.ts";
import { input } from "./telemetry-fakes.ts";

const text = (maxLength: number): fc.Arbitrary<string> => fc.string({ unit: "grapheme", minLength: 1, maxLength });
const inputs: fc.Arbitrary<AuditInput> = fc.record({
  time: fc
    .date({ min: new Date("0001-01-01T00:00:00Z"), max: new Date("9999-12-31T23:59:59Z"), noInvalidDate: true })
    .map((at) => at.toISOString()),
  kind: text(20),
  actor: text(20),
  subject: text(20),
  payload: fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<AuditInput["payload"]>,
  correlation_id: fc.option(fc.constant("0123456789abcdef0123456789abcdef"), { nil: undefined }),
  lamport: fc.option(fc.record({ node: text(9), counter: fc.nat() }), { nil: undefined }),
});

function placeOf(line: Uint8Array): ScannedLine | null {
  const scanner = createEntryScanner();
  scanner.take(Buffer.concat([line, Buffer.from("\n")]));
  const place = scanner.scan(0);
  // A line that holds a line feed is several, of which only the first is asked about.
  return place?.end === line.length ? place : null;
}

function scan(line: Uint8Array): boolean {
  return placeOf(line) !== null;
}

function accepts(bytes: Uint8Array): boolean {
  try {
    return decodeEntry(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes)).intact;
  } catch {
    return true;
  }
}

describe("createEntryScanner()", () => {
  it("reads the place of an entry as it was written, wherever it does not leave it to the careful reader", () => {
    let fast = 0;
    fc.assert(
      fc.property(inputs, fc.integer({ min: 1, max: 2 ** 48 }), (given, seq) => {
        const { entry, line } = encodeEntry(prepareEntry(given), { seq, prev: seq === 1 ? null : `sha256:${"ab".repeat(32)}` });
        expect(decodeEntry(line)).toEqual({ entry: JSON.parse(JSON.stringify(entry)) as unknown, intact: true, defect: null });
        const bytes = Buffer.from(line);
        const place = placeOf(bytes);
        if (place === null) return;
        fast++;
        expect(place).toEqual({ seq, prev: entry.prev?.slice(7) ?? null, hash: entry.hash.slice(7), end: bytes.length });
      }),
      { numRuns: proofRuns(300) },
    );
    expect(fast).toBeGreaterThan(50);
  });

  it("accepts nothing that the careful reader refuses, whatever byte is changed, removed or put in", () => {
    const byte = fc.constantFrom(...Buffer.from('\0 "\\,:{}[]-019azuntf.eE\n\u007f'), 0xc3, 0xed, 0xff);
    fc.assert(
      fc.property(inputs, fc.nat(), fc.option(byte, { nil: undefined }), fc.nat(1), (given, where, put, removed) => {
        const bytes = Buffer.from(encodeEntry(prepareEntry(given), { seq: 7, prev: `sha256:${"0f".repeat(32)}` }).line);
        const at = where % bytes.length;
        const changed = Buffer.concat([bytes.subarray(0, at), Buffer.from(put === undefined ? [] : [put]), bytes.subarray(at + removed)]);
        if (scan(changed)) expect(accepts(changed)).toBe(true);
      }),
      { numRuns: proofRuns(3000) },
    );
  });

  it("leaves no spelling of a payload free, though its digest holds", async () => {
    const { hash } = await import("node:crypto");
    const forge = (payload: string): Buffer => {
      const rest = encodeEntry(prepareEntry(input("A", { payload: "@@" })), { seq: 1, prev: null }).line;
      const body = rest.replace(/"hash":"sha256:[0-9a-f]{64}",/, "").replace('"@@"', payload);
      return Buffer.from(body.replace('"kind"', `"hash":"sha256:${hash("sha256", body, "hex")}","kind"`));
    };
    expect(scan(forge('{"a":1,"b":[true,false,null,-12,"\\n\\""]}'))).toBe(true);
    const free = [
      '{"b":1,"a":2}',
      '{"a":1,"a":1}',
      "01",
      "-0",
      "1.0",
      '"\\u0041"',
      '"\\/"',
      "[1,]",
      "[,1]",
      "{}x",
      '{"a" :1}',
      "tru",
      "",
      "1e1",
    ];
    for (const payload of free) expect([payload, scan(forge(payload)), accepts(forge(payload))]).toEqual([payload, false, false]);
  });
});
