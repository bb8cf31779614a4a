import { DatabaseError, Pool } from 'pg';
import type {} from '@chat/services/vitest-global-setup'; // declares what inject knows
import { expect, inject, it } from 'vitest';
import { StoreUnavailable } from './message-store.port.ts';
import { storeError } from './postgres-errors.ts';

/** As PostgreSQL answers where its messages are German. */
function answer(code: string, severity: string): DatabaseError {
  return Object.assign(new DatabaseError('eine Meldung', 0, 'error'), { code, severity });
}

it.each([
  ['a deadlock', '40P01', 'FEHLER', 'rolled back'],
  ['a full disk', '53100', 'FEHLER', 'rolled back'],
  ['too many connections', '53300', 'FATAL', 'rolled back'],
  ['a lock that was not to be had', '55P03', 'FEHLER', 'rolled back'],
  ['a statement time-out', '57014', 'FEHLER', 'rolled back'],
  ['read-only, since another is the primary', '25006', 'FEHLER', 'rolled back'],
  ['an end by the administrator', '57P01', 'SCHWERWIEGEND', 'unknown'],
  ['a crash of another session', '57P02', 'WARNUNG', 'unknown'],
  ['an idle transaction that was ended', '25P03', 'SCHWERWIEGEND', 'unknown'],
  ['a connection failure', '08006', 'SCHWERWIEGEND', 'unknown'],
  ['a completion nobody knows of', '40003', 'FEHLER', 'unknown'],
] as const)('[A3] %s (%s), in whatever language: the store is away, the statement is %4$s', (_what, code, severity, outcome) => {
  const away = storeError(answer(code, severity), true);
  expect(away).toBeInstanceOf(StoreUnavailable);
  expect(away).toMatchObject({ outcomeKnown: outcome === 'rolled back' });
  expect(storeError(answer(code, severity), false)).toMatchObject({ outcomeKnown: true });
});

it.each(['23505', '22012', '42703', 'XX000'])('%s is no outage', (code) => {
  const error = answer(code, 'ERROR');
  expect(storeError(error, true)).toBe(error);
});

it('[A3] a broken connection leaves a statement that was sent unknown', () => {
  expect(storeError(new Error('Connection terminated'), true)).toMatchObject({ outcomeKnown: false });
});

it('[A3] a database that is read-only counts as away, and the connection to it is not used again', async () => {
  const pool = new Pool({ connectionString: inject('services').databaseUrl, max: 1, options: '-c default_transaction_read_only=on' });
  try {
    const error: unknown = await pool.query('create table never_made (id int)').catch((thrown: unknown) => thrown);
    expect(storeError(error, true)).toMatchObject({ outcomeKnown: true, cause: { code: '25006' } });
    expect(pool.totalCount).toBe(0);
  } finally {
    await pool.end();
  }
});
