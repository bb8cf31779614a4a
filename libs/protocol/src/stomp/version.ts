/** Versions of STOMP, oldest first. */
export const STOMP_VERSIONS = ['1.0', '1.1', '1.2'] as const;

export type StompVersion = (typeof STOMP_VERSIONS)[number];
