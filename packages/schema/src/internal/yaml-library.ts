import { createRequire } from "node:module";
import type * as library from "yaml";

export type { Alias, CST, Document, ParsedNode, Scalar, Schema, YAMLMap, YAMLSeq } from "yaml";

const require = createRequire(import.meta.url);
let loaded: typeof library | undefined;

/** The YAML parser, loaded for the first document that asks for it: importing it costs as much as importing all else here. */
export function yamlLibrary(): typeof library {
  return (loaded ??= require("yaml") as typeof library);
}

/** Its test for an alias, and below for the other kinds of nodes. */
export const isAlias: typeof library.isAlias = (node): node is library.Alias => yamlLibrary().isAlias(node);
export const isMap: typeof library.isMap = (node): node is library.YAMLMap<never, never> => yamlLibrary().isMap(node);
export const isScalar: typeof library.isScalar = (node): node is library.Scalar<never> => yamlLibrary().isScalar(node);
export const isSeq: typeof library.isSeq = (node): node is library.YAMLSeq<never> => yamlLibrary().isSeq(node);
