import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { openBoundedLogFile } from './bounded-log-file.ts';
import { Undo } from './server-process.fixture.ts';

const undo = new Undo();
afterEach(() => undo.all());

it('keeps the newest lines in two files of a bounded size, over several openings', async () => {
  const folder = await undo.folder();
  const path = join(folder, 'a.log');
  for (let opening = 0; opening < 3; opening += 1) {
    const file = await openBoundedLogFile(path, 100);
    for (let line = 0; line < 20; line += 1) await file.write(`line ${opening} ${String(line).padStart(2, '0')}\n`);
    await file.close();
  }
  expect((await readdir(folder)).sort()).toEqual(['a.log', 'a.log.1']);
  const kept = (await readFile(`${path}.1`, 'utf8')) + (await readFile(path, 'utf8'));
  expect(kept.length).toBeLessThanOrEqual(200);
  expect(kept.endsWith('line 2 18\nline 2 19\n')).toBe(true);
  expect(kept.split('\n').length).toBeGreaterThan(10);
});
