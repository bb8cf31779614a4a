import type { User } from '@chat/protocol';

/** Who is signed in, and the tokens that prove it. */
export type SignIn = {
  readonly user: User;
  readonly accessToken: string;
  readonly refreshToken: string;
  /** When the access token is due for another, and when it runs out: epoch milliseconds by this machine's clock. */
  readonly renewAt: number;
  readonly expiresAt: number;
};

/** Where the sign-in is kept. All tabs of a browser share one. */
export interface SignInStore {
  read(): SignIn | undefined;
  write(signIn: SignIn | undefined): void;
  /** Called when another tab has written. */
  onOutsideChange(listener: () => void): () => void;
}

export class MemorySignInStore implements SignInStore {
  #signIn: SignIn | undefined;

  read(): SignIn | undefined {
    return this.#signIn;
  }

  write(signIn: SignIn | undefined): void {
    this.#signIn = signIn;
  }

  onOutsideChange(): () => void {
    return () => undefined;
  }
}

/** In `localStorage`, so that it survives a reload and reaches every tab. */
export class BrowserSignInStore implements SignInStore {
  readonly #key: string;

  constructor(key = 'chat.sign-in') {
    this.#key = key;
  }

  read(): SignIn | undefined {
    const text = localStorage.getItem(this.#key);
    if (text === null) return undefined;
    try {
      return JSON.parse(text) as SignIn; // only `write` puts anything there
    } catch {
      return undefined; // cut off or written by something else: as good as signed out
    }
  }

  write(signIn: SignIn | undefined): void {
    if (signIn) localStorage.setItem(this.#key, JSON.stringify(signIn));
    else localStorage.removeItem(this.#key);
  }

  onOutsideChange(listener: () => void): () => void {
    const onStorage = (event: StorageEvent): void => {
      if (event.key === this.#key || event.key === null) listener();
    };
    addEventListener('storage', onStorage);
    return () => removeEventListener('storage', onStorage);
  }
}
