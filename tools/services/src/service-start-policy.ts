import { chmodSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/** Debian's packages ask this program whether they may start their service; 101 is "no". */
const POLICY = '/usr/sbin/policy-rc.d';
const SAVED = '/usr/sbin/policy-rc.d.before-chat-services';
const MARK = 'written by the chat services installer';
const REFUSAL = `#!/bin/sh\n# ${MARK}; it is removed when the installation ends\nexit 101\n`;

/** Runs `work` while no package may start a system service, and puts the machine's own policy back afterwards. */
export async function withoutServiceStarts(work: () => Promise<void>): Promise<void> {
  // A run that was killed leaves our refusal behind, and perhaps the saved policy: never save our own over that.
  if (existsSync(POLICY) && !readFileSync(POLICY, 'utf8').includes(MARK)) renameSync(POLICY, SAVED);
  writeFileSync(POLICY, REFUSAL);
  chmodSync(POLICY, 0o755);
  try {
    await work();
  } finally {
    rmSync(POLICY, { force: true });
    if (existsSync(SAVED)) renameSync(SAVED, POLICY);
  }
}
