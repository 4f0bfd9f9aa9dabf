import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Entry, expandPattern } from "./entries.ts";
import { runCommand } from "./run-command.ts";

/** How a strict consumer compiles. */
export interface ConsumerOptions {
  /** The project the packages are installed in. */
  readonly directory: string;
  /** The folder whose `node_modules` holds the compilers and Node's types. */
  readonly tools: string;
  /** The compiler's name in `tools`. */
  readonly compiler: string;
  readonly module: "nodenext" | "bundler";
  /** Files of each package, for pattern entries. */
  readonly files: ReadonlyMap<string, readonly string[]>;
}

/** Type-checks a consumer of every entry under the strictest settings, declaration files of the dependencies included. */
export async function checkStrictConsumer(entries: readonly Entry[], options: ConsumerOptions): Promise<string> {
  const folder = join(options.directory, `types-${options.compiler}-${options.module}`);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify(strictConfig(options), null, 2));
  await writeFile(join(folder, "consumer.mts"), esmConsumer(entries, options.files));
  if (options.module === "nodenext") await writeFile(join(folder, "consumer.cts"), commonJsConsumer(entries));
  const tsc = join(options.tools, "node_modules", options.compiler, "bin", "tsc");
  await runCommand([process.execPath, tsc, "--project", folder], { cwd: folder });
  return `${entries.length} entries`;
}

/** Returns a module that uses every entry the way ESM code does. */
export function esmConsumer(entries: readonly Entry[], files: ReadonlyMap<string, readonly string[]>): string {
  const lines = entries.flatMap((entry) => {
    if (entry.kind === "code") return [`import * as ${identifier(entry.specifier)} from "${entry.specifier}";`];
    if (entry.kind === "data") return [`import ${identifier(entry.specifier)} from "${entry.specifier}" with { type: "json" };`];
    const packed = files.get(entry.specifier.split("/").slice(0, 2).join("/")) ?? [];
    return expandPattern(entry, packed).map((one) => `import ${identifier(one)} from "${one}" with { type: "json" };`);
  });
  const names = lines.map((line) => /^import (?:\* as )?(\w+)/.exec(line)?.[1]);
  return `${lines.join("\n")}\n\nexport const used: readonly object[] = [${names.join(", ")}];\n`;
}

/** Returns a module that uses every code entry the way CommonJS code does, which Node >=20.19 serves. */
export function commonJsConsumer(entries: readonly Entry[]): string {
  const code = entries.filter((entry) => entry.kind === "code").map((entry) => entry.specifier);
  const lines = code.map((specifier) => `import ${identifier(specifier)} = require("${specifier}");`);
  return `${lines.join("\n")}\n\nexport const used: readonly object[] = [${code.map(identifier).join(", ")}];\n`;
}

function identifier(specifier: string): string {
  return specifier.replace(/[^A-Za-z0-9]+/g, "_");
}

function strictConfig(options: ConsumerOptions): object {
  const mode =
    options.module === "nodenext" ? { module: "nodenext" } : { module: "esnext", moduleResolution: "bundler", resolveJsonModule: true };
  return {
    compilerOptions: {
      ...mode,
      target: "es2023",
      lib: ["es2023"],
      strict: true,
      exactOptionalPropertyTypes: true,
      noImplicitOverride: true,
      noPropertyAccessFromIndexSignature: true,
      noUncheckedIndexedAccess: true,
      noUncheckedSideEffectImports: true,
      isolatedModules: true,
      resolveJsonModule: true,
      skipLibCheck: false,
      noEmit: true,
      typeRoots: [join(options.tools, "node_modules", "@types")],
      types: ["node"],
    },
    include: ["consumer.*"],
  };
}
