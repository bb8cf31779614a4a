import type { LoadRunErrorCode } from './load-run-error.ts';
import type { PartResult, Progress } from './load-part.ts';
import type { Options } from './options/options.ts';

/** In the environment of a child process, it says that this is a worker. */
export const WORKER_VARIABLE = 'CHAT_LOADGEN_WORKER';

export type ToWorker =
  | { readonly type: 'connect'; readonly options: Options }
  | { readonly type: 'load' | 'leave' | 'stop' | 'abort' };

export type FromWorker =
  | { readonly type: 'waiting' | 'connected' }
  | { readonly type: 'progress'; readonly progress: Progress }
  | { readonly type: 'result'; readonly result: PartResult }
  | { readonly type: 'failed'; readonly code: LoadRunErrorCode | undefined; readonly message: string };
