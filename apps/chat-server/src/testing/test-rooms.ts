import type { CreateRoomBody, MembershipChange, NewRoomInvite, Room, RoomRole } from '@chat/protocol';
import type { TestServer, TestUser } from './test-server.ts';

export type Answer<Body = unknown> = { readonly status: number; readonly body: Body };
type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** One request with a JSON body, by a user or by nobody. The type of the body is what the caller expects to have got. */
export async function call<Body = unknown>(
  server: TestServer,
  method: Method,
  path: string,
  user?: TestUser,
  body?: object,
): Promise<Answer<Body>> {
  const response = await fetch(server.url + path, {
    method,
    headers: {
      ...(user !== undefined && { authorization: `Bearer ${user.token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, body: (text === '' ? undefined : JSON.parse(text)) as Body }; // as the caller says
}

async function done<Body>(answer: Promise<Answer<Body>>): Promise<Body> {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(`Answered with ${status}: ${JSON.stringify(body)}`);
  return body;
}

/** The usual acts, each failing unless it is done. */
export class RoomActs {
  readonly #server: TestServer;

  constructor(server: TestServer) {
    this.#server = server;
  }

  make(owner: TestUser, room: Partial<CreateRoomBody> = {}): Promise<Room> {
    return done(call<Room>(this.#server, 'POST', '/api/rooms', owner, { name: 'A room', visibility: 'public', ...room }));
  }

  see(roomId: string, user: TestUser): Promise<Room> {
    return done(call<Room>(this.#server, 'GET', `/api/rooms/${roomId}`, user));
  }

  add(roomId: string, by: TestUser, user: TestUser): Promise<MembershipChange> {
    return done(call<MembershipChange>(this.#server, 'POST', `/api/rooms/${roomId}/members`, by, { id: user.id }));
  }

  remove(roomId: string, by: TestUser, user: TestUser): Promise<MembershipChange> {
    return done(call<MembershipChange>(this.#server, 'DELETE', `/api/rooms/${roomId}/members/${user.id}`, by));
  }

  ban(roomId: string, by: TestUser, user: TestUser): Promise<unknown> {
    return done(call(this.#server, 'PUT', `/api/rooms/${roomId}/bans/${user.id}`, by, {}));
  }

  role(roomId: string, by: TestUser, user: TestUser, role: Exclude<RoomRole, 'owner'>): Promise<unknown> {
    return done(call(this.#server, 'PATCH', `/api/rooms/${roomId}/members/${user.id}`, by, { role }));
  }

  invite(roomId: string, by: TestUser, body: object = {}): Promise<NewRoomInvite> {
    return done(call<NewRoomInvite>(this.#server, 'POST', `/api/rooms/${roomId}/invites`, by, body));
  }

  accept(token: string, user: TestUser): Promise<MembershipChange> {
    return done(call<MembershipChange>(this.#server, 'POST', '/api/invites/accept', user, { token }));
  }
}
