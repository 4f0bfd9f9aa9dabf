import type { Flag } from "../command.ts";

/** The shells that there is a completion for. */
export const shells = ["bash", "zsh", "fish"] as const;

/** What a shell can complete of one command. */
export interface Completed {
  readonly name: string;
  readonly summary: string;
  readonly flags: Readonly<Record<string, Flag>>;
}

/** Renders the completion script of a shell: commands, their second words, flags, and the values of flags that allow a few only. */
export function renderCompletion(shell: (typeof shells)[number], commands: readonly Completed[]): string {
  if (shell === "fish") return fish(commands);
  const script = bash(commands);
  return shell === "bash" ? script : `#compdef gov\nautoload -U +X bashcompinit && bashcompinit\n${script}`;
}

function bash(commands: readonly Completed[]): string {
  const cases = commands.map(({ name, flags }) => `    "${name}") flags="${names(flags)}" ;;`);
  const valued = new Map(
    commands.flatMap(({ flags }) =>
      Object.entries(flags).flatMap(([name, { words }]) => (words === undefined ? [] : [[name, words.join(" ")] as const])),
    ),
  );
  return `# Completion of gov for bash: source <(gov completion bash)
_gov() {
  local word="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" first="\${COMP_WORDS[1]}" name flags=""
  case "$previous" in
${[...valued].map(([name, words]) => `    --${name}) COMPREPLY=($(compgen -W "${words}" -- "$word")); return ;;`).join("\n")}
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then COMPREPLY=($(compgen -W "${[...firstWords(commands)].join(" ")}" -- "$word")); return; fi
  if [ "$COMP_CWORD" -eq 2 ]; then
    case "$first" in
${[...nouns(commands)].map(([noun, verbs]) => `      ${noun}) COMPREPLY=($(compgen -W "${verbs.join(" ")}" -- "$word")) ;;`).join("\n")}
    esac
    [ "\${#COMPREPLY[@]}" -gt 0 ] && return
  fi
  for name in "$first \${COMP_WORDS[2]}" "$first"; do
    case "$name" in
${cases.join("\n")}
    esac
    [ -n "$flags" ] && break
  done
  case "$word" in -*) COMPREPLY=($(compgen -W "$flags" -- "$word")) ;; esac
}
complete -o default -F _gov gov
`;
}

function fish(commands: readonly Completed[]): string {
  const lines = ["# Completion of gov for fish: gov completion fish | source", "complete -c gov -e"];
  const said = new Set<string>();
  for (const { name, summary, flags } of commands) {
    const [noun = "", verb] = name.split(" ");
    const isSaid = said.has(noun);
    said.add(noun);
    if (verb === undefined) lines.push(`complete -c gov -n __fish_use_subcommand -a ${noun} -d ${quoted(summary)}`);
    else {
      if (!isSaid) lines.push(`complete -c gov -n __fish_use_subcommand -a ${noun}`);
      lines.push(`complete -c gov -n "__fish_seen_subcommand_from ${noun}" -a ${verb} -d ${quoted(summary)}`);
    }
    const condition = ["__fish_seen_subcommand_from", noun, ...(verb === undefined ? [] : ["; and __fish_seen_subcommand_from", verb])];
    for (const [flag, { type, short, words, description }] of Object.entries(flags)) {
      const value = type === "boolean" ? "" : words === undefined ? " -r" : ` -x -a ${quoted(words.join(" "))}`;
      const letter = short === undefined ? "" : ` -s ${short}`;
      lines.push(`complete -c gov -n "${condition.join(" ")}" -l ${flag}${letter}${value} -d ${quoted(description)}`);
    }
  }
  return `${lines.join("\n")}\n`;
}

function firstWords(commands: readonly Completed[]): ReadonlySet<string> {
  return new Set([...commands.map(({ name }) => name.split(" ")[0] ?? ""), "help", "--help", "--version"]);
}

function nouns(commands: readonly Completed[]): ReadonlyMap<string, readonly string[]> {
  const verbs = new Map<string, string[]>();
  for (const { name } of commands) {
    const [noun = "", verb] = name.split(" ");
    if (verb !== undefined) verbs.set(noun, [...(verbs.get(noun) ?? []), verb]);
  }
  return verbs;
}

function names(flags: Readonly<Record<string, Flag>>): string {
  return Object.keys(flags)
    .map((name) => `--${name}`)
    .join(" ");
}

function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
