import type { paths } from './generated/api-types.ts';

// Requests to `/api` as the types made from its OpenAPI document describe them.

export type ApiMethod = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** Paths that have this method: with `{name}` where a value of the request stands. */
export type ApiPath<Method extends ApiMethod> = {
  [Path in keyof paths]: Required<paths[Path]>[Method] extends { responses: unknown } ? Path : never;
}[keyof paths];

type Operation<Method extends ApiMethod, Path extends ApiPath<Method>> = Required<paths[Path]>[Method];
type Json<Content> = Content extends { content: { 'application/json': infer Body } } ? Body : undefined;
type Success = 200 | 201 | 202 | 204;
type Given<Part> = Part extends undefined ? undefined : Part;

/** What a successful answer says; `undefined` where it has no body. */
export type ApiAnswer<Method extends ApiMethod, Path extends ApiPath<Method>> =
  Operation<Method, Path> extends { responses: infer Responses } ? Json<Responses[keyof Responses & Success]> : never;

type PathValues<Op> = Op extends { parameters: { path: infer Values extends object } } ? { readonly path: Readonly<Values> } : object;
type QueryValues<Op> = Op extends { parameters: { query?: infer Values } } ? Given<Values> extends object ? { readonly query?: Readonly<Given<Values>> } : object : object;
type BodyValue<Op> = Op extends { requestBody: { content: { 'application/json': infer Body } } }
  ? { readonly body: Body }
  : Op extends { requestBody?: { content: { 'application/json': infer Body } } }
    ? { readonly body?: Body }
    : object;

/** What a request needs beside its path: values for the path, the query, the body. */
export type ApiRequest<Method extends ApiMethod, Path extends ApiPath<Method>> = PathValues<Operation<Method, Path>> &
  QueryValues<Operation<Method, Path>> &
  BodyValue<Operation<Method, Path>>;

/** The path with its values in place, and the query behind it. Values that are `undefined` or empty are left out of the query. */
export function apiUrl(path: string, values: { readonly path?: object; readonly query?: object } = {}): string {
  const inPath: Readonly<Record<string, unknown>> = { ...values.path };
  const url = path.replace(/\{(\w+)\}/g, (_whole, name: string) => encodeURIComponent(String(inPath[name])));
  const given = Object.entries(values.query ?? {}).filter(([, value]) => value !== undefined && value !== '');
  const query = new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)])).toString();
  return query === '' ? url : `${url}?${query}`;
}
