import { createHash } from "node:crypto";
import { type Digest, digestBytes } from "@gov/schema/canonical";
import { merkleRoot, proveConsistency, proveInclusion, verifyConsistency, verifyInclusion } from "@gov/telemetry/audit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

function leavesOf(count: number): readonly Digest[] {
  return Array.from({ length: count }, (_, n) => digestBytes(String(n)));
}

/** The definition of RFC 6962, section 2.1, word for word. */
function reference(leaves: readonly Digest[]): Buffer {
  const sha = (...parts: readonly Buffer[]): Buffer => createHash("sha256").update(Buffer.concat(parts)).digest();
  if (leaves.length === 0) return sha();
  if (leaves.length === 1) return sha(Buffer.from([0]), Buffer.from((leaves[0] ?? "").slice(7), "hex"));
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return sha(Buffer.from([1]), reference(leaves.slice(0, k)), reference(leaves.slice(k)));
}

describe("merkleRoot()", () => {
  it("is the root of RFC 6962 for every size", () => {
    for (let size = 0; size < 70; size++) expect(merkleRoot(leavesOf(size))).toBe(`sha256:${reference(leavesOf(size)).toString("hex")}`);
  });
});

describe("verifyInclusion()", () => {
  it("accepts the proof of every leaf of every size, for that leaf, place and tree alone", () => {
    for (let size = 1; size < 40; size++) {
      const leaves = leavesOf(size);
      const root = merkleRoot(leaves);
      for (const [index, leaf] of leaves.entries()) {
        const proof = proveInclusion(leaves, index);
        expect(verifyInclusion(proof, { leaf, root })).toBe(true);
        expect(verifyInclusion(proof, { leaf: digestBytes("x"), root })).toBe(false);
        expect(verifyInclusion(proof, { leaf, root: digestBytes("x") })).toBe(false);
        expect(verifyInclusion({ ...proof, hashes: [...proof.hashes, digestBytes("x")] }, { leaf, root })).toBe(false);
        if (size > 1) expect(verifyInclusion({ ...proof, index: (index + 1) % size }, { leaf, root })).toBe(false);
      }
    }
    expect(() => proveInclusion(leavesOf(3), 3)).toThrow(RangeError);
    expect(verifyInclusion({ index: 3, size: 3, hashes: [] }, { leaf: digestBytes("x"), root: digestBytes("x") })).toBe(false);
  });
});

describe("verifyConsistency()", () => {
  it("accepts every beginning of every size, and no tree whose beginning was changed", () => {
    for (let to = 1; to < 34; to++)
      for (let from = 1; from <= to; from++) {
        const leaves = leavesOf(to);
        const proof = proveConsistency(leaves, from);
        const [fromRoot, toRoot] = [merkleRoot(leaves.slice(0, from)), merkleRoot(leaves)];
        expect([from, to, verifyConsistency(proof, { fromRoot, toRoot })]).toEqual([from, to, true]);
        const changed = leaves.with(from - 1, digestBytes("x"));
        const forged = { fromRoot, toRoot: merkleRoot(changed) };
        expect(verifyConsistency(proveConsistency(changed, from), forged)).toBe(false);
        expect(verifyConsistency({ ...proof, hashes: [...proof.hashes, toRoot] }, { fromRoot, toRoot })).toBe(false);
      }
    expect(() => proveConsistency(leavesOf(3), 0)).toThrow(RangeError);
    expect(() => proveConsistency(leavesOf(3), 4)).toThrow(RangeError);
    expect(verifyConsistency({ from: 3, to: 5, hashes: [] }, { fromRoot: digestBytes("x"), toRoot: digestBytes("x") })).toBe(false);
  });

  it("accepts no proof with a hash exchanged", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 60 }), fc.nat(), fc.nat(), (to, where, which) => {
        const from = 1 + (where % (to - 1));
        const leaves = leavesOf(to);
        const proof = proveConsistency(leaves, from);
        const hashes = proof.hashes.with(which % proof.hashes.length, digestBytes("x"));
        const roots = { fromRoot: merkleRoot(leaves.slice(0, from)), toRoot: merkleRoot(leaves) };
        expect(verifyConsistency({ ...proof, hashes }, roots)).toBe(false);
      }),
    );
  });
});
