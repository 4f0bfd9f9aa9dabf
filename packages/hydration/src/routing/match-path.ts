import { matchPattern } from "../internal/match-pattern.ts";
import type { RouteTable } from "./compile-routes.ts";

/** A route whose pattern a path has, with the parameters read off the path. */
export interface PathMatch {
  /** Id of the route. */
  readonly route: string;
  /** Values by parameter name; where a path can be read in several ways, earlier parameters are the shortest. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** Finds every route that could have led to an existing path, highest precedence first; conditions on metadata are not asked. */
export function matchPath(table: RouteTable, path: string): readonly PathMatch[] {
  return table.routes.flatMap(({ id, pattern }) => {
    const parameters = matchPattern(pattern, path, new Map());
    return parameters === null ? [] : [{ route: id, parameters }];
  });
}
