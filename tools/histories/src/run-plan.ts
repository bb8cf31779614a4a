import { setImmediate, setTimeout as delay } from 'node:timers/promises';
import type { Cluster } from '@chat/cluster';
import { describeOffence, type HistoryTotals } from '@chat/history-checker';
import { LiveHistory } from './live-history.ts';
import type { Plan } from './plan.ts';
import { Questions } from './questions.ts';
import { judgeTransaction } from './transactions.ts';

export type Judgement = {
  /** Nothing in it: the history is as it must be. */
  readonly problems: readonly string[];
  /** The kinds of what is wrong, to recognise the same fault in a smaller history. */
  readonly kinds: ReadonlySet<string>;
  readonly totals: HistoryTotals;
};

/** Nothing has moved for this long: what has not come does not come. Above the server's own repairs (30 s at worst). */
const PATIENCE_MS = 40_000;
const POLL_MS = 10;

/** Runs a history on a cluster, brings everyone back, and judges what everyone saw. */
export async function runPlan(plan: Plan, cluster: Cluster, run: string): Promise<Judgement> {
  const live = new LiveHistory(plan, cluster, run);
  try {
    live.connectAll();
    await settled(live, () => live.devices.every((device) => device.isLive));
    await live.makeRooms();
    for (const step of plan.steps) {
      live.take(step);
      await (step.pause === 0 ? setImmediate() : delay(step.pause));
    }
    return await judge(live);
  } finally {
    live.dispose();
  }
}

async function judge(live: LiveHistory): Promise<Judgement> {
  const { history, problems } = live;
  await everyoneHasAll(live);
  for (const device of live.devices) if (device.isLive && device.keeps === 'device') device.syncAgain();
  await everyoneHasAll(live);
  problems.push(...(await ask(live)));
  for (const transaction of live.transactions) problems.push(...judgeTransaction(transaction, live.logs));
  for (const device of live.devices) problems.push(...device.waitsFor.map((what) => `unsettled: ${device.name} still waits for ${what}`));
  const { counts, offences, totals } = history.finish();
  const verdicts = Object.entries(counts).filter(([, count]) => count > 0).map(([verdict]) => verdict);
  const asked = problems.map((problem) => problem.replace(/[^ ]*\d[^ ]*/g, '#'));
  return { problems: [...offences.map(describeOffence), ...problems], kinds: new Set([...verdicts, ...asked]), totals };
}

/**
 * What is wrong by the answers over HTTP. A READ of a connection that was cut may still be on its way to the store, and
 * nobody can know: as long as cursors move, what was asked before is asked again.
 */
async function ask(live: LiveHistory): Promise<readonly string[]> {
  let before: Questions | undefined;
  for (;;) {
    const questions = new Questions(live);
    await questions.askConversations();
    await settled(live, () => live.history.outstandingReads() === 0);
    await questions.judge();
    if (questions.problems.length === 0 || questions.asked === before?.asked) return questions.problems;
    before = questions;
  }
}

/** Everyone is connected, all that was asked for is answered, and all that was stored is everywhere. */
async function everyoneHasAll(live: LiveHistory): Promise<void> {
  await settled(live, () => {
    live.reconnectAll();
    return live.requestsUnderWay === 0 && live.history.outstanding() === 0 && live.devices.every((device) => device.waitsFor.length === 0);
  });
}

async function settled(live: LiveHistory, isSo: () => boolean): Promise<void> {
  let before = '';
  let movedAt = performance.now();
  while (!isSo() && performance.now() - movedAt < PATIENCE_MS) {
    const { delivered, acknowledged, refused } = live.history.totals();
    const state = `${delivered} ${acknowledged} ${refused} ${live.requestsUnderWay} ${live.devices.filter((device) => device.isLive).length}`;
    if (state !== before) movedAt = performance.now();
    before = state;
    await delay(POLL_MS);
  }
}
