import { open, rename, type FileHandle } from 'node:fs/promises';

export interface BoundedLogFile {
  /** Resolves when the text is handed to the operating system. One write at a time: await it before the next. */
  write(text: string): Promise<void>;
  close(): Promise<void>;
}

/** Appends to `path`; at `maxBytes` the file becomes `path.1` (the one before is dropped), so both together stay under twice that. */
export async function openBoundedLogFile(path: string, maxBytes: number): Promise<BoundedLogFile> {
  let file: FileHandle = await open(path, 'a', 0o600);
  let size = (await file.stat()).size;
  return {
    write: async (text) => {
      const bytes = Buffer.from(text);
      if (size > 0 && size + bytes.length > maxBytes) {
        await file.close();
        await rename(path, `${path}.1`);
        file = await open(path, 'a', 0o600);
        size = 0;
      }
      await file.appendFile(bytes);
      size += bytes.length;
    },
    close: () => file.close(),
  };
}
