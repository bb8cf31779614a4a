// The door to the whole checkout: `npm start`, `npm test`, `npm run cluster` and `npm run loadgen` all come in here.
// It runs before anything is installed and on Nodes that are too old, so this file keeps to the plainest syntax and only
// tells an old Node apart; the work begins in ./front-door/main.mjs. The scripts in package.json begin with `exec`, because
// npm passes its signals to the shell that runs a script, and the shell would keep them.
const OLDEST_MAJOR = 20;
const major = Number(process.versions.node.split('.')[0]);

if (major < OLDEST_MAJOR) {
  console.error('front-door: Node ' + OLDEST_MAJOR + ' or newer is needed, this is ' + process.version +
    '; install Node 24 from https://nodejs.org/');
  process.exitCode = 1;
} else {
  import('./front-door/main.mjs').then((door) => door.main(process.argv.slice(2)));
}
