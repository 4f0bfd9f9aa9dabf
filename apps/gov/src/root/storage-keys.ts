import type { KeyRing } from "@gov/manifest/storage";
import { InputError } from "../command.ts";
import type { Context } from "../context.ts";

/** The variable with the keys that encrypt what a store keeps: `<name>:<32 bytes in base64>`, the current one first, older ones after commas. */
export const storageKeysVariable = "GOV_STORAGE_KEYS";

/** The key ring of the environment; undefined where the store is not encrypted (NFR-04). */
export function storageKeys({ env }: Pick<Context, "env">): KeyRing | undefined {
  const text = (env[storageKeysVariable] ?? "").trim();
  if (text === "") return undefined;
  const ring = new Map<string, Uint8Array>();
  for (const [place, entry] of text.split(",").entries()) {
    const [, name, base64] = /^\s*([A-Za-z0-9._-]{1,64}):([A-Za-z0-9+/]{43}=)\s*$/.exec(entry) ?? [];
    // What stands there may be a key: the message does not show it.
    if (name === undefined || base64 === undefined || ring.has(name))
      throw new InputError("CLI_STORAGE_KEYS_INVALID", `Entry ${place + 1} of ${storageKeysVariable} is no key of its own`, {
        hint: "each is <name>:<32 bytes in base64>, such as 2026-11:$(openssl rand -base64 32)",
      });
    ring.set(name, Buffer.from(base64, "base64"));
  }
  const [current = ""] = ring.keys();
  return { current, key: async (id) => ring.get(id) ?? null };
}
