import { expect } from '@playwright/test';
import type { ChatWindow } from './chat-window.ts';

/** Everything a window shows, once nothing of it waits any more: `seq text`, from top to bottom. */
async function settled(window: ChatWindow, count: number): Promise<string[]> {
  await expect
    .poll(async () => (await window.messages()).filter(({ seq }) => seq !== undefined).length, { timeout: 45_000 })
    .toBeGreaterThanOrEqual(count);
  await expect(window.page.locator('[data-state="pending"], [data-state="failed"]')).toHaveCount(0);
  return (await window.messages()).map(({ seq, text }) => `${seq ?? '-'} ${text}`);
}

/**
 * Every text is there exactly once in every window, at the same place, with the numbers 1, 2, 3 and so on; and those of
 * one person stand in the order in which they were written.
 */
export async function expectOneHistory(windows: readonly ChatWindow[], saidBy: readonly (readonly string[])[]): Promise<void> {
  const all = saidBy.flat();
  const histories = await Promise.all(windows.map((window) => settled(window, all.length)));
  const [first = []] = histories;
  for (const history of histories) expect(history).toEqual(first);
  expect(first.map((line) => Number(line.split(' ', 1)[0]))).toEqual(all.map((_, index) => index + 1));
  const texts = first.map((line) => line.slice(line.indexOf(' ') + 1));
  for (const said of saidBy) expect(texts.filter((text) => said.includes(text))).toEqual(said);
}
