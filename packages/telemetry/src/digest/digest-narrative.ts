/** Something that is done or not; null while nobody knows. */
export interface NarrativeItem {
  readonly name: string;
  readonly isDone: boolean | null;
}

/** What the long digest of c22 says beside the numbers (DIG-04); null or empty where nothing is known. Percentages, shares and variances are computed from it. */
export interface DigestNarrative {
  readonly frameworkVersion: string | null;
  /** RFC 3339. */
  readonly generated: string | null;
  readonly summary: string | null;
  readonly highlights: readonly string[];
  readonly designDecisions: readonly string[];
  readonly deliverables: readonly NarrativeItem[];
  readonly risks: readonly {
    readonly risk: string;
    readonly impact: "High" | "Low" | "Medium";
    readonly probability: "High" | "Low" | "Medium";
    /** Null while there is none. */
    readonly mitigation: string | null;
  }[];
  readonly policies: readonly NarrativeItem[];
  readonly checklist: readonly NarrativeItem[];
  readonly quality: readonly { readonly name: string; readonly value: string | null }[];
  readonly phases: readonly { readonly phase: string; readonly plannedDays: number; readonly actualDays: number | null }[];
  readonly milestones: readonly NarrativeItem[];
  readonly resources: readonly { readonly name: string; readonly hours: number; readonly plannedHours: number }[];
  readonly immediateActions: readonly string[];
  readonly longTermConsiderations: readonly string[];
  readonly workedWell: readonly string[];
  readonly toImprove: readonly string[];
  readonly nextObjectives: readonly string[];
  readonly successCriteria: readonly string[];
  readonly versions: readonly { readonly version: string; readonly date: string; readonly note: string }[];
  readonly distribution: readonly string[];
  /** Date, `YYYY-MM-DD`. */
  readonly nextDigest: string | null;
  readonly contact: string | null;
  readonly repository: string | null;
}
