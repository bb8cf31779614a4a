/** What a person may be told of the connection. */
export type ConnectionState =
  /** Not started, stopped, or the device has no network. */
  | { readonly status: 'offline' }
  | { readonly status: 'connecting' }
  | { readonly status: 'online'; readonly server: string }
  /** The last try failed; the next is due at `nextTryAt` (epoch ms). */
  | { readonly status: 'waiting'; readonly nextTryAt: number }
  | { readonly status: 'signed-out'; readonly reason: SignedOutReason }
  /** The user has too many sessions and a newer one took this one's place. Nothing happens until `start`. */
  | { readonly status: 'replaced' };

/** `chosen`: the user signed out here. `elsewhere`: another tab is signed out. `ended`: the server no longer takes the sign-in. */
export type SignedOutReason = 'chosen' | 'elsewhere' | 'ended';
