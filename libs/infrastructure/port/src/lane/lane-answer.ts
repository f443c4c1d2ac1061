/** What a lane says at the end of a command. */
export interface LaneAnswer {
  readonly exitCode: number;
  /** Whether another process still holds the lane's output. */
  readonly isHeld: boolean;
}

/** Null for anything that no lane of ours says. */
export function toLaneAnswer(word: string | null): LaneAnswer | null {
  const match = /^(\d{1,3}) ([01])$/.exec(word ?? '');
  return match && { exitCode: Number(match[1]), isHeld: match[2] === '1' };
}
