import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { examplesOf, toJavaScript } from "@gov/tooling-doctest";
import { runCommand } from "./run-command.ts";

/**
 * Runs every example of the README that an installed package carries, each as its own module in its own empty folder of the
 * consumer's project, so that it finds nothing but what npm installed there.
 *
 * @throws Error when the README has no example, or one fails.
 */
export async function runReadmeExamples(
  packageName: string,
  options: { readonly directory: string; readonly executable: string },
): Promise<string> {
  const readme = join(options.directory, "node_modules", packageName, "README.md");
  const examples = examplesOf(`${packageName}/README.md`, await readFile(readme, "utf8").catch(() => ""));
  if (examples.length === 0) throw new Error(`Cannot run an example of "${packageName}": it carries no README with a ts fence`);
  const failures: string[] = [];
  for (const example of examples) {
    const folder = join(options.directory, "examples", packageName.replace(/^@/, "").replace("/", "-"), `line-${example.line}`);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "example.mjs"), toJavaScript(example));
    await runCommand([options.executable, "example.mjs"], { cwd: folder, timeoutMs: 60_000 }).catch((error: Error) => {
      failures.push(`${example.file}:${example.line}: ${error.message}`);
    });
  }
  if (failures.length > 0) throw new Error(failures.join("\n"));
  return `${examples.length} examples`;
}
