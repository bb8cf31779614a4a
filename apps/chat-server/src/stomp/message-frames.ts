import type { MessageTemplate } from '@chat/protocol';
import type { LogEntry } from '../conversations/log-entry.ts';
import { OutboundFrame } from './connection.port.ts';

/**
 * The MESSAGE frames of the entry that is being delivered: sessions whose subscriptions have the same id and form get
 * the same bytes. An entry goes to all local sessions in one go, so remembering the last entry is enough.
 */
export class MessageFrames {
  #entry: LogEntry | undefined;
  readonly #frames = new Map<string, OutboundFrame>();

  frame(entry: LogEntry, form: string, template: MessageTemplate): OutboundFrame {
    if (entry !== this.#entry) {
      this.#entry = entry;
      this.#frames.clear();
    }
    let frame = this.#frames.get(form);
    if (frame === undefined) {
      frame = new OutboundFrame(template.frame(entry.id, entry.body));
      this.#frames.set(form, frame);
    }
    return frame;
  }
}
