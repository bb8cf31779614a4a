import { describe, expect, it } from 'vitest';
import { BackOff } from './back-off.ts';
import { setUpFault } from './connect-failure.ts';

const URL = 'ws://127.0.0.1:8081/ws-chat';

describe('back-off', () => {
  it('doubles up to a bound, and begins anew', () => {
    const backOff = new BackOff();
    const longest = (): number => backOff.next(() => 1);
    expect(Array.from({ length: 8 }, longest)).toEqual([100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000]);
    for (let attempt = 0; attempt < 2_000; attempt++) backOff.next();
    expect(longest()).toBe(5_000);
    backOff.reset();
    expect(longest()).toBe(100);
  });

  it('is anything from nothing to that', () => {
    expect(new BackOff().next(() => 0)).toBe(0);
  });
});

describe('a connection that fails while all is set up', () => {
  it.each([
    [{ closeCode: 1006, cause: 'connect ECONNREFUSED', systemCode: 'ECONNREFUSED' }, 'unreachable', /nothing answers .*start a server/],
    [{ closeCode: 1006, cause: 'getaddrinfo ENOTFOUND', systemCode: 'ENOTFOUND' }, 'unreachable', /ENOTFOUND/],
    [{ closeCode: 1006, cause: 'EMFILE', systemCode: 'EMFILE' }, 'machine', /ulimit -n/],
    [{ closeCode: 1006, cause: 'EADDRNOTAVAIL', systemCode: 'EADDRNOTAVAIL' }, 'machine', /more --url/],
    [{ closeCode: 4401, cause: 'The access token is not valid.', systemCode: undefined }, 'refused', /not valid.*JWT_SECRET/],
    [{ closeCode: 1006, cause: 'Unexpected server response: 404', systemCode: undefined }, 'refused', /answered 404/],
  ])('is explained: %j', (end, code, message) => {
    const fault = setUpFault(URL, end);
    expect(fault?.code).toBe(code);
    expect(fault?.message).toMatch(message);
    expect(fault?.message).not.toContain('\n');
  });

  it.each([
    { closeCode: 1013, cause: '', systemCode: undefined },
    { closeCode: 1012, cause: '', systemCode: undefined },
    { closeCode: 1006, cause: 'Unexpected server response: 503', systemCode: undefined },
    { closeCode: 1006, cause: 'socket hang up', systemCode: 'ECONNRESET' },
  ])('is tried again where that may help: %j', (end) => {
    expect(setUpFault(URL, end)).toBeUndefined();
  });
});
