import { createHmac } from 'node:crypto';

const LIFETIME_SECONDS = 24 * 3_600;

/** A token as someone makes it who holds the servers' secret; the user exists from its first use on. */
export function accessToken(user: string, secret: string): string {
  const issued = Math.floor(Date.now() / 1_000);
  const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ sub: user, name: user, iat: issued, exp: issued + LIFETIME_SECONDS })}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
