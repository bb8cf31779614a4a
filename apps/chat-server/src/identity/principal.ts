const ALL_SIGN_INS = 'user:';

/** Stands for all sign-ins of a user, those included of which no store knows. No sign-in is called so. */
export function allSignInsOf(userId: string): string {
  return ALL_SIGN_INS + userId;
}

/** Whose sign-ins these are, if it is all of somebody's. */
export function userOfAllSignIns(signIn: string): string | undefined {
  return signIn.startsWith(ALL_SIGN_INS) ? signIn.slice(ALL_SIGN_INS.length) : undefined;
}

/** Who is asking, as an access token or a password has proved it. */
export type Principal = {
  readonly userNo: number;
  readonly userId: string;
  readonly displayName: string;
  /** What `watchEndedSignIns` names: `si_…` a sign-in of ours, `jwt_…` a token made elsewhere, `pw_…` a CONNECT by password. */
  readonly signIn: string;
  /** The device that the token names by its `sid`; `undefined` where it names none. */
  readonly device: string | undefined;
  /**
   * Epoch milliseconds by the database's clock: compare with `Identity.now()`. May lie years ahead in tokens made
   * elsewhere, past what a timer can hold.
   */
  readonly expiresAt: number;
};
