/**
 * Whether a request that shows this `Origin` may be served: none at all (no browser sent it), the host and port that the
 * request itself went to, or one that is listed. The server learns its own name only from the request's `Host`.
 */
export function isAllowedOrigin(
  origin: string | undefined,
  host: string | undefined,
  allowedOrigins: readonly string[],
): boolean {
  if (origin === undefined) return true;
  const sent = origin.toLowerCase();
  const url = URL.parse(sent);
  // `null` comes from sandboxed frames and files, which can be anybody's.
  if (!url) return false;
  const isWeb = url.protocol === 'https:' || url.protocol === 'http:';
  // A browser sends an origin and nothing more; whatever carries a path or a user is something else.
  if (isWeb && url.origin !== sent && !namesDefaultPort(url, sent)) return false;
  if (allowedOrigins.includes(isWeb ? url.origin : sent)) return true;
  return isWeb && host !== undefined && url.host === hostSeenFrom(url.protocol, host);
}

/** `https://a:443` is the origin `https://a`, though browsers leave the port out. */
function namesDefaultPort(url: URL, sent: string): boolean {
  return sent === `${url.origin}:${url.protocol === 'https:' ? 443 : 80}`;
}

/** The Host header as a URL of this scheme would have it: lower case, without the default port. */
function hostSeenFrom(protocol: string, host: string): string | undefined {
  // Anything but host and port in a Host header is forged.
  return /^[^/?#@\\\s]+$/.test(host) ? URL.parse(`${protocol}//${host}`)?.host : undefined;
}
