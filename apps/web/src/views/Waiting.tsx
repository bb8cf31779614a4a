import { useTexts } from './app-context.ts';
import type { Answer } from './use-answer.ts';

/** What stands there until an answer does: that it is coming, or why it is not, with the way to ask again. */
export function Waiting({ answer, onRetry }: { readonly answer: Answer<unknown>; readonly onRetry: () => void }) {
  const texts = useTexts();
  if (answer.status === 'here') return null;
  if (answer.status === 'waiting') return <p className="waiting skeleton" role="status">{texts.text('app.loading')}</p>;
  return (
    <p className="waiting" role="alert">
      {answer.problem}{' '}
      <button type="button" className="text-button" onClick={onRetry}>{texts.text('error.retry')}</button>
    </p>
  );
}
