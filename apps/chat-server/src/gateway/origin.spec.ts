import { describe, expect, test } from 'vitest';
import { isAllowedOrigin } from './origin.ts';

const LISTED = ['https://app.example.org', 'http://localhost:4200', 'capacitor://localhost'];

describe('let in', () => {
  test.each([
    [undefined, 'chat.example.org'],
    [undefined, undefined],
    ['https://chat.example.org', 'chat.example.org'],
    ['https://chat.example.org', 'chat.example.org:443'],
    ['http://chat.example.org', 'chat.example.org:80'],
    ['https://chat.example.org:443', 'chat.example.org'],
    ['https://CHAT.example.org', 'chat.EXAMPLE.org'],
    ['http://127.0.0.1:8080', '127.0.0.1:8080'],
    ['http://[::1]:8080', '[::1]:8080'],
    ['https://app.example.org', 'chat.example.org'],
    ['http://localhost:4200', 'localhost:8080'],
    ['capacitor://localhost', 'chat.example.org'],
  ])('%s at %s', (origin, host) => expect(isAllowedOrigin(origin, host, LISTED)).toBe(true));
});

describe('kept out', () => {
  test.each([
    ['null', 'null'],
    ['null', 'chat.example.org'],
    ['', 'chat.example.org'],
    ['https://evil.example', 'chat.example.org'],
    ['https://chat.example.org.evil.example', 'chat.example.org'],
    ['https://evilchat.example.org', 'chat.example.org'],
    ['https://chat.example.org@evil.example', 'chat.example.org'],
    ['https://evil.example@chat.example.org', 'chat.example.org'],
    ['https://evil.example#chat.example.org', 'chat.example.org'],
    ['https://evil.example/chat.example.org', 'chat.example.org'],
    ['https://evil.example?https://chat.example.org', 'chat.example.org'],
    ['https://chat.example.org/', 'chat.example.org'],
    ['https://chat.example.org:8443', 'chat.example.org'],
    ['http://chat.example.org', 'chat.example.org:443'],
    ['http://localhost:4201', 'localhost:4200'],
    ['https://app.example.org:444', 'chat.example.org'],
    ['http://app.example.org', 'chat.example.org'],
    ['https://app.example.org.evil.example', 'chat.example.org'],
    ['capacitor://evil', 'chat.example.org'],
    ['file://', ''],
    ['file://chat.example.org', 'chat.example.org'],
    ['ftp://chat.example.org', 'chat.example.org'],
    ['https://chat.example.org', undefined],
    ['https://chat.example.org', ''],
    ['https://chat.example.org', 'chat.example.org/'],
    ['https://evil.example', 'chat.example.org@evil.example'],
    ['https://evil.example', 'evil.example/chat.example.org'],
    ['https://chat.example.org., https://chat.example.org', 'chat.example.org'],
    ['https://chat.example.org.', 'chat.example.org'],
  ])('%s at %s', (origin, host) => expect(isAllowedOrigin(origin, host, LISTED)).toBe(false));
});
