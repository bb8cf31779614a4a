import { useState } from 'react';
import { useSession, useTexts } from './app-context.ts';
import { DeleteAccountDialog } from './DeleteAccountDialog.tsx';
import { failureText } from './failure-text.ts';
import { useSaveFile } from './use-save-file.ts';

/** Taking along what is one's own, and leaving for good. */
export function OwnData() {
  const { api, user } = useSession();
  const texts = useTexts();
  const [problem, setProblem] = useState<string>();
  const [isDeleting, setIsDeleting] = useState(false);
  const { save, isBusy } = useSaveFile();
  const download = (): void => {
    setProblem(undefined);
    save(api.exportAccount(), `${user.id}.jsonl`).catch((fault: unknown) => setProblem(failureText(fault, texts)));
  };
  return (
    <section className="settings-section" aria-labelledby="settings-data">
      <h2 id="settings-data" className="settings-label">{texts.text('settings.data')}</h2>
      <p className="field-hint">{texts.text('settings.export.hint')}</p>
      <div className="settings-buttons">
        <button type="button" className="button" disabled={isBusy} onClick={download}>{texts.text(isBusy ? 'export.busy' : 'settings.export')}</button>
        <button type="button" className="button" data-kind="danger" onClick={() => setIsDeleting(true)}>{texts.text('settings.delete')}</button>
      </div>
      {problem !== undefined && <p className="field-error" role="alert">{problem}</p>}
      {isDeleting && <DeleteAccountDialog onClose={() => setIsDeleting(false)} />}
    </section>
  );
}
