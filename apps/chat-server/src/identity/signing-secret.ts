import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SettingsError } from '../config/settings-error.ts';

const SECRET_FILE = 'jwt-secret';

/**
 * The key of access tokens: `JWT_SECRET`, or a random one that one server keeps in `DATA_DIR`, readable by its user alone.
 * Throws `SettingsError` if it cannot be kept there.
 */
export function signingSecret(settings: {
  readonly jwtSecret: Uint8Array | undefined;
  readonly dataDir: string;
}): Uint8Array {
  if (settings.jwtSecret) return settings.jwtSecret;
  const path = join(settings.dataDir, SECRET_FILE);
  try {
    return readSecret(path) ?? makeSecret(settings.dataDir, path);
  } catch (error) {
    if (error instanceof SettingsError) throw error;
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new SettingsError('setting-unreadable', 'DATA_DIR', `cannot keep the signing secret in ${path} (${reason})`);
  }
}

function readSecret(path: string): Uint8Array | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8').trim();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  const secret = new TextEncoder().encode(text);
  if (secret.length < 32) {
    throw new SettingsError(
      'setting-invalid',
      'DATA_DIR',
      `holds a signing secret of fewer than 32 bytes: delete ${path} to get a new one`,
    );
  }
  return secret;
}

function makeSecret(dataDir: string, path: string): Uint8Array {
  mkdirSync(dataDir, { recursive: true });
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, `${randomBytes(48).toString('base64url')}\n`, { mode: 0o600, flag: 'wx', flush: true });
  try {
    // A link appears whole or not at all, and never over one that somebody else just made.
    linkSync(draft, path);
  } finally {
    rmSync(draft);
  }
  return readSecret(path) ?? new Uint8Array();
}
