import { build, decodeFromCompressedBase64, encodeIntoCompressedBase64, type Histogram } from 'hdr-histogram-js';

export const LATENCY_KINDS = ['sameServer', 'crossServer', 'receipt', 'sendingLag'] as const;

/**
 * What is measured, each from the time at which the message should have been sent: until it arrived at the other user's
 * socket (on the same server, or across servers), until its RECEIPT came back, until it was written (the generator's own
 * part in the others).
 */
export type LatencyKind = (typeof LATENCY_KINDS)[number];

export type LatencySummary = {
  readonly count: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
};

const MICROSECONDS = 1_000;

/** Histograms of latencies, to three digits, in microseconds inside and milliseconds outside. */
export class Latencies {
  readonly #histograms: Readonly<Record<LatencyKind, Histogram>>;

  constructor(histograms: Readonly<Record<LatencyKind, Histogram>> = forEachKind(emptyHistogram)) {
    this.#histograms = histograms;
  }

  static decode(encoded: Readonly<Record<LatencyKind, string>>): Latencies {
    return new Latencies(forEachKind((kind) => decodeFromCompressedBase64(encoded[kind])));
  }

  record(kind: LatencyKind, milliseconds: number): void {
    this.#histograms[kind].recordValue(Math.max(0, Math.round(milliseconds * MICROSECONDS)));
  }

  add(other: Latencies): void {
    for (const kind of LATENCY_KINDS) this.#histograms[kind].add(other.#histograms[kind]);
  }

  summary(kind: LatencyKind): LatencySummary {
    const histogram = this.#histograms[kind];
    const at = (percentile: number): number => (histogram.totalCount === 0 ? 0 : histogram.getValueAtPercentile(percentile) / MICROSECONDS);
    return { count: histogram.totalCount, p50: at(50), p90: at(90), p99: at(99), p999: at(99.9), max: at(100) };
  }

  encode(): Readonly<Record<LatencyKind, string>> {
    return forEachKind((kind) => encodeIntoCompressedBase64(this.#histograms[kind]));
  }
}

function emptyHistogram(): Histogram {
  return build({ lowestDiscernibleValue: 1, highestTrackableValue: 60_000_000, numberOfSignificantValueDigits: 3, autoResize: true });
}

function forEachKind<T>(make: (kind: LatencyKind) => T): Record<LatencyKind, T> {
  return { sameServer: make('sameServer'), crossServer: make('crossServer'), receipt: make('receipt'), sendingLag: make('sendingLag') };
}
