export { HistoryFormatError } from './device.ts';
export * from './history-checker.ts';
export * from './history-event.ts';
export { describeOffence, type Offence, type Verdict, type VerdictCounts, VERDICTS } from './verdict.ts';
