import { describe, expect, expectTypeOf, test } from 'vitest';
import { apiUrl, type ApiAnswer, type ApiRequest } from './api-call.ts';
import type { MembershipChange, MessagesPage, Room } from './index.ts';

describe('requests to /api', () => {
  test('values stand in the path, encoded, and in the query, without those that are not given', () => {
    expect(apiUrl('/api/rooms/{roomId}/members/{userId}', { path: { roomId: 'r/1', userId: 'a b' } })).toBe('/api/rooms/r%2F1/members/a%20b');
    expect(apiUrl('/api/rooms', { query: { q: '방 1', cursor: undefined, limit: 5, mine: '' } })).toBe('/api/rooms?q=%EB%B0%A9+1&limit=5');
    expect(apiUrl('/api/me')).toBe('/api/me');
  });

  test('the types made from the document are those of the schemas', () => {
    expectTypeOf<ApiAnswer<'get', '/api/rooms/{roomId}'>>().toExtend<Room>();
    expectTypeOf<ApiAnswer<'delete', '/api/rooms/{roomId}/members/{userId}'>>().toExtend<MembershipChange>();
    expectTypeOf<ApiAnswer<'get', '/api/conversations/{conversationId}/messages'>>().toExtend<MessagesPage>();
    expectTypeOf<ApiAnswer<'delete', '/api/rooms/{roomId}/bans/{userId}'>>().toEqualTypeOf<undefined>();
    expectTypeOf<ApiRequest<'post', '/api/rooms'>['body']>().toHaveProperty('name');
    expectTypeOf<ApiRequest<'get', '/api/rooms/{roomId}'>['path']>().toEqualTypeOf<Readonly<{ roomId: string }>>();
  });
});
