import { AuthRefreshBody, SendDestination } from '@chat/protocol';
import type { Principal } from '../identity/principal.ts';
import { BodySchema } from './body-schema.ts';
import type { Caller, Command, Outcome } from './command-table.ts';

/** `/app/auth.refresh`: the connection lives on under a new token of the same user. */
export class AuthRefresh implements Command {
  readonly destination = SendDestination.authRefresh;
  readonly #authenticate: (accessToken: string) => Promise<Principal>;
  readonly #schema = new BodySchema(SendDestination.authRefresh, AuthRefreshBody);

  constructor(authenticate: (accessToken: string) => Promise<Principal>) {
    this.#authenticate = authenticate;
  }

  async handle(raw: unknown, caller: Caller, outcome: Outcome): Promise<void> {
    const body = this.#schema.check(raw);
    caller.renew(await this.#authenticate(body.accessToken));
    outcome.done();
  }
}
