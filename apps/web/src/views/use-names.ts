import type { User } from '@chat/protocol';
import { useCallback } from 'react';
import type { Translator } from '../texts/texts.ts';
import { useObserved, useSession, useTexts } from './app-context.ts';

/** What somebody is called; the server's words for a deleted account are in one language only. */
export function nameOf({ displayName, deleted }: Pick<User, 'displayName' | 'deleted'>, texts: Translator): string {
  return deleted ? texts.text('person.deleted') : displayName;
}

/** What people are called, by their id, kept up as more of them become known. */
export function useNames(): (id: string) => string {
  const { people } = useSession();
  const texts = useTexts();
  const version = useObserved(people.version);
  return useCallback(
    (id) => {
      const { name, isDeleted = false } = people.person(id);
      return nameOf({ displayName: name, deleted: isDeleted }, texts);
    },
    [people, texts, version], // another version is another answer
  );
}
