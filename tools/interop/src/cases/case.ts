import type { Scene } from '../scene.ts';

export const CASE_NAMES = [
  'connect', 'Bearer', 'login', 'refusal', 'send', 'echo', 'receipt', 'large', 'error queue', 'ERROR', 'unsubscribe', 'disconnect',
  'ack auto', 'ack client', 'ack individual', 'nack', 'commit', 'abort', 'heart-beat',
  'reconnect',
] as const;
export type CaseName = (typeof CASE_NAMES)[number];

/** Throws if the client and the server do not get on. */
export type InteropCase = (scene: Scene) => Promise<void>;
