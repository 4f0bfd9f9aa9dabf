import ts from "typescript";
import type { Example } from "./collect-examples.ts";

/** Erases the types of an example, for a Node that cannot strip them itself; nothing else about the code changes. */
export function toJavaScript(example: Example): string {
  const compilerOptions: ts.CompilerOptions = { target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true };
  return ts.transpileModule(example.code, { compilerOptions, fileName: "example.mts" }).outputText;
}
