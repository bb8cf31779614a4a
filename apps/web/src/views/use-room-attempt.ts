import { useState } from 'react';
import { useSession, useTexts } from './app-context.ts';
import { failureText } from './failure-text.ts';

/** Does something about a room and looks it up again. Answers whether it was done. */
export type Attempt = (work: Promise<unknown>) => Promise<boolean>;

/** The second value says what went wrong with the last one. */
export function useRoomAttempt(roomId: string): [Attempt, string | undefined] {
  const { rooms } = useSession();
  const texts = useTexts();
  const [problem, setProblem] = useState<string>();
  const attempt: Attempt = async (work) => {
    setProblem(undefined);
    try {
      await work;
    } catch (fault) {
      setProblem(failureText(fault, texts));
      return false;
    }
    await rooms.room(roomId).load();
    return true;
  };
  return [attempt, problem];
}
