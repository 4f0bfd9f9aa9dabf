import { addNode, applyData, applyNames, createDisk, type Disk, type Node, type PendingChange } from "./memory-disk.ts";

/** How a crash may treat what was not synced. */
export interface CrashOptions {
  /**
   * `ordered`: the changes to a directory reach the disk in order, so a crash keeps a prefix of them; `any`: each may be lost on its own, as on file
   * systems without a journal. @default "any"
   */
  readonly directoryOrder?: "ordered" | "any" | undefined;
  /** Above so many images a seeded sample of that size is taken, always with the images where all and where nothing is lost. @default 4096 */
  readonly maxImages?: number | undefined;
  /** Seed of the sample. @default 1 */
  readonly seed?: number | undefined;
}

/** One thing that was not synced, and the ways in which a crash can leave it. */
interface Choice {
  readonly node: Node;
  readonly ways: number;
}

/** Yields every disk that a power cut at this moment can leave behind, everything on it durable. */
export function* crashedDisks(disk: Disk, options: CrashOptions): Generator<Disk> {
  const { directoryOrder = "any", maxImages = 4096, seed = 1 } = options;
  const named = namedInodes(disk);
  const choices = [...disk.nodes.values()].filter((node) => named.has(node.inode)).flatMap((node) => choicesOf(node, directoryOrder));
  const total = choices.reduce((product, choice) => product * choice.ways, 1);
  if (total <= maxImages) {
    for (let index = 0; index < total; index++) yield imageOf(disk, choices, { picks: digitsOf(index, choices), directoryOrder });
    return;
  }
  yield imageOf(disk, choices, { picks: choices.map(() => 0), directoryOrder });
  yield imageOf(disk, choices, { picks: choices.map((choice) => choice.ways - 1), directoryOrder });
  const next = randomOf(seed);
  for (let count = 2; count < maxImages; count++) {
    yield imageOf(disk, choices, { picks: choices.map((choice) => Math.floor(next() * choice.ways)), directoryOrder });
  }
}

// The ways of a write: lost, zeros of its length, its first half, whole. Of anything else: lost, done.
const writeWays = 4;

function choicesOf(node: Node, order: "ordered" | "any"): Choice[] {
  const changes = node.pending.map((change) => ({ node, ways: change.kind === "write" ? writeWays : 2 }));
  if (node.pendingNames.length === 0) return changes;
  const names = order === "ordered" ? [{ node, ways: node.pendingNames.length + 1 }] : node.pendingNames.map(() => ({ node, ways: 2 }));
  return [...changes, ...names];
}

/** What a crash can leave a name for; nobody can see what becomes of the rest. */
function namedInodes(disk: Disk): ReadonlySet<number> {
  const named = new Set<number>([1]);
  for (const node of disk.nodes.values()) {
    for (const inode of node.durableNames.values()) named.add(inode);
    for (const change of node.pendingNames) for (const [, inode] of change.set) named.add(inode);
  }
  return named;
}

function digitsOf(index: number, choices: readonly Choice[]): number[] {
  let rest = index;
  return choices.map(({ ways }) => {
    const digit = rest % ways;
    rest = Math.floor(rest / ways);
    return digit;
  });
}

function imageOf(
  disk: Disk,
  choices: readonly Choice[],
  how: { readonly picks: readonly number[]; readonly directoryOrder: "ordered" | "any" },
): Disk {
  const picked = new Map<Node, number[]>();
  choices.forEach(({ node }, index) => {
    const picks = picked.get(node) ?? [];
    picks.push(how.picks[index] ?? 0);
    picked.set(node, picks);
  });
  const image = createDisk();
  image.nodes.clear();
  image.ticks = disk.ticks;
  for (const node of disk.nodes.values()) copyNode(image, node, { picks: picked.get(node) ?? [], order: how.directoryOrder });
  image.nextInode = disk.nextInode;
  recountLinks(image);
  return image;
}

function copyNode(image: Disk, node: Node, how: { readonly picks: readonly number[]; readonly order: "ordered" | "any" }): void {
  image.nextInode = node.inode;
  const copy = addNode(image, node.kind, { mode: node.durable.mode });
  Object.assign(copy, node.durable, { modified: node.modified, changed: node.changed, born: node.born });
  node.pending.forEach((change, index) => applyPartly(copy, change, how.picks[index] ?? 0));
  const names = new Map(node.durableNames);
  const picks = how.picks.slice(node.pending.length);
  node.pendingNames.forEach((change, index) => {
    const done = how.order === "ordered" ? index < (picks[0] ?? 0) : picks[index] === 1;
    if (done) applyNames(names, change);
  });
  copy.names = names;
  copy.durableNames = new Map(names);
  copy.durable = { data: copy.data, mode: copy.mode, uid: copy.uid, gid: copy.gid };
}

function applyPartly(node: Node, change: PendingChange, way: number): void {
  if (way === 0) return;
  if (change.kind === "attributes") Object.assign(node, { mode: change.mode, uid: change.uid, gid: change.gid });
  else if (change.kind === "truncate") node.data = applyData(node.data, change);
  else node.data = applyData(node.data, { ...change, bytes: bytesLeft(change.bytes, way) });
}

function bytesLeft(bytes: Uint8Array, way: number): Uint8Array {
  if (way === 1) return new Uint8Array(bytes.byteLength);
  // A tear falls on a sector where the write is long enough, else in the middle.
  const half = Math.floor(bytes.byteLength / 2);
  return way === 2 ? bytes.subarray(0, half > 512 ? half - (half % 512) : half) : bytes;
}

function recountLinks(image: Disk): void {
  for (const node of image.nodes.values()) {
    for (const inode of node.names.values()) {
      const named = image.nodes.get(inode);
      if (named !== undefined && named.kind !== "directory") named.links += 1;
    }
  }
}

/** Mulberry32: a small generator whose sequence follows from the seed. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
