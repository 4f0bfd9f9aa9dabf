import type { Finding, RbacSpec } from "@gov/schema";
import { makeFinding } from "../internal/make-finding.ts";

/** What is wrong with an access policy: actors with roles that nobody defines, and permissions that are no `area:verb`. */
export function checkRbac(rbac: RbacSpec, options: { readonly path: string }): readonly Finding[] {
  const { path } = options;
  const actors = Object.entries(rbac.actors).flatMap(([actor, roles]) =>
    roles
      .filter((role) => !Object.hasOwn(rbac.roles, role))
      .map((role) => makeFinding("GATES_ROLE_UNKNOWN", `"${actor}" has role "${role}", which nobody defines`, { path })),
  );
  const roles = Object.entries(rbac.roles).flatMap(([role, { permissions }]) =>
    permissions
      .filter((permission) => permission !== "*" && !/^[a-z_]+:(?:[a-z_]+|\*)$/.test(permission))
      .map((permission) =>
        makeFinding("GATES_PERMISSION_INVALID", `Role "${role}" has permission "${permission}", which is no area and verb`, { path }),
      ),
  );
  return [...actors, ...roles];
}
