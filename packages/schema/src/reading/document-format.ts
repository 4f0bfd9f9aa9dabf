import { type DocumentFormat } from "../artifact.ts";

const formats: Readonly<Record<string, DocumentFormat>> = Object.freeze({
  md: "markdown",
  markdown: "markdown",
  mdx: "markdown",
  mdc: "markdown",
  yaml: "yaml",
  yml: "yaml",
  json: "json",
  jsonc: "json",
});

/** Tells a document's format from its path: by extension, in any case; everything unknown is opaque (SCH-10). */
export function documentFormat(path: string): DocumentFormat {
  const extension = pathExtension(path);
  return Object.hasOwn(formats, extension) ? (formats[extension] ?? "opaque") : "opaque";
}

/** The text after the last dot of the last segment in lower case; empty without one. */
export function pathExtension(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const dot = name.lastIndexOf(".");
  return dot < 0 ? "" : name.slice(dot + 1).toLowerCase();
}

// Files named `.json` in which their own tools take comments.
const commented =
  /(?:^|\/)(?:(?:ts|js)config(?:\.[\w.-]+)?\.json|\.vscode\/[^/]+\.json|\.?devcontainer\.json|\.eslintrc\.json|[^/]+\.jsonc)$/i;

/** True where a path names JSON with comments. */
export function isJsoncPath(path: string): boolean {
  return commented.test(path);
}
