import type { Digest } from "../canonical/digest.ts";
import type { PresetName } from "../presets/preset.ts";
import type { ContractSpec, HydrationSpec, MetadataSpec, PromotionSpec, RbacSpec, RoutingSpec, RulebookSpec, SyncSpec } from "../rules.ts";

/** Every rule in force at one moment, resolved: what the approved rule documents say, on top of a preset. Its digest is the rulebook hash. */
export interface Rulebook {
  readonly preset: { readonly name: PresetName; readonly version: number };
  /** What `gov.yaml` extends, the weakest first, each with the digest of its bytes; absent where it extends nothing. */
  readonly extends?: readonly { readonly source: string; readonly digest: Digest }[];
  /** Null when no approved `artifact_schema.mdc` adds to the shipped metadata schema. */
  readonly metadata: MetadataSpec | null;
  /** Null when no approved `artifact_routing.mdc` says where artifacts belong. */
  readonly routing: RoutingSpec | null;
  readonly hydration: HydrationSpec;
  readonly contract: ContractSpec | null;
  readonly sync: SyncSpec | null;
  readonly promotion: PromotionSpec | null;
  /** Gates of the preset, replaced by name by those of `rulebook.yaml`. */
  readonly gates: RulebookSpec["gates"];
  readonly governance: RulebookSpec["governance"];
  /** Severities per code, where `rulebook.yaml` sets any. */
  readonly severities?: RulebookSpec["severities"];
  /** What waivers may do; absent where `rulebook.yaml` does not say, and then nothing can be waived. */
  readonly waivers?: RulebookSpec["waivers"];
  /** Green runs that each step of enforcement asks for, where `rulebook.yaml` says so. */
  readonly enforcement?: RulebookSpec["enforcement"];
  /** Modules of the user's own that gates may run, where `rulebook.yaml` names any. */
  readonly modules?: RulebookSpec["modules"];
  /** Numbers that `rulebook.yaml` gives otherwise than the preset, where it gives any. */
  readonly thresholds?: RulebookSpec["thresholds"];
  readonly rbac: RbacSpec | null;
  readonly kpis: RulebookSpec["kpis"];
  /** Version of the schema in force, per kind (SCH-07). */
  readonly schemas: Readonly<Record<string, number>>;
}
