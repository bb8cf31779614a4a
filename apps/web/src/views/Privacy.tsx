import { useCallback, useState } from 'react';
import { useSession, useTexts } from './app-context.ts';
import { failureText } from './failure-text.ts';
import { useAnswer } from './use-answer.ts';
import { Waiting } from './Waiting.tsx';

/** What others are told of oneself. */
export function Privacy() {
  const { api } = useSession();
  const texts = useTexts();
  const [answer, again] = useAnswer(useCallback(() => api.me(), [api]));
  const [chosen, setChosen] = useState<boolean>();
  const [problem, setProblem] = useState<string>();
  const choose = (readReceipts: boolean): void => {
    setChosen(readReceipts);
    setProblem(undefined);
    api.changeMe({ readReceipts }).catch((fault: unknown) => {
      setChosen(!readReceipts);
      setProblem(failureText(fault, texts));
    });
  };
  return (
    <section className="settings-section" aria-labelledby="settings-privacy">
      <h2 id="settings-privacy" className="settings-label">{texts.text('settings.privacy')}</h2>
      <Waiting answer={answer} onRetry={again} />
      {answer.status === 'here' && (
        <label className="settings-option">
          <input type="checkbox" role="switch" checked={chosen ?? answer.value.readReceipts} aria-describedby="settings-receipts" onChange={(event) => choose(event.target.checked)} />
          {texts.text('settings.receipts')}
        </label>
      )}
      <p id="settings-receipts" className="field-hint">{texts.text('settings.receipts.hint')}</p>
      {problem !== undefined && <p className="field-error" role="alert">{problem}</p>}
    </section>
  );
}
