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
