import { contractsOf } from "@gov/gates";
import { contractFindings } from "@gov/gates/validators";
import type { DependencyContracts } from "@gov/schema";
import { formatUtc } from "@gov/telemetry";
import { type Block, type Command, InputError } from "../command.ts";
import { lineReader } from "../root/parsed-documents.ts";
import { loadGoverned } from "../root/load-governed.ts";
import { rootFlags } from "../root/locate-root.ts";

/** Lists what the streams owe each other, and what is wrong with it today; with an id, that one with everything its document says. */
export const contractList: Command = {
  usage: "[contract]",
  maxPositionals: 1,
  flags: rootFlags,
  examples: ["gov contract list", "gov contract list DC-1"],
  async run(context, call) {
    const [wanted] = call.positionals;
    const governed = await loadGoverned(context, call);
    const asOf = formatUtc(context.clock.now());
    const documents = governed.documents.artifacts.filter(({ kind }) => kind === "dependency_contracts");
    const contracts = documents
      .flatMap(({ path, data }) => {
        const { contracts: written } = data as unknown as DependencyContracts;
        const judged = contractsOf(data as unknown as DependencyContracts, { path, lineOf: lineReader(governed)(path) });
        return judged.map((contract, index) => ({ ...written[index], ...contract, findings: contractFindings(contract, { asOf }) }));
      })
      .filter(({ id }) => wanted === undefined || id === wanted);
    if (wanted !== undefined && contracts.length === 0)
      throw new InputError("CLI_NO_SUCH_CONTRACT", `There is no contract "${wanted}"`, { hint: "gov contract list shows them all" });
    const rows = contracts.map(({ id, state, provider, consumer, owner, due, escalationTo }) =>
      [id, state, `${String(provider)} for ${String(consumer)}`, owner ?? "nobody", due ?? "", escalationTo ?? ""].map(String),
    );
    const none: Block = { type: "line", mark: "none", text: "No dependency contract" };
    const table: Block = { type: "table", head: ["id", "state", "who owes whom", "owner", "due", "escalate to"], rows };
    return {
      data: { contracts: contracts.map(({ findings: _, ...contract }) => contract) },
      findings: contracts.flatMap(({ findings }) => findings),
      view: [contracts.length === 0 ? none : table],
    };
  },
};
