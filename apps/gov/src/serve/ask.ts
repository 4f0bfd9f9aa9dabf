import { asOf } from "../as-of.ts";
import { flagsOf, globalFlags, parseArguments } from "../arguments.ts";
import { type Command, type CommandEntry, type Flags, type Outcome, UsageError } from "../command.ts";
import { createLogPlaces } from "../log-places.ts";
import type { World } from "../context.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { describeFailure, type Failure } from "../failure.ts";
import { findCommand } from "../find-command.ts";
import { guardFileSystem } from "../guarded-file-system.ts";
import { type RootPlace, rootFlags } from "../root/locate-root.ts";
import { admitRoot } from "../root/storage-folder.ts";
import { wallFileSystem } from "../walled-file-system.ts";

/** What a command answered: what it found out, or why it could not. */
export type Answer = { readonly argv: readonly string[] } & (
  { readonly ok: true; readonly outcome: Outcome; readonly exitCode: ExitCode } | { readonly ok: false; readonly failure: Failure }
);

/** Asks a command line, and never throws. */
export type Ask = (argv: readonly string[]) => Promise<Answer>;

/**
 * Lets a page ask the commands that a person types: what is shown is what `gov` says. Nothing asked this way can write, whatever it is: its file
 * system is never permitted to. Nothing looks for a root either, which might be one above: every question is about the one at `place`, with the configuration there.
 * One question asked again within `keepMs` gets the same answer.
 */
export function createAsk(
  world: World,
  { commands, keepMs, place }: { readonly commands: readonly CommandEntry[]; readonly keepMs: number; readonly place: RootPlace },
): Ask {
  const kept = new Map<string, { readonly at: number; readonly answer: Promise<Answer> }>();
  return (argv) => {
    const key = JSON.stringify(argv);
    const now = world.clock.monotonicMs();
    const known = kept.get(key);
    if (known !== undefined && now - known.at < keepMs) return known.answer;
    for (const [other, { at }] of kept) if (now - at >= keepMs) kept.delete(other);
    const answer = askOnce(argv, { ...world, cwd: place.directory }, { commands, place });
    kept.set(key, { at: now, answer });
    return answer;
  };
}

const ignore = (): void => undefined;

async function askOnce(
  argv: readonly string[],
  world: World,
  { commands, place }: { readonly commands: readonly CommandEntry[]; readonly place: RootPlace },
): Promise<Answer> {
  try {
    const asked = findCommand(argv, commands);
    if (asked.type !== "command") throw new UsageError(`"${argv.join(" ")}" is no command`);
    const command = await asked.entry.load();
    const flags = { ...globalFlags, ...flagsOf(asked.entry, command) };
    const { values: given, positionals } = parseArguments(asked.rest, flags, command.maxPositionals);
    const values = { ...placeFlags(command, place), ...given };
    const walled = wallFileSystem(world.fs);
    const { fs } = guardFileSystem(walled.fs);
    const refuse = (): never => {
      throw new UsageError(`Cannot call gov ${asked.entry.name} here: it changes something, and can only be tried with --dry-run`);
    };
    const context = {
      ...(await asOf(world, asked.entry, values)),
      fs,
      cacheFs: walled.fs,
      ask: null,
      progress: ignore,
      tell: ignore,
      permit: refuse,
      isPermitted: () => false,
      opened: (directory: string) => admitRoot(walled, world, directory),
      writesBelow: ignore,
      mustStayInside: walled.mustStayInside,
      spans: null,
      ...createLogPlaces(),
    };
    const outcome = await command.run(context, { positionals, flags: values, commands });
    const fails = outcome.findings.some(({ severity }) => severity === "error");
    return { argv, ok: true, outcome, exitCode: outcome.exitCode ?? (fails ? exitCodes.findings : exitCodes.ok) };
  } catch (error) {
    return { argv, ok: false, failure: describeFailure(error) };
  }
}

/** The flags that say where the root and its configuration are, of a command that has them. */
function placeFlags({ flags }: Command, { directory, configPath }: RootPlace): Flags {
  const place = { root: directory, config: configPath };
  return Object.fromEntries(Object.entries(place).filter(([name]) => flags[name] !== undefined && flags[name] === rootFlags[name]));
}
