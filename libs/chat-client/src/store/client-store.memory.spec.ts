import { clientStoreContract } from './client-store.contract.ts';
import { MemoryClientStore } from './client-store.memory.ts';

clientStoreContract('memory', () => Promise.resolve(new MemoryClientStore()));
