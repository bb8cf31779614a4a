import { isIP } from 'node:net';
import { invalid } from './environment.ts';
import type { SettingName } from './setting-list.ts';

/**
 * Nobody, or the addresses and networks of the proxies. Not their number: whoever reaches the server past them could then
 * choose the address that counts.
 */
export type TrustProxy = false | readonly string[];

const PROXY_RANGES: ReadonlySet<string> = new Set(['loopback', 'linklocal', 'uniquelocal']);

export function parseTrustProxy(name: SettingName, parts: readonly string[]): TrustProxy {
  const [first = 'off'] = parts;
  if (parts.length <= 1 && first === 'off') return false;
  for (const part of parts) {
    if (!PROXY_RANGES.has(part) && !isNetwork(part)) {
      throw invalid(name, 'must be off, or addresses like 10.0.0.0/8 separated by commas', part);
    }
  }
  return parts;
}

function isNetwork(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  // A network of all addresses would let everyone choose the address that counts.
  return (
    prefix === undefined ||
    (/^\d{1,3}$/.test(prefix) && Number(prefix) >= 1 && Number(prefix) <= (family === 4 ? 32 : 128))
  );
}

/** Origins in the form in which browsers send them. */
export function parseOrigins(name: SettingName, origins: readonly string[]): readonly string[] {
  return origins.map((text) => {
    const origin = text.toLowerCase();
    const url = URL.parse(origin);
    // Apps in a native shell have schemes of their own (`capacitor://localhost`), for which URL.origin is 'null'.
    const plain = /^[a-z][a-z0-9+.-]*:\/\/[^/?#@*\s]+$/.test(origin);
    if (!url || !plain) throw invalid(name, 'must list origins like https://chat.example.org, without a path', text);
    return url.origin === 'null' ? origin : url.origin;
  });
}
