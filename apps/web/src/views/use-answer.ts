import { useEffect, useState } from 'react';
import { useTexts } from './app-context.ts';
import { failureText } from './failure-text.ts';

export type Answer<Value> =
  | { readonly status: 'waiting' }
  | { readonly status: 'here'; readonly value: Value }
  | { readonly status: 'failed'; readonly problem: string };

/** What `ask` answers, asked when it is first shown and whenever `ask` is another function. The second value asks again. */
export function useAnswer<Value>(ask: () => Promise<Value>): [Answer<Value>, () => void] {
  const texts = useTexts();
  const [answer, setAnswer] = useState<Answer<Value>>({ status: 'waiting' });
  const [times, setTimes] = useState(0);
  useEffect(() => {
    let isCurrent = true;
    ask().then(
      (value) => isCurrent && setAnswer({ status: 'here', value }),
      (fault: unknown) => isCurrent && setAnswer({ status: 'failed', problem: failureText(fault, texts) }),
    );
    return () => {
      isCurrent = false;
    };
  }, [ask, texts, times]);
  return [answer, () => setTimes((before) => before + 1)];
}
