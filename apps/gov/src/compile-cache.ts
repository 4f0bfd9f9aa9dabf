import module from "node:module";
import { isAbsolute, join } from "node:path";

/** The folder of the person's cache in which compiled code is kept, or null where the environment names none. */
export function compileCacheFolder(env: Readonly<Record<string, string | undefined>>): string | null {
  const { XDG_CACHE_HOME: cache = "", HOME: home = "" } = env;
  if (isAbsolute(cache)) return join(cache, "gov", "compiled");
  return isAbsolute(home) ? join(home, ".cache", "gov", "compiled") : null;
}

/**
 * Lets Node keep the compiled code of what is imported from here on, so that the next call need not compile it: Node 22.8 and later; earlier ones
 * go without. Node's own `NODE_COMPILE_CACHE` and `NODE_DISABLE_COMPILE_CACHE=1` decide as everywhere. A folder that cannot be written is no failure.
 */
export function keepCompiledCode(env: Readonly<Record<string, string | undefined>>): void {
  // Not in the types of the oldest Node that is supported, nor in it.
  const { enableCompileCache } = module as { readonly enableCompileCache?: (folder: string) => unknown };
  const folder = compileCacheFolder(env);
  if (folder !== null) enableCompileCache?.(folder);
}
