import { diffManifests } from "@gov/manifest";
import { type Command, UsageError } from "../command.ts";
import { loadGoverned } from "../root/load-governed.ts";
import { rootFlags } from "../root/locate-root.ts";
import { pathInRoot } from "../root/path-in-root.ts";
import { readManifestAt } from "../root/sealed-manifest.ts";

/** Shows what differs between two manifests, by what they say; `gov verify` tells whether that is to be believed. */
export const manifestDiff: Command = {
  usage: "<from> <to>",
  maxPositionals: 2,
  flags: rootFlags,
  examples: [
    "gov manifest diff frameworks/planning-be/manifests/PLN-BE-2026-01-handoff_manifest.yaml frameworks/planning-be/manifests/PLN-BE-2026-02-handoff_manifest.yaml",
  ],
  async run(context, call) {
    const [from, to] = call.positionals;
    if (from === undefined || to === undefined) throw new UsageError("Missing the two manifests");
    const governed = await loadGoverned(context, call);
    const [first, second] = [
      await readManifestAt(context, governed, pathInRoot(context, governed, from)),
      await readManifestAt(context, governed, pathInRoot(context, governed, to)),
    ];
    const diff = diffManifests(first.model, second.model);
    const lines = [
      ...diff.added.map((path) => `+ ${path}`),
      ...diff.removed.map((path) => `- ${path}`),
      ...diff.changed.map(({ path }) => `~ ${path}`),
      ...(diff.fields.length === 0 ? [] : [`fields: ${diff.fields.join(", ")}`]),
    ];
    return {
      data: { from: first.model.manifestId, to: second.model.manifestId, diff },
      findings: [],
      view: lines.length === 0 ? [{ type: "line", mark: "pass", text: "The two say the same" }] : [{ type: "lines", lines }],
    };
  },
};
