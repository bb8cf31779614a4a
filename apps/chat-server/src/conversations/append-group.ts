import type { ChatError } from '@chat/protocol';
import type { AppendOutcome } from './appender.ts';
import type { LogEntry } from './log-entry.ts';

/** What became of entries that are stored together or not at all: exactly one of these is called, once. */
export interface GroupOutcome {
  /** All are committed, in the order given. */
  onStored(stored: readonly StoredOfGroup[]): void;
  /** Certainly nothing was stored. `guilty`: which of them is why; none where it was none of them. */
  onRefused(error: ChatError, guilty: number | undefined): void;
  onUnknown(): void;
}

/** See `AppendOutcome.onStored`. */
export type StoredOfGroup = { readonly entry: LogEntry; readonly repeated: boolean };

/** Makes one outcome of those of a group's entries, each of which is told once, all in one turn and alike. */
export class GroupOutcomes {
  readonly #outcome: GroupOutcome;
  readonly #stored: StoredOfGroup[] = [];
  #left: number;
  #guilty: number | undefined;

  constructor(entries: number, outcome: GroupOutcome) {
    this.#left = entries;
    this.#outcome = outcome;
  }

  /** That of the entry at a place in the group. */
  at(place: number): AppendOutcome {
    return {
      onStored: (entry, repeated) => {
        this.#stored[place] = { entry, repeated };
        if (this.#isLast()) this.#outcome.onStored(this.#stored);
      },
      onRefused: (error, refused) => {
        if (refused === 'by-itself') this.#guilty = place;
        if (this.#isLast()) this.#outcome.onRefused(error, this.#guilty);
      },
      onUnknown: () => {
        if (this.#isLast()) this.#outcome.onUnknown();
      },
    };
  }

  #isLast(): boolean {
    return --this.#left === 0;
  }
}
