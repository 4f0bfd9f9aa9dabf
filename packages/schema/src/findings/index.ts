/**
 * Findings as other tools read them: SARIF, JUnit, GitHub annotations and Markdown, and the fingerprints they are known again by.
 *
 * @packageDocumentation
 */
export { applySeverities } from "./apply-severities.ts";
export { type Baseline, type BaselineComparison, compareWithBaseline, createBaseline, parseBaseline } from "./baseline.ts";
export { fingerprintFindings, type FingerprintOptions, type SourceLine } from "./fingerprint-findings.ts";
export { renderAnnotations } from "./render-annotations.ts";
export { renderJunit, type RenderJunitOptions } from "./render-junit.ts";
export { renderMarkdown, type RenderMarkdownOptions } from "./render-markdown.ts";
export { renderSarif, type RenderSarifOptions, type ReportRule, type ReportTool, sarifLimits } from "./render-sarif.ts";
