import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

// The stages of the chat server, from the socket inwards, and what each may import. Tests, contracts and compose.ts,
// which wires everything, are free; lifecycle, which starts and ends what it wires, may import from wherever that is.
const CHAT_SERVER_IMPORTS = {
  gateway: ['stomp', 'conversations', 'identity', 'config', 'history', 'rooms', 'search'],
  admission: [],
  stomp: ['commands', 'conversations', 'delivery', 'identity'],
  commands: ['conversations', 'delivery', 'identity', 'history', 'rooms'],
  'read-state': ['conversations', 'delivery'],
  rooms: ['conversations', 'identity'],
  presence: ['bus', 'conversations', 'directory', 'stomp', 'timing'],
  routing: ['bus', 'conversations', 'delivery', 'directory'],
  bus: ['conversations', 'delivery', 'timing'],
  delivery: ['conversations'],
  history: ['conversations'],
  search: ['conversations', 'history'],
  retention: ['conversations', 'history', 'search'],
  conversations: [],
  identity: ['config'],
  lifecycle: ['admission', 'bus', 'config', 'conversations', 'database', 'delivery', 'gateway', 'identity', 'observability', 'timing'],
  directory: ['timing'],
  database: [],
  observability: ['bus', 'delivery'],
  timing: [],
  config: [],
};

const folders = Object.keys(CHAT_SERVER_IMPORTS);
const chatServerBoundaries = Object.entries(CHAT_SERVER_IMPORTS).map(([folder, allowed]) => ({
  files: [`apps/chat-server/src/${folder}/**/*.ts`],
  ignores: ['**/*.spec.ts', '**/*.contract.ts', '**/*.fixture.ts'],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: folders
          .filter((other) => other !== folder && !allowed.includes(other))
          .map((other) => ({ regex: `^(\\.\\./)+${other}/`, message: `${folder} may not import from ${other}: see eslint.config.mjs.` })),
      },
    ],
  },
}));

export default tseslint.config(
  { ignores: ['**/dist', '**/out-tsc', '**/node_modules', '**/.nx', '**/test-results', '**/playwright-report', 'libs/protocol/src/generated'] },
  js.configs.recommended,
  ...tseslint.configs.recommendedTypeChecked,
  {
    files: ['**/*.{ts,tsx,mts}'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { '@nx': nx },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@nx/enforce-module-boundaries': [
        'error',
        {
          enforceBuildableLibDependency: false,
          depConstraints: [
            { sourceTag: 'scope:shared', onlyDependOnLibsWithTags: ['scope:shared'], bannedExternalImports: ['fastify', 'react*', 'ws', 'pg'] },
            { sourceTag: 'scope:client', onlyDependOnLibsWithTags: ['scope:shared', 'scope:client'], bannedExternalImports: ['fastify', 'react*', 'pg'] },
            { sourceTag: 'scope:server', onlyDependOnLibsWithTags: ['scope:shared', 'scope:server', 'scope:tools'] },
            { sourceTag: 'scope:web', onlyDependOnLibsWithTags: ['scope:shared', 'scope:client', 'scope:web'] },
            { sourceTag: 'scope:tools', onlyDependOnLibsWithTags: ['scope:shared', 'scope:client', 'scope:tools'] },
            { sourceTag: 'scope:e2e', onlyDependOnLibsWithTags: ['scope:shared', 'scope:client', 'scope:tools'] },
          ],
        },
      ],
    },
  },
  ...chatServerBoundaries,
  {
    files: ['**/*.{js,mjs,cjs}'],
    ...tseslint.configs.disableTypeChecked,
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly', setTimeout: 'readonly' } },
  },
);
