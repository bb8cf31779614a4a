import { SETTINGS, type SettingSection, type SettingSpec } from './setting-list.ts';

const INTRODUCTION = `# Settings

Everything is set by environment variables, read once at the start. A value that cannot be used ends the start with one line that
names the variable (see [errors](errors.md)). An empty variable counts as not set.

Without any, everything runs embedded in \`DATA_DIR\`. \`DATABASE_URL\` alone makes it one server on an outside PostgreSQL.
\`RABBITMQ_URL\` and \`REDIS_URL\`, with \`DATABASE_URL\` and \`JWT_SECRET\`, make it one of any number of servers.

Those marked with a key may come as a file instead, for secrets that are mounted: \`JWT_SECRET_FILE=/run/secrets/jwt\`. A line break
at its end is no part of the value.

Without \`JWT_SECRET\`, embedded or on an outside PostgreSQL, a random one is kept in \`DATA_DIR\` (\`jwt-secret\`, readable by the
server's user alone) and not in the database, so that a copy of the database is not enough to sign tokens. If the file is lost,
access tokens end early and are refreshed; nobody has to sign in again.
`;

/** The text of \`docs/settings.md\`. */
export function settingsPage(): string {
  const sections = Map.groupBy(SETTINGS, ([, spec]): SettingSection => spec.section);
  const tables = [...sections].map(([section, settings]) => {
    const rows = settings.map(
      ([name, spec]) => `| \`${name}\`${spec.secret ? ' 🔑' : ''} | ${fallbackOf(spec)} | ${spec.meaning} |`,
    );
    return [`## ${section}`, '', '| variable | default | meaning |', '|---|---|---|', ...rows, ''].join('\n');
  });
  return [INTRODUCTION, ...tables].join('\n');
}

function fallbackOf(spec: SettingSpec): string {
  return spec.fallback === undefined ? (spec.fallbackWords ?? '') : `\`${spec.fallback}\``;
}
