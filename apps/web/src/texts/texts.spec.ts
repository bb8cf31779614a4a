import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { en } from './en.ts';
import { ko } from './ko.ts';
import { languageOf, Translator } from './texts.ts';

const sources = join(import.meta.dirname, '..');

function sourceText(): string {
  return readdirSync(sources, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !name.startsWith('texts/') && !name.includes('.spec.'))
    .map((name) => readFileSync(join(sources, name), 'utf8'))
    .concat(readFileSync(join(sources, 'texts/times.ts'), 'utf8'))
    .join('\n');
}

const keys = Object.keys(en) as (keyof typeof en)[]; // keys of a literal: exactly its names
const placeholders = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort();

describe('the two languages', () => {
  test('have the same keys, in the same order', () => {
    expect(Object.keys(ko)).toEqual(keys);
  });

  test('leave no text empty, and fill the same placeholders', () => {
    for (const key of keys) {
      expect(ko[key].trim(), key).not.toBe('');
      expect(placeholders(ko[key]), key).toEqual(placeholders(en[key]));
    }
  });

  test('Korean is in polite form, and has no English left but names', () => {
    const untranslated = keys.filter((key) => ko[key] === en[key] && /[a-z]{3}/i.test(en[key].replace(/\{\w+\}/g, '')));
    expect(untranslated).toEqual([]);
    for (const key of keys) expect(ko[key], key).not.toMatch(/(습니다|합니다|입니다|하십시오)/);
  });
});

describe('keys and their use', () => {
  const source = sourceText();

  /** A key is used by its name, by the name of its plural forms, or as one of a family that is put together. */
  const isUsed = (key: string): boolean => {
    const counted = key.replace(/\.(one|other)$/, '');
    if (source.includes(`'${key}'`) || source.includes(`'${counted}'`)) return true;
    return [...source.matchAll(/`([\w.]+)\.\$\{\w+(?:\.\w+)?\}`/g)].some(([, family]) => key.startsWith(`${family}.`))
      || [...source.matchAll(/\$\{page\}\.(\w+)`/g)].some(([, name]) => /^auth\.sign(In|Up)\./.test(key) && key.endsWith(`.${name}`));
  };

  test('no text is left that nothing shows', () => {
    expect(keys.filter((key) => !isUsed(key))).toEqual([]);
  });

  test('no key is used that has no text', () => {
    const used = [...source.matchAll(/\.text\('([\w.]+)'/g)].map(([, key]) => key);
    expect(used.length).toBeGreaterThan(50);
    expect(used.filter((key) => !keys.some((known) => known === key))).toEqual([]);
  });
});

describe('Translator', () => {
  test('fills placeholders as they are, numbers as the language writes them', () => {
    const english = new Translator('en');
    expect(english.text('new.unknown', { id: '{id}$&' })).toBe('Nobody has the ID “{id}$&”. Check how it is written.');
    expect(english.counted('list.unread', 12_345)).toBe('12,345 unread messages');
  });

  test('chooses the plural', () => {
    const english = new Translator('en');
    expect([0, 1, 2].map((count) => english.counted('chat.down.new', count))).toEqual([
      '0 new messages below', '1 new message below', '2 new messages below',
    ]);
    expect(new Translator('ko').counted('chat.down.new', 1)).toBe('아래에 새 메시지 1개');
  });

  test('the language is the first of the browser\'s that there are texts for', () => {
    expect(languageOf(['fr-FR', 'ko-KR', 'en'])).toBe('ko');
    expect(languageOf(['en-GB'])).toBe('en');
    expect(languageOf(['fr'])).toBe('en');
  });
});
