// The API for people to read: plain HTML without scripts or styles of its own, which every policy allows.

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

type Operation = {
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly parameters?: unknown;
  readonly requestBody?: unknown;
  readonly responses?: unknown;
};

type Document = { readonly info: { readonly title: string; readonly description?: string }; readonly paths?: object };

/** One section for each operation, ordered by tag. */
export function openApiPage({ info, paths = {} }: Document): string {
  const sections = new Map<string, string[]>();
  // The document is our own: an object of operations for each path.
  for (const [path, item] of Object.entries(paths) as [string, Readonly<Record<string, Operation>>][]) {
    for (const method of METHODS) {
      const operation = item[method];
      if (operation === undefined) continue;
      const tag = operation.tags?.[0] ?? '';
      sections.set(tag, [...(sections.get(tag) ?? []), describe(method, path, operation)]);
    }
  }
  const body = [...sections].sort(([a], [b]) => a.localeCompare(b)).map(([tag, operations]) => `<h2>${escape(tag)}</h2>${operations.join('')}`);
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escape(info.title)}</title></head><body><h1>${escape(info.title)}</h1><p>${escape(info.description ?? '')}</p>
<p><a href="/api/openapi.json">As OpenAPI 3.1</a></p>${body.join('')}</body></html>`;
}

function describe(method: string, path: string, { summary = '', parameters, requestBody, responses }: Operation): string {
  const parts = { parameters, requestBody, responses };
  const details = Object.entries(parts).flatMap(([name, part]) =>
    part === undefined ? [] : [`<details><summary>${name}</summary><pre>${escape(JSON.stringify(part, undefined, 2))}</pre></details>`],
  );
  return `<section><h3><code>${method.toUpperCase()} ${escape(path)}</code></h3><p>${escape(summary)}</p>${details.join('')}</section>`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
