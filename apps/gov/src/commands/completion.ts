import { type Command, UsageError } from "../command.ts";
import { flagsOf, globalFlags } from "../arguments.ts";
import { type Completed, renderCompletion, shells } from "../render/completion.ts";

/** Prints the completion script of a shell, made from the command table. */
export const completion: Command = {
  usage: "<bash|zsh|fish>",
  maxPositionals: 1,
  flags: {},
  examples: ["gov completion bash", "gov completion zsh", "gov completion fish"],
  async run(_context, call) {
    const [wanted] = call.positionals;
    const shell = shells.find((name) => name === wanted);
    if (shell === undefined)
      throw new UsageError(
        wanted === undefined ? "Missing the shell" : `There is no completion for "${wanted}"`,
        `one of ${shells.join(", ")}, such as: source <(gov completion bash)`,
      );
    const commands = await Promise.all(
      call.commands.map(async (entry): Promise<Completed> => {
        const flags = { ...flagsOf(entry, await entry.load()), ...globalFlags };
        return { name: entry.name, summary: entry.summary, flags };
      }),
    );
    const script = renderCompletion(shell, commands);
    return { data: { shell, script }, findings: [], view: [{ type: "raw", text: script }] };
  },
};
