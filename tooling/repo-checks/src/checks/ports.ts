import ts from "typescript";
import { compareText, type Check, type Violation } from "../check.ts";
import { workspacePackages } from "../packages.ts";
import type { Repo } from "../repo.ts";
import { lineOf, parse } from "../source.ts";

const ports = new Set(["Clock", "Observer", "Signer", "SignatureVerifier", "EntryLog", "Authorizer", "History"]);

/** A port repeated in several packages has one shape, so that one implementation fits all of them. */
export const samePorts: Check = { name: "ports", run: findPorts };

interface Port {
  readonly name: string;
  readonly path: string;
  readonly line: number;
  readonly shape: string;
}

function findPorts(repo: Repo): readonly Violation[] {
  const found = workspacePackages(repo).flatMap(({ sources }) => sources.flatMap((path) => portsOf(repo, path)));
  return found.flatMap(({ name, path, line, shape }) => {
    const first = found.find((port) => port.name === name);
    if (first === undefined || first.shape === shape) return [];
    return [{ path, line, message: `Port "${name}" differs from the one in ${first.path}:\n  ${shape}\n  ${first.shape}` }];
  });
}

function portsOf(repo: Repo, path: string): readonly Port[] {
  const file = parse(repo, path);
  const printer = ts.createPrinter({ removeComments: true });
  return file.statements.flatMap((node) => {
    if (!ts.isInterfaceDeclaration(node) || !ports.has(node.name.text)) return [];
    const members = node.members
      .map((member) => printer.printNode(ts.EmitHint.Unspecified, member, file).replace(/\s+/g, " "))
      .sort(compareText);
    return [{ name: node.name.text, path, line: lineOf(node), shape: members.join(" ") }];
  });
}
