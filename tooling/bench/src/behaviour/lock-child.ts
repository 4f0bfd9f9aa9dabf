import { openPeers } from "../peers.ts";
import { lockWith, type LockerId } from "./lockers.ts";

// Run as one of six processes: <locker> <path> <peers cache>; tries when told to, says whether it holds, lets go when told to.
const [id, path, cache] = process.argv.slice(2) as [LockerId, string, string];
const tryLock = await lockWith(id, openPeers(cache));
let release: (() => Promise<void>) | null = null;

process.on("message", (message: { readonly at: number } | "release") => {
  void (async () => {
    if (message === "release") {
      await release?.().catch(() => undefined);
      release = null;
      process.send?.("released");
      return;
    }
    // All six in the same moment.
    while (Date.now() < message.at);
    release = await tryLock(path);
    process.send?.(release === null ? "refused" : "held");
  })();
});
process.send?.("ready");
