import { Observed } from '../models/observed.ts';

/** Whether the user can be taken to look at the page: only then is anything marked as read. */
export function watchAttention(): Observed<boolean> {
  const isLooking = (): boolean => document.visibilityState === 'visible' && document.hasFocus();
  const attention = new Observed(isLooking());
  const update = (): void => attention.set(isLooking());
  addEventListener('focus', update);
  addEventListener('blur', update);
  document.addEventListener('visibilitychange', update);
  return attention;
}
