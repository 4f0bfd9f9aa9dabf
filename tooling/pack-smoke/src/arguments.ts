import { parseArgs } from "node:util";

/** What one run does. */
export interface Arguments {
  /** Major versions of Node to try; empty means all. */
  readonly majors: readonly string[];
  /** Short names (`schema`) of the packages to try; empty means all. */
  readonly packages: readonly string[];
  readonly keep: boolean;
}

/** How the command is used. */
export const usage = `Usage: node tooling/pack-smoke/src/main.ts [--node <major>]... [--keep] [package]...

Packs every publishable package, installs the tarballs with npm into empty projects, and uses them there.

  --node <major>   only this Node (20, 22, 24, 26); may be repeated
  --keep           leave the projects in the temporary folder for a look
  package          only these packages (schema, atomic-io, cli, ...)
`;

/** Reads the command line. @throws TypeError on an unknown option. */
export function parseArguments(argv: readonly string[]): Arguments {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { node: { type: "string", multiple: true }, keep: { type: "boolean" } },
  });
  return { majors: values.node ?? [], packages: positionals, keep: values.keep ?? false };
}
