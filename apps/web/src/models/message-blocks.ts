import { sameDay } from '../texts/times.ts';
import type { Shown, ShownEvent, ShownMessage } from './shown-message.ts';

/** What stands in the timeline, from top to bottom. */
export type Block =
  | { readonly kind: 'day'; readonly key: string; readonly at: number }
  | { readonly kind: 'new'; readonly key: string }
  | { readonly kind: 'event'; readonly key: string; readonly event: ShownEvent }
  | { readonly kind: 'group'; readonly key: string; readonly from: string; readonly isOwn: boolean; readonly messages: readonly ShownMessage[] };

/** Messages of one sender stand together as long as no more than this lies between one and the next. */
const GROUP_GAP_MS = 5 * 60 * 1_000;

/** `newFrom` is the `seq` before which the line 'new messages' stands. */
export function blocksOf(shown: readonly Shown[], newFrom: number | undefined): Block[] {
  const blocks: Block[] = [];
  let group: ShownMessage[] = [];
  let before: Shown | undefined;
  let hasNewLine = false;
  for (const item of shown) {
    const startsDay = !before || !sameDay(before.sentAt, item.sentAt);
    const startsNew: boolean = !hasNewLine && newFrom !== undefined && (item.seq ?? 0) >= newFrom;
    if (startsDay) blocks.push({ kind: 'day', key: `day:${item.key}`, at: item.sentAt });
    if (startsNew) blocks.push({ kind: 'new', key: 'new' });
    hasNewLine ||= startsNew;
    if (item.kind !== 'message') {
      blocks.push({ kind: 'event', key: item.key, event: item });
    } else if (!startsDay && !startsNew && before?.kind === 'message' && belongTogether(before, item)) {
      group.push(item);
    } else {
      group = [item];
      blocks.push({ kind: 'group', key: item.key, from: item.from, isOwn: item.isOwn, messages: group });
    }
    before = item;
  }
  return blocks;
}

function belongTogether(a: ShownMessage, b: ShownMessage): boolean {
  return a.from === b.from && b.sentAt - a.sentAt <= GROUP_GAP_MS;
}
