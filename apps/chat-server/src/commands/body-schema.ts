import { ChatError } from '@chat/protocol';
import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';

/** A compiled check of one SEND body, with an error that says what to send. */
export class BodySchema<Schema extends TSchema> {
  readonly #destination: string;
  readonly #validator: ReturnType<typeof Compile<Schema>>;

  constructor(destination: string, schema: Schema) {
    this.#destination = destination;
    this.#validator = Compile(schema);
  }

  /** Throws `ChatError` bad-request that names the first thing that is wrong. */
  check(body: unknown): Static<Schema> {
    if (this.#validator.Check(body)) return body;
    const [first] = this.#validator.Errors(body);
    const where = first === undefined || first.instancePath === '' ? 'The body' : first.instancePath.slice(1).replaceAll('/', '.');
    throw new ChatError('bad-request', `${this.#destination}: ${where} ${first?.message ?? 'is not as it should be'}.`);
  }
}
