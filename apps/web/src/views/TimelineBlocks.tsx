import { memo } from 'react';
import { type Block, blocksOf } from '../models/message-blocks.ts';
import type { ShownEvent, ShownMessage } from '../models/shown-message.ts';
import type { TimelineState } from '../models/timeline.ts';
import { useTexts, useTimes } from './app-context.ts';
import { Avatar } from './Avatar.tsx';
import { MessageView } from './MessageView.tsx';
import { useNames } from './use-names.ts';

type Day = { readonly key: string; readonly at: number; readonly blocks: Exclude<Block, { kind: 'day' }>[] };

/** The messages, day by day: each day is an element of its own, so that its line sticks only as long as it lasts. */
export function TimelineBlocks({ state }: { readonly state: TimelineState }) {
  const times = useTimes();
  return daysOf(blocksOf(state.shown, state.newFrom)).map((day) => (
    <section key={day.key} className="day" aria-label={times.day(day.at)}>
      <p className="day-line"><time dateTime={new Date(day.at).toISOString()}>{times.day(day.at)}</time></p>
      <ol className="day-messages">
        {day.blocks.map((block) => <BlockView key={block.key} block={block} />)}
      </ol>
    </section>
  ));
}

function BlockView({ block }: { readonly block: Day['blocks'][number] }) {
  const texts = useTexts();
  switch (block.kind) {
    case 'new':
      return <li className="new-line" data-new="">{texts.text('chat.new')}</li>;
    case 'event':
      return <EventLine event={block.event} />;
    case 'group':
      return block.messages.map((message, index) => (
        <GroupMember
          key={message.key}
          message={message}
          isFirst={index === 0}
          next={block.messages[index + 1]}
        />
      ));
  }
}

function EventLine({ event }: { readonly event: ShownEvent }) {
  const texts = useTexts();
  const nameOf = useNames();
  const name = nameOf(event.from);
  const by = event.by === undefined || event.by === event.from ? '' : nameOf(event.by);
  const key = event.kind === 'joined' ? (by ? 'chat.joinedBy' : 'chat.joined') : by ? 'chat.leftBy' : 'chat.left';
  return (
    <li className="event-line" data-key={event.key} data-seq={event.seq}>
      {texts.text(key, { name, by })}
    </li>
  );
}

const GroupMember = memo(function GroupMember({ message, isFirst, next }: {
  readonly message: ShownMessage;
  readonly isFirst: boolean;
  readonly next: ShownMessage | undefined;
}) {
  const name = useNames()(message.from);
  return (
    <MessageView
      message={message}
      isFirst={isFirst}
      isLast={next === undefined}
      // One mark speaks for all messages above it that have come as far.
      showsMark={message.isOwn && next?.state !== message.state}
      sender={name}
      picture={isFirst && !message.isOwn ? <Avatar id={message.from} name={name} size="small" /> : undefined}
    />
  );
});

function daysOf(blocks: readonly Block[]): Day[] {
  const days: Day[] = [];
  for (const block of blocks) {
    if (block.kind === 'day') days.push({ key: block.key, at: block.at, blocks: [] });
    else days.at(-1)?.blocks.push(block);
  }
  return days;
}
