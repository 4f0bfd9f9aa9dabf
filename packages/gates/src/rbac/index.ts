/**
 * Who may do what: denied unless allowed, authors never approve, names are proven.
 *
 * @packageDocumentation
 */
export { type Actor, type IdentityVerifier, proveActor } from "./actor.ts";
export {
  type AccessDecision,
  type AccessDenied,
  accessDenied,
  type AccessPolicy,
  accessPolicyOf,
  type AccessRequest,
  type AccessRule,
  authorize,
  authorizeObserved,
  type Observer,
} from "./authorize.ts";
export { checkRbac } from "./check-rbac.ts";
