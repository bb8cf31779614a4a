import { useEffect, useState } from 'react';
import { useTexts } from './app-context.ts';
import { failureText } from './failure-text.ts';

/** While one types, nothing is asked for. */
const TYPING_MS = 250;

export type Lookup<Answer> = { readonly answer: Answer | undefined; readonly problem: string | undefined };

/**
 * What `ask` answers to the text that was typed last; an answer to an earlier one is dropped. `ask` may decline with
 * `undefined`, which empties the answer. It has to stay the same function from one drawing to the next.
 */
export function useLookup<Answer>(text: string, ask: (text: string) => Promise<Answer> | undefined): Lookup<Answer> {
  const texts = useTexts();
  const [lookup, setLookup] = useState<Lookup<Answer>>({ answer: undefined, problem: undefined });
  const q = text.trim();
  useEffect(() => {
    let isCurrent = true;
    const settle = (change: Partial<Lookup<Answer>>): void => {
      if (isCurrent) setLookup((before) => ({ ...before, ...change }));
    };
    const timer = setTimeout(() => {
      const asked = ask(q);
      if (asked === undefined) return settle({ answer: undefined });
      asked.then(
        (answer) => settle({ answer, problem: undefined }),
        (fault: unknown) => settle({ problem: failureText(fault, texts) }),
      );
    }, TYPING_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [ask, texts, q]);
  return lookup;
}
