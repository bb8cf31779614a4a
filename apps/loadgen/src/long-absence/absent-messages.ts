/** As the value of `WORKER_VARIABLE`: this process is the device that was away. */
export const ABSENT_DEVICE = 'absent-device';

export type AbsentOptions = {
  readonly url: string;
  readonly writer: { readonly id: string; readonly accessToken: string };
  readonly reader: { readonly id: string; readonly accessToken: string };
  readonly conversation: string;
  readonly textLength: number;
};

/** `fill` writes so many messages to who is away; `sync` lets that device come back with the cursors of before. */
export type ToAbsentDevice = ({ readonly type: 'fill'; readonly count: number } | { readonly type: 'sync' }) & { readonly options: AbsentOptions };

export type SyncFound = {
  readonly entries: number;
  readonly milliseconds: number;
  /** What is wrong with the order, if anything. */
  readonly wrong: string | undefined;
};

export type FromAbsentDevice =
  | { readonly type: 'filled' }
  | ({ readonly type: 'synced' } & SyncFound)
  | { readonly type: 'failed'; readonly message: string };
