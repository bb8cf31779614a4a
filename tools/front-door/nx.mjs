import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout } from 'node:timers/promises';
import { ended } from './child.mjs';
import { childEnvironment } from './runtime.mjs';

/**
 * @typedef {object} GraphProject
 * @property {string} name
 * @property {string} folder
 * @property {ReadonlySet<string>} targets
 * @property {readonly string[]} dependencies
 *
 * @typedef {object} RunOptions
 * @property {number} parallel how many targets at once
 * @property {'static' | 'stream-without-prefixes'} style whether a target's output comes at its end or as it is written
 * @property {readonly string[]} [args] passed on to every target
 * @property {Record<string, string>} [env]
 */
/** @typedef {{ project: string, target: string, passed: boolean, cached: boolean }} Task */
/** @typedef {{ tasks: readonly Task[], ended: import('./child.mjs').Ended }} NxRun */

const SCRATCH = 'test-results';
const KILL_AFTER_MS = 10_000;

/** Runs Nx in one checkout, one call at a time, and can end what runs with all its children. */
export class Nx {
  #root;
  #runtime;
  /** @type {import('node:child_process').ChildProcess | undefined} */
  #running;
  #stopped = false;

  /** @param {string} root @param {string} runtime */
  constructor(root, runtime) {
    this.#root = root;
    this.#runtime = runtime;
    mkdirSync(join(root, SCRATCH), { recursive: true });
  }

  /** Every project with its targets and what it depends on. @returns {Promise<GraphProject[]>} */
  async projects() {
    const file = join(this.#root, SCRATCH, 'nx-graph.json');
    const end = await this.#run(['graph', `--file=${file}`], {}, 'ignore');
    if (end !== 0) throw new Error(`nx graph failed (${end})`);
    const { graph } = JSON.parse(readFileSync(file, 'utf8'));
    /** @type {Record<string, { data: { root: string, targets?: Record<string, unknown> } }>} */
    const nodes = graph.nodes;
    return Object.entries(nodes).map(([name, { data }]) => ({
      name,
      folder: data.root,
      targets: new Set(Object.keys(data.targets ?? {})),
      dependencies: (graph.dependencies[name] ?? []).map((/** @type {{ target: string }} */ edge) => edge.target),
    }));
  }

  /**
   * The names of the projects that a pattern of Nx stands for: a name, a glob, a folder, `tag:…`.
   * @param {string} pattern
   * @returns {Promise<string[]>}
   */
  async matching(pattern) {
    const lines = await this.#output(['show', 'projects', '-p', pattern, '--json']);
    return JSON.parse(lines);
  }

  /**
   * `nx run-many`, to the end also when something fails. Which tasks ran, and how they ended, is in the profile that Nx
   * writes; those that it left out, because what they depend on failed, are not in it.
   * @param {readonly string[]} targets
   * @param {readonly string[]} projects
   * @param {RunOptions} options
   * @returns {Promise<NxRun>}
   */
  async runMany(targets, projects, { parallel, style, args = [], env = {} }) {
    const profile = join(SCRATCH, `nx-${targets.join('-')}.json`);
    rmSync(join(this.#root, profile), { force: true });
    const end = await this.#run(
      [
        'run-many',
        '-t',
        ...targets,
        '-p',
        ...projects,
        `--parallel=${parallel}`,
        `--outputStyle=${style}`,
        '--nxBail=false',
        ...args,
      ],
      { ...env, NX_PROFILE: profile },
      'inherit',
    );
    return { tasks: tasksIn(join(this.#root, profile)), ended: end };
  }

  /** Ends what runs, with everything that it started; nothing starts after it. */
  async stop() {
    this.#stopped = true;
    const child = this.#running;
    if (child?.pid === undefined) return;
    const gone = ended(child);
    killGroup(child.pid, 'SIGTERM');
    const late = setTimeout(KILL_AFTER_MS, 'late', { ref: false });
    if ((await Promise.race([gone, late])) === 'late') killGroup(child.pid, 'SIGKILL');
    await gone;
  }

  /** @param {readonly string[]} args @param {Record<string, string>} env @param {'inherit' | 'ignore'} stdout */
  async #run(args, env, stdout) {
    return ended(this.#spawn(args, env, stdout));
  }

  /** @param {readonly string[]} args */
  async #output(args) {
    const child = this.#spawn(args, {}, 'pipe');
    let output = '';
    child.stdout?.setEncoding('utf8').on('data', (/** @type {string} */ text) => (output += text));
    const end = await ended(child);
    if (end !== 0) throw new Error(`nx ${args.join(' ')} failed (${end})`);
    return output;
  }

  /** @param {readonly string[]} args @param {Record<string, string>} env @param {'inherit' | 'ignore' | 'pipe'} stdout */
  #spawn(args, env, stdout) {
    if (this.#stopped) throw new Error('interrupted');
    // A group of its own: the terminal's Ctrl-C goes to us alone, and we end the whole group in our time.
    const child = spawn(this.#runtime, [join(this.#root, 'node_modules', '.bin', 'nx'), ...args], {
      cwd: this.#root,
      env: { ...childEnvironment(this.#root, this.#runtime), ...env },
      stdio: ['ignore', stdout, 'inherit'],
      detached: true,
    });
    this.#running = child;
    child.once('close', () => (this.#running = undefined));
    return child;
  }
}

/** @param {string} profile @returns {Task[]} */
function tasksIn(profile) {
  /** @type {{ args: { status?: string, target?: { project: string, target: string } } }[]} */
  const events = readJson(profile) ?? [];
  return events.flatMap(({ args: { status, target } }) =>
    status === undefined || target === undefined
      ? []
      : [
          {
            project: target.project,
            target: target.target,
            passed: status !== 'failure',
            cached: status.includes('cache'),
          },
        ],
  );
}

/** @param {string} file @returns {any} nothing, if Nx ended before it wrote the file */
function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** @param {number} leader @param {NodeJS.Signals} signal */
function killGroup(leader, signal) {
  try {
    process.kill(-leader, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
