/**
 * Something that passes by in a conversation: TYPING, READ, DELIVERED. Not in the log; a newer one replaces an older,
 * and losing one is mended by state (cursors) or by time (typing).
 */
export type Signal = {
  readonly conversationId: string;
  readonly from: string;
  /** READ reaches the sessions of `from` as well; the others do not. */
  readonly kind: SignalKind;
  /** The version of the conversation's cursors that it carries; 0 for typing. */
  readonly version: number;
  /** The ChatMessage as JSON in UTF-8. */
  readonly body: Buffer;
};

export type SignalKind = 'typing' | 'read' | 'delivered';
