import { readFileSync } from 'node:fs';

const KIBIBYTE = 1_024;

/** Bytes of memory that a process holds; undefined for one that is not there, and where there is no /proc. */
export function residentMemory(pid: number): number | undefined {
  try {
    const kibibytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kibibytes === undefined ? undefined : Number(kibibytes) * KIBIBYTE;
  } catch {
    return undefined; // it ended, or this is no Linux: the report shows a dash
  }
}
