import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @typedef {{ name: string, folder: string, dependencies: string[] }} Project */

/**
 * The projects of the checkout, from the package.json files alone: Nx may not be installed yet.
 * @param {string} root
 * @returns {Project[]}
 */
export function readWorkspace(root) {
  /** @type {{ workspaces?: string[] }} */
  const { workspaces = [] } = readManifest(root);
  const parents = workspaces
    .map((pattern) => pattern.replace(/\/\*$/, ''))
    .filter((parent) => existsSync(join(root, parent)));
  return parents
    .flatMap((parent) => readdirSync(join(root, parent)).map((name) => `${parent}/${name}`))
    .filter((folder) => existsSync(join(root, folder, 'package.json')))
    .map((folder) => {
      const { name, dependencies = {} } = readManifest(join(root, folder));
      return { name, folder, dependencies: Object.keys(dependencies) };
    });
}

/**
 * A project and all that it depends on within the checkout.
 * @param {readonly Project[]} workspace
 * @param {string} name
 * @returns {Project[]}
 */
export function withDependencies(workspace, name) {
  /** @type {Map<string, Project>} */
  const found = new Map();
  const waiting = [name];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const project = workspace.find((candidate) => candidate.name === next);
    if (project === undefined || found.has(project.name)) continue;
    found.set(project.name, project);
    waiting.push(...project.dependencies);
  }
  return [...found.values()];
}

/** @param {string} folder */
function readManifest(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}
