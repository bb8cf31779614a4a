import { useState } from 'react';
import { saveFile } from '../platform/save-file.ts';

export type SaveFile = {
  /** Rejects with what the download was rejected with. */
  readonly save: (file: Promise<Blob>, name: string) => Promise<void>;
  readonly isBusy: boolean;
};

/** Puts something that is being downloaded among the user's files. */
export function useSaveFile(): SaveFile {
  const [isBusy, setIsBusy] = useState(false);
  const save = async (file: Promise<Blob>, name: string): Promise<void> => {
    setIsBusy(true);
    try {
      saveFile(await file, name);
    } finally {
      setIsBusy(false);
    }
  };
  return { save, isBusy };
}
