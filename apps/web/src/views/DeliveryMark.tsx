import { Check, CheckCheck, Clock, TriangleAlert } from 'lucide-react';
import type { MessageState } from '../models/shown-message.ts';
import { useTexts } from './app-context.ts';

const ICONS = { pending: Clock, failed: TriangleAlert, stored: Check, delivered: CheckCheck, read: CheckCheck } as const;

/** How far an own message is. Read differs from delivered by weight and colour, and by its name. */
export function DeliveryMark({ state }: { readonly state: MessageState }) {
  const texts = useTexts();
  const Icon = ICONS[state];
  const name = texts.text(`mark.${state}`);
  return (
    <span className="mark" data-mark={state} role="img" aria-label={name} title={name}>
      <Icon size={16} strokeWidth={state === 'read' ? 3 : 2} aria-hidden="true" />
    </span>
  );
}
