import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { countSyncs } from "../count-syncs.ts";
import { openPeers } from "../peers.ts";
import { loadReplacer, type ReplacerId } from "./replace-contenders.ts";

// Run as a process of its own per contender: <id> <scratch> <peers cache> <files at once>; prints syncs per file.
const [id, scratch, cache, width] = process.argv.slice(2) as [ReplacerId, string, string, string];
const count = await countSyncs();
const { replace } = await loadReplacer(id, openPeers(cache));
const files = Array.from({ length: Number(width) }, (_, index) => join(scratch, `${id}-${index}`));
await mkdir(scratch, { recursive: true });
const rounds = 8;
// The first round creates the files, the counted ones replace them.
await Promise.all(files.map((file) => replace(file, Buffer.alloc(4096))));
const before = count.total();
for (let round = 0; round < rounds; round++) await Promise.all(files.map((file) => replace(file, Buffer.alloc(4096, round))));
process.stdout.write(String((count.total() - before) / (rounds * files.length)));
