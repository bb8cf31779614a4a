import { DEFAULT_LIMITS } from '../limits.ts';

/** What a decoder takes at most. Sizes in bytes. */
export type FrameLimits = {
  /** A whole frame, from its command to the NUL that ends it. */
  readonly frameBytes: number;
  /** Header lines of a frame, repeated ones counted. */
  readonly headers: number;
  /** One header line as it comes, escapes not decoded, without its line end. */
  readonly headerBytes: number;
  /** The command line without its line end. */
  readonly commandBytes: number;
  /** Line ends between two frames that come in one push. */
  readonly beatsInARow: number;
};

export const DEFAULT_FRAME_LIMITS: FrameLimits = {
  frameBytes: DEFAULT_LIMITS.frameBytes,
  headers: DEFAULT_LIMITS.headers,
  headerBytes: DEFAULT_LIMITS.headerBytes,
  commandBytes: 16,
  beatsInARow: 64,
};
