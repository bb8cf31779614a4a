const SERVER_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

/**
 * Server ids stand in routing keys, queue names and directory entries, so the characters with a meaning there (`*`, `#`,
 * `:`, blanks) are out. What fits is every host and pod name.
 */
export function assertServerId(serverId: string): void {
  if (SERVER_ID.test(serverId)) return;
  throw new RangeError(`server id ${JSON.stringify(serverId)}: 1 to 63 of A-Z a-z 0-9 . _ -, the first a letter or digit`);
}
