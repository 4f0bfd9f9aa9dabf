import ts from "typescript";
import type { Check, Violation } from "../check.ts";
import { workspacePackages, type WorkspacePackage } from "../packages.ts";
import type { Repo } from "../repo.ts";
import { lineOf, parse } from "../source.ts";

/** Where the prefix is not the name of the package. */
const prefixes: ReadonlyMap<string, string> = new Map([["index-writer", "INDEX_"]]);

interface Code {
  readonly code: string;
  readonly path: string;
  readonly line: number;
  /** Thrown in an error, as opposed to reported in a finding. */
  readonly thrown: boolean;
}

/** Every code is unique and carries its package's prefix; a thrown one is explained in the README and appears in a test. */
export const errorCodes: Check = {
  name: "error-codes",
  run: (repo) => {
    const seen = new Map<string, Code>();
    return workspacePackages(repo).flatMap((pkg) => {
      const codes = codesOf(repo, pkg);
      const errors = `${pkg.folder}/src/errors.ts`;
      const silent = !pkg.app && repo.files.has(errors) && !codes.some(({ thrown }) => thrown);
      return [
        ...(silent ? [{ path: errors, line: 1, message: "No `const …ErrorCodes = […] as const` in a package with errors" }] : []),
        ...codes.flatMap((code) => {
          const other = seen.get(code.code);
          seen.set(code.code, code);
          const twice = other === undefined ? [] : [complain(code, `Code "${code.code}" stands in ${other.path} too`)];
          return [
            ...twice,
            ...(pkg.app ? [] : formProblems(pkg, code)),
            ...(code.thrown && !pkg.app ? proofProblems(repo, pkg, code) : []),
          ];
        }),
      ];
    });
  },
};

function complain({ path, line }: Code, message: string): Violation {
  return { path, line, message };
}

/** Codes stand in `export const fooErrorCodes = […] as const` and `export const fooFindingCodes = […] as const`. */
function codesOf(repo: Repo, { sources }: WorkspacePackage): readonly Code[] {
  return sources.flatMap((path) =>
    parse(repo, path).statements.flatMap((statement) => {
      if (!ts.isVariableStatement(statement)) return [];
      return statement.declarationList.declarations.flatMap(({ name, initializer }) => {
        const kind = /(error|finding)Codes$/i.exec(name.getText())?.[1]?.toLowerCase();
        const list = initializer !== undefined && ts.isAsExpression(initializer) ? initializer.expression : initializer;
        if (kind === undefined || list === undefined || !ts.isArrayLiteralExpression(list)) return [];
        return list.elements.flatMap((element) =>
          ts.isStringLiteralLike(element) ? [{ code: element.text, path, line: lineOf(element), thrown: kind === "error" }] : [],
        );
      });
    }),
  );
}

function formProblems(pkg: WorkspacePackage, code: Code): readonly Violation[] {
  const short = pkg.name.replace("@gov/", "");
  const prefix = prefixes.get(short) ?? `${short.toUpperCase().replaceAll("-", "_")}_`;
  if (code.code.startsWith(prefix) && /^[A-Z0-9]+(?:_[A-Z0-9]+)+$/.test(code.code)) return [];
  return [complain(code, `Code "${code.code}" is not SCREAMING_SNAKE_CASE with the prefix "${prefix}"`)];
}

function proofProblems(repo: Repo, pkg: WorkspacePackage, code: Code): readonly Violation[] {
  const whole = new RegExp(`\\b${code.code}\\b`);
  const errors = /^## Errors$([\s\S]*?)(?=^## |(?![\s\S]))/m.exec(repo.files.get(`${pkg.folder}/README.md`) ?? "")?.[1] ?? "";
  const explained = errors.split("\n").some((line) => line.startsWith("|") && whole.test(line));
  const tested = pkg.tests.some((path) => whole.test(repo.files.get(path) ?? ""));
  return [
    ...(explained ? [] : [complain(code, `Code "${code.code}" is not in the table of the README's "Errors"`)]),
    ...(tested ? [] : [complain(code, `Code "${code.code}" appears in no test of the package`)]),
  ];
}
