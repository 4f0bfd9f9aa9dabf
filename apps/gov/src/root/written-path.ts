import { dirname, join } from "node:path";
import { InputError } from "../command.ts";
import type { Context } from "../context.ts";
import { isInside } from "./is-inside.ts";

/**
 * Where a path that a route, a commit or a document names is written below a root. The path itself stays inside; a symbolic link on its way that leads out of the root,
 * or nowhere, would take the file along, so it is refused.
 */
export async function writtenPath({ fs }: Context, directory: string, path: string): Promise<string> {
  const absolute = join(directory, path);
  for (let place = absolute; isInside(directory, place) && place !== directory; place = dirname(place)) {
    const stands = await fs.lstat(place).then(
      () => true,
      () => false,
    );
    if (!stands) continue;
    const real = await fs.realpath(place).catch(() => null);
    if (real !== null && isInside(await fs.realpath(directory), real)) return absolute;
    throw new InputError("CLI_OUTSIDE_ROOT", `Cannot write "${path}": a link on its way leads out of the governed root`, {
      hint: "put a folder or file of its own there",
    });
  }
  return absolute;
}
