import { expect, test } from 'vitest';
import { parsePath, pathOf, type Route } from './router.ts';

test.each<[string, Route]>([
  ['/', { place: 'chats' }],
  ['/c/direct:anna:ben', { place: 'chat', conversationId: 'direct:anna:ben' }],
  ['/c/direct%3Aanna%3Aben', { place: 'chat', conversationId: 'direct:anna:ben' }],
  ['/c/direct:an.na:ben_b/', { place: 'chat', conversationId: 'direct:an.na:ben_b' }],
  ['/c/%E0%A4%A', { place: 'chats' }],
  ['/c/room:abcdefgh?m=42', { place: 'chat', conversationId: 'room:abcdefgh', at: 42 }],
  ['/c/room:abcdefgh?m=x', { place: 'chat', conversationId: 'room:abcdefgh' }],
  ['/invite#abc_DEF-123', { place: 'invite', token: 'abc_DEF-123' }],
  ['/invite', { place: 'chats' }],
  ['/search', { place: 'search' }],
  ['/search?in=room:abcdefgh', { place: 'search', in: 'room:abcdefgh' }],
  ['/settings', { place: 'settings' }],
  ['/sign-in', { place: 'sign-in' }],
  ['/sign-up', { place: 'sign-up' }],
  ['/anything/else', { place: 'chats' }],
])('%s', (path, route) => {
  expect(parsePath(path)).toEqual(route);
});

test('every place has an address that leads back to it', () => {
  const routes: Route[] = [
    { place: 'chats' }, { place: 'settings' }, { place: 'sign-in' }, { place: 'sign-up' },
    { place: 'search' }, { place: 'search', in: 'direct:a.b:c-d' }, { place: 'invite', token: 'abc_DEF-123' }, { place: 'chat', conversationId: 'room:abcdefgh', at: 7 },
    { place: 'chat', conversationId: 'direct:a.b:c-d' }, { place: 'chat', conversationId: 'room:abcdefgh' },
  ];
  for (const route of routes) expect(parsePath(pathOf(route))).toEqual(route);
});
