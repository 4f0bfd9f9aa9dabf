import { createRemoteJWKSet, customFetch, jwtVerify } from "jose";

/** Who asks: a proven subject, or why there is none. */
export type Identity = { readonly ok: true; readonly subject: string } | { readonly ok: false; readonly reason: string };

/** Proves who asks, from the `Authorization` header of a request. OAuth2 and OIDC ship; SAML and others implement this. */
export interface IdentityProvider {
  readonly identify: (authorization: string | undefined) => Promise<Identity>;
}

/** Where tokens come from, and for whom they are. */
export interface OidcOptions {
  /** The issuer, exactly as tokens name it. */
  readonly issuer: string;
  /** The audience that a token must be for. */
  readonly audience: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Signatures that count. Symmetric ones and `none` never do. */
const algorithms = ["EdDSA", "ES256", "ES384", "PS256", "RS256"];

/**
 * Proves bearer tokens of an OpenID Connect issuer: its keys are found by discovery and kept; issuer, audience and times must hold, and a token
 * without an end or a subject is none.
 *
 * @throws Error when the issuer cannot be reached, or says it is another.
 */
export async function discoverOidc({ issuer, audience, now }: OidcOptions): Promise<IdentityProvider> {
  const address = new URL(`${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`);
  const response = await fetchSafely(address);
  if (!response.ok) throw new Error(`Cannot use the issuer "${issuer}": it answers ${response.status}`);
  const { issuer: named, jwks_uri: keysAt } = (await response.json()) as { readonly issuer?: unknown; readonly jwks_uri?: unknown };
  if (named !== issuer) throw new Error(`Cannot use the issuer "${issuer}": it says it is "${String(named)}"`);
  if (typeof keysAt !== "string") throw new Error(`Cannot use the issuer "${issuer}": it names no keys`);
  const keys = createRemoteJWKSet(new URL(keysAt), { [customFetch]: (url, options) => fetchSafely(new URL(url), options) });
  return {
    identify: async (authorization) => {
      const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization ?? "")?.[1];
      if (token === undefined) return { ok: false, reason: "no bearer token" };
      try {
        const requiredClaims = ["exp", "sub"];
        const { payload } = await jwtVerify(token, keys, { issuer, audience, algorithms, requiredClaims, currentDate: new Date(now()) });
        return { ok: true, subject: payload.sub ?? "" };
      } catch (error) {
        return { ok: false, reason: error instanceof Error && "code" in error ? String(error.code) : "the token cannot be read" };
      }
    },
  };
}

/** Keys come over TLS, or from this machine; nothing is followed elsewhere. */
async function fetchSafely(url: URL, options: RequestInit = {}): Promise<Response> {
  const isLocal = ["127.0.0.1", "[::1]", "localhost"].includes(url.hostname);
  if (url.protocol !== "https:" && !(isLocal && url.protocol === "http:")) throw new Error(`Cannot fetch "${url.href}": only https is`);
  return fetch(url, { ...options, redirect: "error", signal: AbortSignal.timeout(5_000) });
}
