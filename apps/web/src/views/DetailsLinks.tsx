import { ChevronRight, Download, type LucideIcon, Pin, Search } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useApp, useObserved, useSession, useTexts } from './app-context.ts';
import type { DetailsPage } from './ConversationDetails.tsx';
import { failureText } from './failure-text.ts';
import { useSaveFile } from './use-save-file.ts';

type DetailsLinkProps = {
  readonly icon: LucideIcon;
  readonly label: string;
  /** What stands behind it, such as how many there are. */
  readonly value?: string | undefined;
  readonly isBusy?: boolean;
  /** It leads to another page of the details. */
  readonly isPage?: boolean;
  readonly onClick: () => void;
};

/** One line of what the details lead to. */
export function DetailsLink({ icon: Icon, label, value, isBusy = false, isPage = false, onClick }: DetailsLinkProps) {
  return (
    <li>
      <button type="button" className="details-link" disabled={isBusy} onClick={onClick}>
        <Icon size={18} aria-hidden="true" />
        <span className="details-link-label">{label}</span>
        {value !== undefined && <span className="details-link-value">{value}</span>}
        {isPage && <ChevronRight size={16} aria-hidden="true" />}
      </button>
    </li>
  );
}

/** What every conversation has. */
export function CommonLinks({ conversationId, onPage }: { readonly conversationId: string; readonly onPage: (page: DetailsPage) => void }) {
  const { router } = useApp();
  const session = useSession();
  const texts = useTexts();
  const pins = session.pins(conversationId);
  const { pins: pinned } = useObserved(pins.state);
  const [problem, setProblem] = useState<string>();
  const { save, isBusy } = useSaveFile();
  useEffect(() => session.loadPins(conversationId), [session, conversationId]);
  const download = (): void => {
    setProblem(undefined);
    save(session.api.exportConversation(conversationId), `${conversationId.replaceAll(':', '-')}.jsonl`)
      .catch((fault: unknown) => setProblem(failureText(fault, texts)));
  };
  return (
    <>
      <DetailsLink icon={Pin} label={texts.text('pins.title')} value={pinned.length > 0 ? String(pinned.length) : undefined} isPage onClick={() => onPage('pins')} />
      <DetailsLink icon={Search} label={texts.text('details.search')} onClick={() => router.go({ place: 'search', in: conversationId })} />
      <DetailsLink icon={Download} label={texts.text(isBusy ? 'export.busy' : 'export.conversation')} isBusy={isBusy} onClick={download} />
      {problem !== undefined && <li className="field-error" role="alert">{problem}</li>}
    </>
  );
}
