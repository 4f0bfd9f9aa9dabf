import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { canonicalJson } from "@gov/schema/canonical";
import { corpus } from "./corpora.ts";

/** The digests that are published with the sequence of numbers, by count of lines. */
export function publishedNumberDigests(): ReadonlyMap<number, string> {
  return new Map([...readme().matchAll(/^\| ([0-9a-f]{64}) \| ([0-9]+) /gm)].map(([, digest = "", lines]) => [Number(lines), digest]));
}

/** The SHA-256 digest of the first lines of the sequence, each the bits of a double in hexadecimal and its canonical form. */
export function digestOfNumbers(lines: number): string {
  const hash = createHash("sha256");
  let text = "";
  let count = 0;
  const bits = new DataView(new ArrayBuffer(8));
  for (const value of numbers()) {
    bits.setFloat64(0, value);
    text += `${bits.getBigUint64(0).toString(16)},${canonicalJson(value)}\n`;
    count++;
    if (count % 10_000 === 0 || count === lines) {
      hash.update(text);
      text = "";
    }
    if (count === lines) break;
  }
  return hash.digest("hex");
}

// Edge cases as published, then consecutive doubles, then the doubles in an endless chain of SHA-256 blocks.
function* numbers(): Generator<number> {
  const view = new DataView(new ArrayBuffer(8));
  const toDouble = (bits: bigint): number => {
    view.setBigUint64(0, bits);
    return view.getFloat64(0);
  };
  for (const [constant] of readme().matchAll(/0x[0-9a-f]{16}(?=n,)/g)) yield toDouble(BigInt(constant));
  for (let offset = 0n; offset < 2_000n; offset++) yield toDouble(0x0010000000000000n + offset);
  let block = Buffer.alloc(32);
  for (;;) {
    block = createHash("sha256").update(block).digest();
    for (let offset = 0; offset < 32; offset += 8) {
      const value = block.readDoubleLE(offset);
      if (value !== 0 && Number.isFinite(value)) yield value;
    }
  }
}

let text: string | undefined;

function readme(): string {
  text ??= readFileSync(`${String(corpus("jcs"))}/testdata/README.md`, "utf8");
  return text;
}
