import { hash } from "node:crypto";
import { type Digest, isDigest } from "@gov/schema/canonical";

/** Shows that a leaf stands in a tree: the hashes of its neighbours from the leaf to the root (RFC 6962, section 2.1.1). */
export interface InclusionProof {
  /** 0-based place of the leaf. */
  readonly index: number;
  /** Number of leaves in the tree. */
  readonly size: number;
  readonly hashes: readonly Digest[];
}

/** Shows that a tree begins with all of a smaller one (RFC 6962, section 2.1.2). */
export interface ConsistencyProof {
  readonly from: number;
  readonly to: number;
  readonly hashes: readonly Digest[];
}

/**
 * Returns the root of the Merkle tree over the hashes of entries, in chain order (RFC 6962, section 2.1): a leaf is hashed behind a zero byte, a node behind a one.
 *
 * @example Prove that an entry stands in a log without showing the others
 * ```ts
 * import assert from "node:assert/strict";
 * import { digestBytes } from "@gov/schema/canonical";
 * import { merkleRoot, proveInclusion, verifyInclusion } from "@gov/telemetry/audit";
 *
 * const leaves = ["a", "b", "c"].map((text) => digestBytes(text));
 * const proof = proveInclusion(leaves, 1);
 * assert.equal(verifyInclusion(proof, { leaf: digestBytes("b"), root: merkleRoot(leaves) }), true);
 * assert.equal(verifyInclusion(proof, { leaf: digestBytes("x"), root: merkleRoot(leaves) }), false);
 * ```
 */
export function merkleRoot(leaves: readonly Digest[]): Digest {
  return textOf(treeOver(leaves.map(leafOf), 0, leaves.length));
}

/** Returns the proof that the leaf at `index` stands in the tree. @throws RangeError when there is no such leaf. */
export function proveInclusion(leaves: readonly Digest[], index: number): InclusionProof {
  if (!Number.isSafeInteger(index) || index < 0 || index >= leaves.length)
    throw new RangeError(`Cannot prove leaf ${String(index)}: the tree has ${String(leaves.length)}`);
  const nodes = leaves.map(leafOf);
  const hashes: Digest[] = [];
  let [start, end] = [0, leaves.length];
  while (end - start > 1) {
    const middle = start + splitOf(end - start);
    const isLeft = index < middle;
    hashes.push(textOf(isLeft ? treeOver(nodes, middle, end) : treeOver(nodes, start, middle)));
    [start, end] = isLeft ? [start, middle] : [middle, end];
  }
  return { index, size: leaves.length, hashes: hashes.reverse() };
}

/** Returns the proof that the tree over all leaves begins with the one over the first `from`. @throws RangeError when `from` is not in 1 to all. */
export function proveConsistency(leaves: readonly Digest[], from: number): ConsistencyProof {
  if (!Number.isSafeInteger(from) || from < 1 || from > leaves.length)
    throw new RangeError(`Cannot prove a beginning of ${String(from)}: the tree has ${String(leaves.length)} leaves`);
  const nodes = leaves.map(leafOf);
  const prove = (start: number, end: number, known: number, isWhole: boolean): readonly Buffer[] => {
    if (known === end) return isWhole ? [] : [treeOver(nodes, start, end)];
    const middle = start + splitOf(end - start);
    return known <= middle
      ? [...prove(start, middle, known, isWhole), treeOver(nodes, middle, end)]
      : [...prove(middle, end, known, false), treeOver(nodes, start, middle)];
  };
  return { from, to: leaves.length, hashes: prove(0, leaves.length, from, true).map(textOf) };
}

/** True when the proof leads from the leaf to the root (RFC 9162, section 2.1.3.2). */
export function verifyInclusion(proof: InclusionProof, { leaf, root }: { readonly leaf: Digest; readonly root: Digest }): boolean {
  const { index, size, hashes } = proof;
  if (!areCounts(index, size) || index >= size || !hashes.every(isDigest) || !isDigest(leaf)) return false;
  let [at, last] = [index, size - 1];
  let node = leafOf(leaf);
  for (const hash of hashes) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      node = nodeOf(bytesOf(hash), node);
      while (at % 2 === 0 && at !== 0) [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
    } else node = nodeOf(node, bytesOf(hash));
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 && textOf(node) === root;
}

/** True when the proof leads from the smaller tree's root to the larger one's (RFC 9162, section 2.1.4.2). */
export function verifyConsistency(
  proof: ConsistencyProof,
  { fromRoot, toRoot }: { readonly fromRoot: Digest; readonly toRoot: Digest },
): boolean {
  const { from, to, hashes } = proof;
  if (!areCounts(from, to) || from < 1 || from > to || !hashes.every(isDigest)) return false;
  if (from === to) return hashes.length === 0 && fromRoot === toRoot;
  let [at, last] = [from - 1, to - 1];
  while (at % 2 === 1) [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  const path = hashes.map(bytesOf);
  // A beginning that is a whole subtree is not repeated in the proof.
  const first = at === 0 && isPowerOfTwo(from) ? bytesOf(fromRoot) : path.shift();
  if (first === undefined) return false;
  let [one, other] = [first, first];
  for (const node of path) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      one = nodeOf(node, one);
      other = nodeOf(node, other);
      while (at % 2 === 0 && at !== 0) [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
    } else other = nodeOf(other, node);
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 && textOf(one) === fromRoot && textOf(other) === toRoot;
}

function treeOver(nodes: readonly Buffer[], start: number, end: number): Buffer {
  if (end === start) return hash("sha256", Buffer.alloc(0), "buffer");
  if (end - start === 1) return nodes[start] as Buffer;
  const middle = start + splitOf(end - start);
  return nodeOf(treeOver(nodes, start, middle), treeOver(nodes, middle, end));
}

/** Largest power of two smaller than `size`. */
function splitOf(size: number): number {
  return 2 ** Math.floor(Math.log2(size - 1));
}

function isPowerOfTwo(value: number): boolean {
  return Number.isInteger(Math.log2(value));
}

function areCounts(...values: readonly number[]): boolean {
  return values.every((value) => Number.isSafeInteger(value) && value >= 0);
}

function leafOf(digest: Digest): Buffer {
  return hash("sha256", Buffer.concat([leafPrefix, bytesOf(digest)]), "buffer");
}

function nodeOf(left: Buffer, right: Buffer): Buffer {
  return hash("sha256", Buffer.concat([nodePrefix, left, right]), "buffer");
}

const leafPrefix = Buffer.from([0]);
const nodePrefix = Buffer.from([1]);

function bytesOf(digest: Digest): Buffer {
  return Buffer.from(digest.slice("sha256:".length), "hex");
}

function textOf(bytes: Buffer): Digest {
  return `sha256:${bytes.toString("hex")}`;
}
