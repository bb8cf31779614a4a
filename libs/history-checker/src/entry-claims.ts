import type { ConversationLog, Entry, EntryClaim } from './conversation-log.ts';
import { Recent } from './recent.ts';
import type { SendLedger } from './send-ledger.ts';
import type { Findings, Offence } from './verdict.ts';

/** Whether all who name an entry name the same one, and the one that was sent. Among the latest entries only. */
export class EntryClaims {
  readonly #findings: Findings;
  readonly #sends: SendLedger;
  readonly #recent: Recent<Entry>;
  readonly #altered: { readonly entry: Entry; readonly offence: Offence }[] = [];

  constructor(findings: Findings, sends: SendLedger, remember: number) {
    this.#findings = findings;
    this.#sends = sends;
    this.#recent = new Recent(remember, (entry) => entry.log.forget(entry));
  }

  /** A device says which entry stands at a place of the log. */
  claim(log: ConversationLog, device: string, claim: EntryClaim): void {
    const { seq, from, id, key, content, erases } = claim;
    const erased = erases === undefined ? undefined : log.entryAt(erases);
    if (erased) erased.erased = true;
    const { conversation } = log;
    const claimed = log.claim({ seq, from, id, key, content });
    if (claimed.kind === 'conflicting') {
      const here = describe(from, id, key, content);
      const elsewhere = describe(claimed.entry.from, claimed.entry.id, claimed.entry.key, claimed.entry.content);
      this.#findings.add({ verdict: 'conflicting', conversation, seq, id, key, device, detail: `${here} here, ${elsewhere} elsewhere` });
      return;
    }
    this.#compare(claimed.entry, claimed.entry.content, device);
    if (claimed.kind === 'known') return;
    if (claimed.kind === 'new' || claimed.isNew) this.#recent.add(claimed.entry);
    if (claimed.kind === 'stored-twice') {
      const detail = `the same send stands at seq ${claimed.first.seq}`;
      this.#findings.add({ verdict: 'doubled', conversation, seq, id, key, device, detail });
    }
    if (key !== undefined && !this.#sends.seen(conversation, from, key)) {
      this.#findings.add({ verdict: 'contradicted', conversation, seq, key, device, detail: 'stands in the log, and was refused' });
    }
  }

  /** A SEND with that content was acknowledged as this entry. */
  written(entry: Entry, device: string, content: string): void {
    entry.written ??= content;
    this.#compare(entry, entry.content, device);
    this.#compare(entry, content, device);
  }

  /** Told once for each entry. */
  #compare(entry: Entry, content: string | undefined, device: string): void {
    if (content === undefined || entry.written === undefined || content === entry.written || entry.altered) return;
    entry.altered = true;
    const { log, seq, id, key } = entry;
    const detail = `acknowledged as ${JSON.stringify(entry.written)}, and then it is ${JSON.stringify(content)}`;
    this.#altered.push({ entry, offence: { verdict: 'altered', conversation: log.conversation, seq, id, key, device, detail } });
  }

  /** At the end, because a DELETE may be heard of after the RECEIPT of a repeat that came behind it. */
  judge(): void {
    for (const { entry, offence } of this.#altered) if (!entry.erased) this.#findings.add(offence);
  }
}

function describe(from: string, id: string | undefined, key: string | undefined, content: string | undefined): string {
  const says = content === undefined ? '' : ` saying ${JSON.stringify(content)}`;
  return `${id ?? 'an entry'} (${key ?? 'no key'}) by ${from}${says}`;
}
