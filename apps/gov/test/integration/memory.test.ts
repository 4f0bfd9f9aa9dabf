import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { replaceFile } from "@gov/atomic-io";
import { type BridgeWriter, openDocumentWriter, type WriteMode } from "@gov/atomic-io/modes";
import { openBridge } from "@gov/index-writer/bridge";
import { describe, expect, it } from "vitest";
import { governed, places } from "../governed.ts";
import { folder, gov } from "../harness.ts";

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** Writes documents into a root in a mode; those that take the bridge go through its queue on disk and its one writer. */
async function writeIn(mode: WriteMode, root: string, documents: Readonly<Record<string, string>>): Promise<void> {
  const taken = new Map<string, string>();
  const bridge = await openBridge(join(folder(), "bridge"), {
    deliver: async ({ payload }) => {
      const { path, text } = payload as { readonly path: string; readonly text: string };
      await replaceFile(path, text);
    },
  });
  const queue: BridgeWriter = {
    submit: async ({ path, bytes, digest }) => {
      await bridge.append(`${path} ${digest}`, { path, text: Buffer.from(bytes).toString("utf8") });
      taken.set(path, sha256(bytes));
    },
    accepted: async (path) => taken.get(path) ?? null,
  };
  const writer = await openDocumentWriter({ mode, root, bridge: queue, intents: join(folder(), "intents") });
  // Twice, as a client does that got no answer: it is one write.
  const all = Object.entries(documents);
  for (const [path, text] of [...all, ...all]) await writer.write(join(root, path), text);
  await writer.close();
  expect((await bridge.drain()).dead).toBe(0);
  expect(bridge.health().depth).toBe(0);
  await bridge.close();
}

describe("the memory vertical: atomic writes, the bridge and the index together", () => {
  it("gives the same documents and, byte for byte, the same index in every mode of writing (QAC-03)", async () => {
    const indices: string[] = [];
    for (const mode of ["direct", "atomic", "dual_write", "bridge"] as const) {
      const root = governed();
      const map = readFileSync(join(root, places.storyMap), "utf8");
      const documents = {
        [places.storyMap]: map.replace(/^(status: )approved$/m, "$1review"),
        "rulebook.yaml": `${readFileSync(join(root, "rulebook.yaml"), "utf8")}# ${"x".repeat(100)}\n`,
      };
      await writeIn(mode, root, documents);
      for (const [path, text] of Object.entries(documents)) expect(readFileSync(join(root, path), "utf8")).toBe(text);
      expect([(await gov(root, "index")).code, (await gov(root, "index", "--check")).code]).toEqual([0, 0]);
      indices.push(readFileSync(join(root, "artifacts_index.json"), "utf8"));
    }
    expect(new Set(indices).size).toBe(1);
  });
});
