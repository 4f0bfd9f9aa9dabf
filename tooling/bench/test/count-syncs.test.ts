import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { countSyncs } from "../src/count-syncs.ts";
import type { Peers } from "../src/peers.ts";
import { loadReplacer } from "../src/rows/replace-contenders.ts";

const none = (): Promise<never> => Promise.reject(new Error("no peer is needed here"));
const noPeers: Peers = { directory: none, load: none, label: none };
let scratch = "";

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "gov-bench-test-"));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

describe("countSyncs()", () => {
  it("counts through the promises and the synchronous interface alike", async () => {
    const count = await countSyncs();
    const [promises, sync] = [await loadReplacer("promises", noPeers), await loadReplacer("sync", noPeers)];
    await promises.replace(join(scratch, "a"), Buffer.from("a"));
    expect(count.total()).toBe(2);
    await sync.replace(join(scratch, "b"), Buffer.from("b"));
    expect(count.total()).toBe(4);
  });
});
