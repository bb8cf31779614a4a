import { Recent } from './recent.ts';

type Waiting = { readonly device: string; readonly content: string | undefined };

/** One send, however often it was repeated. */
export type Send = {
  readonly conversation: string;
  readonly user: string;
  readonly key: string;
  /** The SENDs that wait for an outcome. */
  waiting: Waiting[];
  /** One of its SENDs ended with its connection, or ran beside another: an error says nothing about the log then. */
  uncertain: boolean;
  refused: boolean;
  /** Acknowledged without a `seq`, and not seen by anyone yet. */
  unseen: boolean;
  seen: boolean;
};

export type Answer = { readonly kind: 'acknowledged'; readonly placed: boolean } | { readonly kind: 'refused'; readonly code: string };

/** `content` is what the SEND said that was answered. */
export type Answered = { readonly isDue: boolean; readonly content: string | undefined };

/** What a repeat of an earlier send with other content gets: it says that the send's key *is* in the log. */
const CONFLICT = 'conflict';

/**
 * The sends that still matter: those without an outcome, those acknowledged and not seen yet, and, as far as memory
 * goes, those whose connection ended and those that were refused. All others are the log's.
 */
export class SendLedger {
  readonly #byConversation = new Map<string, Map<string, Map<string, Send>>>();
  readonly #byDevice = new Map<string, Set<Send>>();
  readonly #settled: Recent<Send>;
  #open = 0;

  constructor(remember: number) {
    this.#settled = new Recent(remember, (send) => {
      if (send.waiting.length === 0 && !send.unseen) this.#forget(send);
    });
  }

  /** SENDs that wait for an outcome. */
  get open(): number {
    return this.#open;
  }

  started(conversation: string, user: string, key: string, waiting: Waiting): void {
    const { device } = waiting;
    const sends = this.#sendsOf(conversation, user);
    let send = sends.get(key);
    if (!send) {
      send = { conversation, user, key, waiting: [], uncertain: false, refused: false, unseen: false, seen: false };
      sends.set(key, send);
    }
    if (send.waiting.length > 0) send.uncertain = true;
    send.waiting.push(waiting);
    this.#open++;
    let ofDevice = this.#byDevice.get(device);
    if (!ofDevice) this.#byDevice.set(device, (ofDevice = new Set()));
    ofDevice.add(send);
  }

  /** Not due where no SEND of this device waits, or where the answer contradicts the log. */
  answered(conversation: string, user: string, device: string, key: string, answer: Answer): Answered {
    const send = this.#byConversation.get(conversation)?.get(user)?.get(key);
    const index = send ? send.waiting.findIndex((each) => each.device === device) : -1;
    const content = send?.waiting[index]?.content;
    if (!send || index < 0) return { isDue: false, content };
    send.waiting.splice(index, 1);
    this.#open--;
    if (!send.waiting.some((each) => each.device === device)) this.#byDevice.get(device)?.delete(send);
    if (answer.kind === 'acknowledged') {
      if (!answer.placed && !send.seen) send.unseen = true;
      else if (send.waiting.length === 0) this.#forget(send);
      return { isDue: true, content };
    }
    if (answer.code === CONFLICT) send.uncertain = true;
    send.refused = true;
    this.#settled.add(send);
    return { isDue: !send.seen || send.uncertain, content };
  }

  /** The send stands in the log. Gives false where all that was ever answered is that it was refused. */
  seen(conversation: string, user: string, key: string): boolean {
    const send = this.#byConversation.get(conversation)?.get(user)?.get(key);
    if (!send) return true;
    send.seen = true;
    send.unseen = false;
    if (send.waiting.length > 0) return true;
    this.#forget(send);
    return !send.refused || send.uncertain;
  }

  /** The connection of a device ended, and that is the outcome of all that it waits for. */
  ended(device: string): void {
    for (const send of this.#byDevice.get(device) ?? []) {
      const others = send.waiting.filter((each) => each.device !== device);
      this.#open -= send.waiting.length - others.length;
      send.waiting = others;
      send.uncertain = true;
      if (others.length === 0) this.#settled.add(send);
    }
    this.#byDevice.delete(device);
  }

  /** Sends that wait for an outcome or, though acknowledged, for anyone to see them. */
  *pending(): Iterable<Send> {
    for (const users of this.#byConversation.values()) {
      for (const sends of users.values()) {
        for (const send of sends.values()) {
          if (send.waiting.length > 0 || send.unseen) yield send;
        }
      }
    }
  }

  #sendsOf(conversation: string, user: string): Map<string, Send> {
    let users = this.#byConversation.get(conversation);
    if (!users) this.#byConversation.set(conversation, (users = new Map<string, Map<string, Send>>()));
    let sends = users.get(user);
    if (!sends) users.set(user, (sends = new Map<string, Send>()));
    return sends;
  }

  #forget(send: Send): void {
    const sends = this.#byConversation.get(send.conversation)?.get(send.user);
    if (sends?.get(send.key) === send) sends.delete(send.key);
  }
}
