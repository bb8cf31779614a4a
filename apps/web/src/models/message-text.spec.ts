import { expect, test } from 'vitest';
import { partsOf, type TextPart } from './message-text.ts';

const link = (href: string): TextPart => ({ kind: 'link', text: href, href });
const text = (value: string): TextPart => ({ kind: 'text', text: value });

test.each<[string, TextPart[]]>([
  ['nothing in it', [text('nothing in it')]],
  ['see https://example.org/a?b=1.', [text('see '), link('https://example.org/a?b=1'), text('.')]],
  ['(http://localhost:80/x) and https://b.example', [text('('), link('http://localhost:80/x'), text(') and '), link('https://b.example')]],
  ['[the notes](https://example.org/n?step=4), please', [
    { kind: 'link', text: 'the notes', href: 'https://example.org/n?step=4', host: 'example.org' }, text(', please'),
  ]],
  ['[write](mailto:a@b.example)', [{ kind: 'link', text: 'write', href: 'mailto:a@b.example', host: 'a@b.example' }]],
  ['[https://bank.example](https://evil.example/)', [{ kind: 'link', text: 'https://bank.example', href: 'https://evil.example/', host: 'evil.example' }]],
  ['[no](javascript:alert(1)) [x](ftp://a) []()', [text('[no](javascript:alert(1)) [x](ftp://a) []()')]],
])('links in %s', (given, parts) => {
  expect(partsOf(given, [])).toEqual(parts);
});

test('those who were found to be named, as they were written; nobody else', () => {
  expect(partsOf('@Ben, @carl and ben@carl.example: @room', ['ben', '@room'])).toEqual([
    { kind: 'mention', text: '@Ben', id: 'ben' }, text(', @carl and ben@carl.example: '), { kind: 'mention', text: '@room' },
  ]);
  expect(partsOf('@seo-yeon님, @room.', ['seo-yeon'])).toEqual([{ kind: 'mention', text: '@seo-yeon', id: 'seo-yeon' }, text('님, @room.')]);
});
