import type { ConversationLog } from './conversation-log.ts';
import type { Device, Devices } from './device.ts';
import type { Cursors } from './history-event.ts';
import type { SeqRange } from './seq-range.ts';
import { StreamPosition } from './stream-position.ts';

// Where the stream of a device begins in a conversation of which it has seen nothing.

/** The place before the first entry that the user may see. */
export function beginningOf(memberships: readonly SeqRange[]): number {
  return (memberships[0]?.from ?? 1) - 1;
}

/** What the device has behind it, now that `seq` is the first to come. */
export function firstPosition(device: Device, devices: Devices, log: ConversationLog, seq: number): StreamPosition {
  const memberships = log.memberships.of(device.user);
  const beginning = (memberships.find((range) => range.from <= seq && seq <= range.to)?.from ?? 1) - 1;
  if (!mayBeginLater(device, log)) return new StreamPosition(beginning);
  let furthest = beginning;
  for (const other of devices.ofUser(device.user)) {
    furthest = Math.max(furthest, other.positions.get(log.conversation)?.last ?? 0);
  }
  return new StreamPosition(Math.min(seq - 1, furthest));
}

/** The same for a device to which nothing has come; undefined where nothing need have come. */
export function unstartedPosition(device: Device, log: ConversationLog): StreamPosition | undefined {
  const current = log.memberships.of(device.user).at(-1);
  if (current === undefined || mayBeginLater(device, log)) return undefined;
  // It began anew while this membership was about to end, and may have been told that there is no such conversation.
  const endedAtItsStart = current.to !== Infinity && device.unnamed.get(log.conversation) === current.from;
  return endedAtItsStart ? undefined : new StreamPosition(current.from - 1);
}

/** A new device of a client that never syncs begins after the furthest that any device of its user has had. */
function mayBeginLater(device: Device, log: ConversationLog): boolean {
  return device.cursors === 'server' && log.bornAt < device.since;
}

/**
 * The first SYNCED of a new device came: it is owed what comes after the cursors there, and of conversations that are
 * not named there whatever begins from now on.
 */
export function beginAnew(device: Device, cursors: Cursors, logs: ReadonlyMap<string, ConversationLog>, now: number): void {
  device.cursors = 'device';
  device.anewAt = now;
  for (const [conversation, cursor] of Object.entries(cursors)) device.positions.set(conversation, new StreamPosition(cursor));
  for (const [conversation, log] of logs) {
    const last = log.memberships.of(device.user).at(-1);
    if (log.isRoom && last !== undefined && !(conversation in cursors)) {
      if (last.to === Infinity) device.unnamed.set(conversation, last.from);
      else device.positions.set(conversation, new StreamPosition(last.to));
    }
  }
}
