import { createHash } from "node:crypto";
import { access, copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runCommand } from "./run-command.ts";

/** The npm flags of every install here: no scripts, no chatter, the package cache before the network. */
export const quietNpm = ["--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"] as const;

/**
 * Installs what a folder's `package.json` and `package-lock.json` pin, exactly, outside the workspace, and returns the folder
 * that holds its `node_modules`. A second call finds the finished install; an interrupted one is begun again.
 */
export async function pinnedInstall(source: string, cache: string): Promise<string> {
  const files = ["package.json", "package-lock.json"] as const;
  const hash = createHash("sha256").update(`${process.platform}-${process.arch}\0`);
  for (const file of files) hash.update(await readFile(join(source, file)));
  const target = join(cache, hash.digest("hex").slice(0, 16));
  const complete = join(target, "complete");
  if (await exists(complete)) return target;
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true });
  for (const file of files) await copyFile(join(source, file), join(target, file));
  await runCommand(["npm", "ci", ...quietNpm], { cwd: target });
  await writeFile(complete, "");
  return target;
}

/** True when something stands at the path. */
export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
