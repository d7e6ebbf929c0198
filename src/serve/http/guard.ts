import { createHash, timingSafeEqual } from "node:crypto";
import { isIP } from "node:net";
import { HttpError } from "./http-error.js";

const sha256 = (text: string): Buffer => createHash("sha256").update(text).digest();

/**
 * Compares what requests say with a token, in a time that tells nothing of where they differ or how long it is.
 *
 * @returns throws HttpError 401 on an `Authorization` that doesn't have it
 */
export function tokenGuard(token: string): (authorization: string | undefined) => void {
  const wanted = sha256(token);
  return (authorization = "") => {
    const said = /^Bearer +([!-~]+) *$/iu.exec(authorization)?.[1] ?? "";
    if (timingSafeEqual(sha256(said), wanted)) return;
    throw new HttpError(
      401,
      "The request lacks the server's token: say it as `Authorization: Bearer TOKEN`.",
      {
        "WWW-Authenticate": 'Bearer realm="heddle"',
      },
    );
  };
}

/** Whether only this machine reaches an address, or a name of one. */
export function isLoopback(host: string): boolean {
  const plain = bare(host);
  if (isIP(plain) === 4) return plain.startsWith("127.");
  return plain === "::1" || plain === "localhost";
}

/**
 * Refuses what a page of another site sends in the name of whoever reads it: a request for a name that isn't this machine's, which a
 * name server may point here, and one whose origin is neither the server nor allowed.
 *
 * @param host where the server listens
 * @param checksName whether it may be called by its own names alone: where nothing else protects it
 */
export function siteGuard(
  host: string,
  origins: readonly string[],
  checksName: boolean,
): (headers: { readonly host?: string; readonly origin?: string }) => void {
  return ({ host: called, origin }) => {
    if (checksName && called !== undefined) {
      const name = bare(called.replace(/:\d*$/u, ""));
      if (!isLoopback(name) && name !== bare(host))
        throw new HttpError(403, "The request is for another host's name: call the server localhost.");
    }
    if (origin === undefined || origins.includes("*") || origins.includes(origin)) return;
    if (called === undefined || !URL.canParse(origin) || new URL(origin).host !== called.toLowerCase())
      throw new HttpError(403, "Pages of that origin may not ask this server.");
  };
}

const bare = (host: string): string => host.toLowerCase().replace(/^\[|\]$/gu, "");
