import type { FastifySchemaCompiler, FastifyTypeProvider } from 'fastify';
import Type, { type Static, type TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { ChatError, UserId } from '@chat/protocol';

/** Gives handlers the types of their TypeBox schemas. Fastify asks for an interface that reads `this`. */
export interface TypeBoxTypes extends FastifyTypeProvider {
  validator: this['schema'] extends TSchema ? Static<this['schema']> : unknown;
}

type Fault = {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: object;
  readonly message: string;
};

/** Fastify validates with the same compiled schemas as everything else. Unknown fields are let through. */
export const compileSchema: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const validator = Compile(schema);
  const whole = httpPart === 'body' ? 'The body' : 'The request';
  return (value: unknown) => {
    // A body says what it means; in an address everything is text.
    const typed = httpPart === 'body' ? value : fromText(schema, value);
    if (validator.Check(typed)) return { value: typed };
    return { error: new ChatError('bad-request', faultInWords(validator.Errors(typed), whole)) };
  };
};

/** What the schema asks for as a whole number or a boolean becomes one, if it is written like one: '' and '0x10' are not. */
function fromText(schema: TSchema, sent: unknown): unknown {
  if (!Type.IsObject(schema) || typeof sent !== 'object' || sent === null) return sent;
  return Object.fromEntries(
    Object.entries(sent).map(([name, value]: [string, unknown]) => [name, valueOf(schema.properties[name], value)]),
  );
}

function valueOf(schema: TSchema | undefined, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (Type.IsInteger(schema) && /^-?\d{1,16}$/.test(value)) return Number(value);
  if (Type.IsBoolean(schema) && /^(true|false)$/.test(value)) return value === 'true';
  return value;
}

/** The first fault, as a sentence that says what to send. `whole` is what the value itself is called. */
export function faultInWords(faults: readonly Fault[], whole: string): string {
  const [fault] = faults;
  if (fault === undefined) return `${whole} does not have the form that is asked for.`;
  const path = fault.instancePath.slice(1).replaceAll('/', '.');
  const field = path === '' ? whole : path;
  const wanted: unknown = Object.values(fault.params)[0];
  switch (fault.keyword) {
    case 'required':
      return path === '' ? `Send ${list(wanted)} too.` : `Send ${list(wanted)} in ${field} too.`;
    case 'type':
      return `${field} must be ${typeInWords(wanted)}.`;
    case 'minLength':
      return `${field} must have at least ${String(wanted)} ${wanted === 1 ? 'character' : 'characters'}.`;
    case 'maxLength':
      return `${field} must have at most ${String(wanted)} characters.`;
    case 'minimum':
      return `${field} must be ${boundOf(fault.params)} at least.`;
    case 'maximum':
      return `${field} must be ${boundOf(fault.params)} at most.`;
    case 'pattern':
      return `${field} must ${patternInWords(wanted)}.`;
    default:
      return `${field} ${fault.message}.`;
  }
}

function boundOf(params: object): string {
  return 'limit' in params ? String(params.limit) : 'another number';
}

const TYPES: Readonly<Record<string, string>> = {
  object: 'a JSON object',
  array: 'a list',
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
};

function typeInWords(type: unknown): string {
  return (typeof type === 'string' ? TYPES[type] : undefined) ?? `of type ${String(type)}`;
}

function patternInWords(pattern: unknown): string {
  if ('pattern' in UserId && pattern === UserId.pattern)
    return 'be 2 to 64 of a-z 0-9 . _ -, its first and last a letter or digit';
  return `match ${String(pattern)}`;
}

function list(names: unknown): string {
  return Array.isArray(names) ? names.join(', ') : String(names);
}
