import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runToStderr } from './child.mjs';
import { FrontDoorFailure } from './failure.mjs';
import { say } from './progress.mjs';
import { childEnvironment } from './runtime.mjs';
import { readWorkspace, withDependencies } from './workspace.mjs';

/** @typedef {{ sources: string, outputs: string }} Built what a project was built from, and what came out */

const NOT_SOURCES = new Set(['node_modules', 'dist', 'out-tsc', 'test-results', 'playwright-report', 'coverage']);
const TEST_FILE = /\.(spec|test)\.[cm]?[jt]sx?$/;
const FILES_OF_ALL = ['package.json', 'package-lock.json', 'tsconfig.base.json', 'nx.json', 'tools/build-node-app.mjs'];

/**
 * Which of `projects` have to be built. Nx knows it too, but takes more than a second to say so; we read the sources
 * instead, some ten milliseconds. A project counts as built if its sources, and those of the workspace packages it depends
 * on, are what they were at the last build, and nobody has touched its `dist` since.
 * @param {string} root
 * @param {readonly string[]} projects
 */
export function projectsToBuild(root, projects) {
  const built = readStamp(root);
  return projects.filter((project) => {
    const outputs = outputsOf(root, project);
    const last = built[project];
    return last === undefined || last.outputs !== outputs || last.sources !== sourcesOf(root, project);
  });
}

/**
 * Builds them with Nx, which takes from its cache what it has.
 * @param {string} root
 * @param {string} runtime
 * @param {readonly string[]} projects
 */
export async function build(root, runtime, projects) {
  say(`building ${projects.join(', ')}`);
  // Taken before the build: an edit made while it runs is then built the next time.
  const sources = projects.map((project) => sourcesOf(root, project));
  const args = [
    join(root, 'node_modules', '.bin', 'nx'),
    'run-many',
    '-t',
    'build',
    '-p',
    ...projects,
    '--outputStyle=static',
  ];
  const ended = await runToStderr(runtime, args, { cwd: root, env: childEnvironment(root, runtime) });
  if (ended !== 0)
    throw new FrontDoorFailure(
      'build-failed',
      `the build of ${projects.join(', ')} failed (${ended}); what it said is above`,
    );
  const stamp = readStamp(root);
  for (const [index, project] of projects.entries()) {
    const outputs = outputsOf(root, project);
    if (outputs === undefined)
      throw new FrontDoorFailure('build-failed', `the build of ${project} left nothing in its dist folder`);
    stamp[project] = { sources: sources[index] ?? '', outputs };
  }
  const file = stampFile(root);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(stamp));
}

/** @param {string} root @param {string} project */
function sourcesOf(root, project) {
  const hash = createHash('sha256');
  const projects = withDependencies(readWorkspace(root), project);
  for (const folder of projects.map(({ folder }) => folder).sort()) {
    for (const file of filesIn(join(root, folder)))
      hash.update(file).update('\0').update(readFileSync(file)).update('\0');
  }
  for (const name of FILES_OF_ALL) {
    const file = join(root, name);
    if (existsSync(file)) hash.update(name).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

/**
 * @param {string} root
 * @param {string} project
 * @returns {string | undefined} nothing if there is no dist, or nothing in it
 */
function outputsOf(root, project) {
  const folder = readWorkspace(root).find(({ name }) => name === project)?.folder;
  if (folder === undefined)
    throw new FrontDoorFailure('build-failed', `there is no project ${project} in this checkout`);
  const dist = join(root, folder, 'dist');
  const files = existsSync(dist) ? filesIn(dist) : [];
  if (files.length === 0) return undefined;
  const hash = createHash('sha256');
  for (const file of files) {
    const { size, mtimeMs } = statSync(file);
    hash.update(`${file}\0${size}\0${mtimeMs}\0`);
  }
  return hash.digest('hex');
}

/** @param {string} folder @returns {string[]} every file below that a build may read, always in the same order */
function filesIn(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !NOT_SOURCES.has(name) && !TEST_FILE.test(name))
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? filesIn(join(folder, entry.name)) : [join(folder, entry.name)]));
}

/** @param {string} root @returns {Record<string, Built>} */
function readStamp(root) {
  const file = stampFile(root);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}

/** In node_modules, because what is built depends on what is installed. @param {string} root */
function stampFile(root) {
  return join(root, 'node_modules', '.cache', 'front-door', 'built.json');
}
