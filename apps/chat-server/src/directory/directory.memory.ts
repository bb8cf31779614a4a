import { assertServerId } from '../bus/server-id.ts';
import { DirectoryUnavailable, LeaseHeld, type Directory, type DirectoryListener } from './directory.port.ts';
import type { EntryKind } from './wanted-entries.ts';
