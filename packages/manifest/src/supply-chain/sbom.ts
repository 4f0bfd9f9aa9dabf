import type { JsonObject } from "@gov/schema";
import { digestJson } from "@gov/schema/canonical";
import { parseInstant } from "../internal/instant.ts";
import type { WorkspacePackage, WorkspacePackages } from "./workspace-packages.ts";

/** What {@link createSbom} needs beside the packages. */
export interface SbomOptions {
  /** Name of what is described. */
  readonly name: string;
  /** URI below which this document gets one of its own, by its content. */
  readonly namespace: string;
  /** RFC 3339 UTC, from the caller's clock; decimals are dropped, as SPDX has none. */
  readonly created: string;
  /** Who made it, such as `gov-1.0.0`. */
  readonly tool: string;
}

/** An SPDX 2.3 document. */
export type SpdxDocument = JsonObject;

/** Predicate type of an attested SPDX document, as cosign and GitHub write it. */
export const spdxPredicate = "https://spdx.dev/Document";

/**
 * Creates the SPDX 2.3 document of a workspace (QAC-07): its own packages, which it describes, and everything they need, each with its version, where it comes from, its
 * checksum and its package URL. The same packages give the same document. Pure.
 *
 * @throws RangeError when `created` is no RFC 3339 time in UTC, the namespace no URI, or two packages have one id.
 */
export function createSbom({ packages }: WorkspacePackages, options: SbomOptions): SpdxDocument {
  const { name, namespace, created, tool } = options;
  if (parseInstant(created) === null) throw new RangeError(`Cannot create the SBOM: created must be RFC 3339 in UTC, and is "${created}"`);
  if (!URL.canParse(namespace)) throw new RangeError(`Cannot create the SBOM: its namespace must be a URI, and is "${namespace}"`);
  const sorted = [...packages].sort((a, b) => (a.id < b.id ? -1 : 1));
  const twin = sorted.find(({ id }, index) => sorted[index - 1]?.id === id);
  if (twin !== undefined) throw new RangeError(`Cannot create the SBOM: two packages have the id "${twin.id}"`);
  const known = new Map(sorted.map(({ id }) => [id, spdxId(id)]));
  const content = { name, packages: sorted.map((one) => describe(one)), relationships: sorted.flatMap((one) => relate(one, known)) };
  return {
    spdxVersion: "SPDX-2.3",
    dataLicense: "CC0-1.0",
    SPDXID: "SPDXRef-DOCUMENT",
    name,
    documentNamespace: `${namespace.replace(/\/$/, "")}/${digestJson(content).slice("sha256:".length)}`,
    creationInfo: { created: `${created.slice(0, 19)}Z`, creators: [`Tool: ${tool}`] },
    packages: content.packages,
    relationships: content.relationships,
  };
}

/** Returns the text of `sbom.spdx.json`: JSON with two spaces and a final newline. */
export function renderSbom(document: SpdxDocument): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

function describe(one: WorkspacePackage): JsonObject {
  const { id, name, version, license, integrity, own, source } = one;
  const checksum = integrity === null ? null : toChecksum(integrity);
  return {
    SPDXID: spdxId(id),
    name,
    versionInfo: version,
    // A workspace package is not downloaded; where a registry's archive lies, only its client knows.
    downloadLocation: source ?? "NOASSERTION",
    filesAnalyzed: false,
    licenseConcluded: "NOASSERTION",
    licenseDeclared: license ?? "NOASSERTION",
    copyrightText: "NOASSERTION",
    supplier: "NOASSERTION",
    primaryPackagePurpose: own ? "APPLICATION" : "LIBRARY",
    externalRefs: [{ referenceCategory: "PACKAGE-MANAGER", referenceType: "purl", referenceLocator: packageUrl(name, version) }],
    ...(checksum === null ? {} : { checksums: [checksum] }),
  };
}

function relate(one: WorkspacePackage, known: ReadonlyMap<string, string>): readonly JsonObject[] {
  const from = spdxId(one.id);
  const to = (id: string): string => known.get(id) ?? "NOASSERTION";
  const described = { spdxElementId: "SPDXRef-DOCUMENT", relationshipType: "DESCRIBES", relatedSpdxElement: from };
  return [
    ...(one.own ? [described] : []),
    ...[...one.dependsOn].sort().map((id) => ({ spdxElementId: from, relationshipType: "DEPENDS_ON", relatedSpdxElement: to(id) })),
    ...[...one.builtWith].sort().map((id) => ({ spdxElementId: to(id), relationshipType: "DEV_DEPENDENCY_OF", relatedSpdxElement: from })),
  ];
}

/** SPDX 2.3, clause 7.2: letters, digits, dots and hyphens. What else an id holds is written by its code, so that no two ids meet. */
function spdxId(id: string): string {
  return `SPDXRef-Package-${id.replace(/[^A-Za-z0-9.]/gu, (char) => `-${(char.codePointAt(0) ?? 0).toString(16)}-`)}`;
}

/** Package URL specification, type npm: the scope is the namespace, each part percent-encoded. */
function packageUrl(name: string, version: string): string {
  return `pkg:npm/${name.split("/").map(encodeURIComponent).join("/")}@${encodeURIComponent(version)}`;
}

/** Subresource integrity (`sha512-<base64>`) as SPDX has it; of several, the strongest. */
function toChecksum(integrity: string): JsonObject | null {
  for (const [prefix, algorithm] of [
    ["sha512-", "SHA512"],
    ["sha384-", "SHA384"],
    ["sha256-", "SHA256"],
    ["sha1-", "SHA1"],
  ] as const) {
    const found = integrity.split(/\s+/).find((one) => one.startsWith(prefix));
    if (found !== undefined) return { algorithm, checksumValue: Buffer.from(found.slice(prefix.length), "base64").toString("hex") };
  }
  return null;
}
