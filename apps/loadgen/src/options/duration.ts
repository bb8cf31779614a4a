const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;

/** Milliseconds of a text such as `500ms`, `60s`, `2m`, `1.5h`; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text);
  if (!match) return undefined;
  // The pattern admits only the keys of UNITS.
  return Number(match[1]) * UNITS[match[2] as keyof typeof UNITS];
}
