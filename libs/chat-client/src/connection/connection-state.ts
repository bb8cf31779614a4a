/** What a person may be told of the connection. */
export type ConnectionState =
  /** Not started, stopped, or the device has no network. */
  | { readonly status: 'offline' }
  | { readonly status: 'connecting' }
  | { readonly status: 'online'; readonly server: string }
  /** The last try failed; the next is due at `nextTryAt` (epoch ms). */
  | { readonly status: 'waiting'; readonly nextTryAt: number }
  /** `chosen`: the user signed out, here or in another tab. `ended`: the server no longer takes the sign-in. */
  | { readonly status: 'signed-out'; readonly reason: SignedOutReason }
  /** The user has too many sessions and a newer one took this one's place. Nothing happens until `start`. */
  | { readonly status: 'replaced' };

export type SignedOutReason = 'chosen' | 'ended';
