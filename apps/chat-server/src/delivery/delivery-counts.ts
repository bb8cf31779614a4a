/** What delivery counts for the metrics. */
export type DeliveryCounts = {
  /** Entries dropped because they had passed already: retries, repeats, catch-up. */
  repeats: number;
  /** Gaps that had to be read from the log. */
  logReads: number;
  /** Announcements of entries that the log does not have. Above zero is a defect somewhere. */
  announcedTooFar: number;
  /** Entries that retention took before they passed here: the server was behind for longer than anything is kept. */
  forgotten: number;
  /** Sessions that found a hole between what they had read and what was held for them. Above zero is a defect. */
  holesAtGoLive: number;
  /** Entries that only the periodic catch-up found. Above zero is a defect: some other event should have told. */
  foundBySweep: number;
  /** Sessions whose held entries passed the bound while they went live. */
  heldOverflows: number;
  /** Sessions ended because too much waited for them to read it. */
  slowReaders: number;
};

export function newDeliveryCounts(): DeliveryCounts {
  return { repeats: 0, logReads: 0, announcedTooFar: 0, forgotten: 0, holesAtGoLive: 0, foundBySweep: 0, heldOverflows: 0, slowReaders: 0 };
}
