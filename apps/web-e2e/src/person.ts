import { randomBytes } from 'node:crypto';

export type Person = { readonly id: string; readonly password: string; readonly displayName: string };

/** Somebody whom no other test, and no earlier run of this one, has registered. */
export function newPerson(name: string, displayName = name): Person {
  return { id: `${name}-${randomBytes(4).toString('hex')}`, password: 'correct horse battery', displayName };
}

/** As `direct:<a>:<b>` with the ids in byte order; ids are ASCII. */
export function directConversation(one: Person, other: Person): string {
  return `direct:${[one.id, other.id].sort().join(':')}`;
}
