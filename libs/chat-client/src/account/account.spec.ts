import { expect, test } from 'vitest';
import { RequestError } from '../api/request-error.ts';
import { ScriptedClock } from '../platform/clock.scripted.ts';
import { ProcessLocks } from '../platform/locks.ts';
import { ScriptedHttp } from '../testing/scripted-client.ts';
import { Account } from './account.ts';
import type { SignIn, SignInStore } from './sign-in-store.ts';

/** The storage of a browser: each tab has its view of it, and hears what the others write. */
class SharedStorage {
  signIn: SignIn | undefined;
  readonly #tabs: { readonly heard: () => void; readonly view: SignInStore }[] = [];

  openTab(): SignInStore {
    const view: SignInStore = {
      read: () => this.signIn,
      write: (signIn) => {
        this.signIn = signIn;
        for (const tab of this.#tabs) if (tab.view !== view) tab.heard();
      },
      onOutsideChange: (heard) => {
        this.#tabs.push({ heard, view });
        return () => undefined;
      },
    };
    return view;
  }
}

function tabs(count: number) {
  const http = new ScriptedHttp();
  const clock = new ScriptedClock();
  const storage = new SharedStorage();
  const parts = { http, clock, locks: new ProcessLocks(), onFault: () => undefined };
  return { http, clock, accounts: Array.from({ length: count }, () => new Account({ ...parts, store: storage.openTab() })) };
}

test('a token is used as long as it is fresh, then renewed once for all who ask', async () => {
  const { http, clock, accounts: [account] } = tabs(1);
  await account?.signIn({ id: 'anna', password: 'password' });
  expect(await account?.accessToken()).toBe('access-1');
  await clock.advance(3_600_000 * 0.8);
  const tokens = await Promise.all([account?.accessToken(), account?.accessToken(), account?.accessToken()]);
  expect(tokens).toEqual(['access-2', 'access-2', 'access-2']);
  expect(http.calls).toEqual(['/api/auth/login', '/api/auth/refresh']);
});

test('of several tabs one renews, and the others take its token', async () => {
  const { http, clock, accounts } = tabs(3);
  await accounts[0]?.signIn({ id: 'anna', password: 'password' });
  await clock.advance(3_600_000 * 0.8);
  expect(await Promise.all(accounts.map((account) => account.accessToken()))).toEqual(['access-2', 'access-2', 'access-2']);
  expect(http.calls).toEqual(['/api/auth/login', '/api/auth/refresh']);
});

test('signing in and out reaches the other tabs', async () => {
  const { accounts: [here, there] } = tabs(2);
  const heard: string[] = [];
  there?.events.on('signedIn', (signIn) => heard.push(`in ${signIn.user.id}`));
  there?.events.on('signedOut', (reason) => heard.push(`out ${reason}`));
  await here?.signIn({ id: 'anna', password: 'password' });
  await here?.signOut();
  expect(heard).toEqual(['in anna', 'out elsewhere']);
  expect(there?.current).toBeUndefined();
});

test('a refresh that cannot be reached leaves a token in use that still holds', async () => {
  const { http, clock, accounts: [account] } = tabs(1);
  await account?.signIn({ id: 'anna', password: 'password' });
  http.refresh = 'unreachable';
  await clock.advance(3_600_000 * 0.9);
  expect(await account?.accessToken()).toBe('access-1');
  await clock.advance(3_600_000 * 0.1);
  await expect(account?.accessToken()).rejects.toMatchObject({ code: 'unreachable' });
  expect(account?.current).toBeDefined();
});

test('a refresh that is refused ends the sign-in', async () => {
  const { http, clock, accounts: [account] } = tabs(1);
  const reasons: string[] = [];
  account?.events.on('signedOut', (reason) => reasons.push(reason));
  await account?.signIn({ id: 'anna', password: 'password' });
  http.refresh = 'refused';
  await clock.advance(3_600_000);
  await expect(account?.accessToken()).rejects.toBeInstanceOf(RequestError);
  expect(reasons).toEqual(['ended']);
});
