/** The people of a run. */
export interface Accounts {
  /** A token that is good now. May be asked for again at every connection. */
  accessToken(userId: string): Promise<string>;
}

/** `load-<run>-<n>`: no two runs share a user, so every conversation of a run begins with it. */
export function loadUserId(run: string, index: number): string {
  return `load-${run}-${index}`;
}
