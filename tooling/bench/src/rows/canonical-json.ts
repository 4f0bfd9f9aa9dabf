import { canonicalJson } from "@gov/schema/canonical";
import { generateManifest } from "../fixtures/manifest.ts";
import type { PreparedRow, Row, RowContext } from "../row.ts";

/** Canonical JSON of a manifest of 17,500 artifacts, keys already sorted and not. */
export const canonicalJsonRows: readonly Row[] = [
  {
    id: "canonical-json-sorted",
    title: "RFC 8785 form of a 4 MB manifest, keys already in order",
    prepare: (context) => prepare(context, true),
  },
  {
    id: "canonical-json-unsorted",
    title: "RFC 8785 form of a 4 MB manifest, keys in random order",
    prepare: (context) => prepare(context, false),
  },
];

async function prepare({ random, peers, quick }: RowContext, sorted: boolean): Promise<PreparedRow> {
  const artifacts = quick ? 2_000 : 17_500;
  const manifest = generateManifest(artifacts, { random, sorted });
  const canonicalize = (await peers.load<{ readonly default: (value: unknown) => string }>("canonicalize")).default;
  const stable = (await peers.load<{ readonly default: (value: unknown) => string }>("fast-json-stable-stringify")).default;
  const expected = canonicalize(manifest);
  const own = canonicalJson(manifest);
  if (own !== expected) throw new Error("Cannot compare: canonicalJson and canonicalize give different bytes");
  return {
    subject: "@gov/schema canonicalJson",
    contenders: [
      { name: "@gov/schema canonicalJson", run: () => void canonicalJson(manifest) },
      { name: await peers.label("canonicalize"), run: () => void canonicalize(manifest) },
      { name: await peers.label("fast-json-stable-stringify"), run: () => void stable(manifest) },
      { name: "JSON.stringify (not canonical, for scale)", run: () => void JSON.stringify(manifest) },
    ],
    rounds: quick ? 7 : 25,
    warmups: 3,
    notes: [
      `${artifacts} artifacts, ${(Buffer.byteLength(own) / 1e6).toFixed(2)} MB of canonical text; same bytes as canonicalize.`,
      "fast-json-stable-stringify orders keys but follows RFC 8785 in nothing else; JSON.stringify keeps the order of insertion.",
    ],
  };
}
