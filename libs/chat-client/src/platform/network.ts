/** What the device knows of its network and of the user's attention. */
export interface Network {
  /** False only where the device is sure that it has no network. */
  isOnline(): boolean;
  /** Called when that changes, and when the page comes back to the front: moments to look whether the connection lives. */
  onChange(listener: () => void): () => void;
}

/** For Node: the network is taken to be there. */
export const assumedNetwork: Network = { isOnline: () => true, onChange: () => () => undefined };

export const browserNetwork: Network = {
  isOnline: () => navigator.onLine,
  onChange: (listener) => {
    const onVisibility = (): void => {
      if (document.visibilityState === 'visible') listener();
    };
    addEventListener('online', listener);
    addEventListener('offline', listener);
    document.addEventListener('visibilitychange', onVisibility);
    return () => {
      removeEventListener('online', listener);
      removeEventListener('offline', listener);
      document.removeEventListener('visibilitychange', onVisibility);
    };
  },
};
