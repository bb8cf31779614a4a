import { createContext, useContext, useSyncExternalStore } from 'react';
import type { App } from '../models/app.ts';
import type { ChatSession } from '../models/chat-session.ts';
import type { Observed } from '../models/observed.ts';
import type { Translator } from '../texts/texts.ts';
import type { Times } from '../texts/times.ts';

export type Surroundings = { readonly app: App; readonly translator: Translator; readonly times: Times };

export const SurroundingsContext = createContext<Surroundings | undefined>(undefined);
export const SessionContext = createContext<ChatSession | undefined>(undefined);

export function useApp(): App {
  return useSurroundings().app;
}

export function useTexts(): Translator {
  return useSurroundings().translator;
}

export function useTimes(): Times {
  return useSurroundings().times;
}

export function useSession(): ChatSession {
  const session = useContext(SessionContext);
  if (!session) throw new Error('This view belongs to a signed-in user.');
  return session;
}

export function useObserved<Value>(observed: Observed<Value>): Value {
  return useSyncExternalStore(observed.subscribe, () => observed.value);
}

function useSurroundings(): Surroundings {
  const surroundings = useContext(SurroundingsContext);
  if (!surroundings) throw new Error('Views stand inside AppView.');
  return surroundings;
}
