import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { build, type Rolldown } from 'vite';

/** Room for growth that is meant; what is not meant, such as the protocol's schemas, is more than this at once. */
const LARGEST_GZIP_BYTES = 24 * 1_024;

test('what a page loads of this library is small, and has no schemas in it', async () => {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    build: { write: false, lib: { entry: join(import.meta.dirname, 'index.ts'), formats: ['es'] } },
  });
  const [{ output }] = built as [Rolldown.RolldownOutput]; // one format of one entry, and not watched
  const [chunk] = output;
  expect(Object.keys(chunk.modules).filter((name) => name.includes('typebox'))).toEqual([]);
  const bytes = gzipSync(chunk.code).length;
  console.log(`chat-client: ${bytes} bytes gzip`);
  expect(bytes).toBeLessThan(LARGEST_GZIP_BYTES);
}, 60_000);
