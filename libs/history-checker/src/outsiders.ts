import type { ConversationLog } from './conversation-log.ts';
import type { Device } from './device.ts';
import { includesSeq } from './seq-range.ts';
import type { Findings } from './verdict.ts';

/** An entry that came to a device whose user, as far as was known then, was not to have it. */
type Suspicion = {
  readonly device: Device;
  readonly log: ConversationLog;
  readonly seq: number;
  readonly id: string | undefined;
  readonly key: string | undefined;
};

/** Beyond that, the first ones say enough. */
const SUSPICIONS_KEPT = 100_000;

/**
 * Deliveries to who may be no member. They are judged at the end only: a device whose sync left out its own JOIN gets
 * what follows it before anyone has told of the JOIN.
 */
export class Outsiders {
  readonly #suspicions: Suspicion[] = [];

  suspect(suspicion: Suspicion): void {
    if (this.#suspicions.length < SUSPICIONS_KEPT) this.#suspicions.push(suspicion);
  }

  /** A LEAVE was heard of; `devices` are those of who left. */
  onLeft(log: ConversationLog, seq: number, devices: readonly Device[]): void {
    for (const device of devices) {
      const last = device.positions.get(log.conversation)?.last ?? 0;
      if (last <= seq || includesSeq(log.memberships.of(device.user), last)) continue;
      if (this.#suspicions.some((each) => each.device === device && each.log === log && each.seq === last)) continue;
      const entry = log.entryAt(last);
      this.suspect({ device, log, seq: last, id: entry?.id, key: entry?.key });
    }
  }

  judge(findings: Findings): void {
    for (const { device, log, seq, id, key } of this.#suspicions) {
      const memberships = log.memberships.of(device.user);
      if (includesSeq(memberships, seq)) continue;
      const left = memberships.findLast((range) => range.to < seq)?.to;
      const detail = left === undefined ? `${device.user} is no member there` : `${device.user} had left at ${left}`;
      findings.add({ verdict: left === undefined ? 'foreign' : 'leaked', conversation: log.conversation, seq, id, key, device: device.name, detail });
    }
  }
}
