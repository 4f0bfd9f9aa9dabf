/** One thing that only makes sense on somebody's machine. */
export interface MachineWord {
  readonly pattern: RegExp;
  readonly what: string;
}

/** Absolute paths of one machine; a segment in the middle of a relative path is none. */
export const machineWords: readonly MachineWord[] = [
  { pattern: /(?<![\w.~}-])\/(?:work|root)\/[\w.]/g, what: "an absolute path of one machine" },
  { pattern: /(?<![\w.~}-])\/(?:home|Users)\/[\w.-]+/g, what: "a home directory" },
  { pattern: /\b[A-Z]:\\+Users\\+\w/g, what: "a home directory" },
];

/** Hosts that serve packages, and the ones that anybody can reach. */
export const registryHost = /\bhttps?:\/\/([^\s/"'`)>]*(?:registry|npm|verdaccio|nexus|artifactory)[^\s/"'`)>]*)/g;
export const publicHosts: ReadonlySet<string> = new Set(["registry.npmjs.org", "www.npmjs.com", "docs.npmjs.com", "npmjs.com"]);
