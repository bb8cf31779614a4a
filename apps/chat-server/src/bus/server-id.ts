const SERVER_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

/**
 * Server ids stand in routing keys, queue names and directory entries, so the characters with a meaning there (`*`,
 * `#`, `:`, blanks) are out. Every host and pod name fits.
 */
export function assertServerId(serverId: string): void {
  if (SERVER_ID.test(serverId)) return;
  const rule = '1 to 63 of A-Z a-z 0-9 . _ -, the first a letter or digit';
  throw new RangeError(`a server id is ${rule}, not ${JSON.stringify(serverId)}`);
}
