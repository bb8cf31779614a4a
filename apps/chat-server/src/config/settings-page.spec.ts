import { expect, test } from 'vitest';
import { settingsPage } from './settings-page.ts';

// `npx vitest run -u src/config/settings-page.spec.ts` writes the page anew.
test('docs/settings.md says what the list in code says', async () => {
  await expect(settingsPage()).toMatchFileSnapshot('../../../../docs/settings.md');
});
