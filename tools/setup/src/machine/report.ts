/** Receives one line about what is being done and why. The library prints nothing by itself. */
export type Report = (line: string) => void;
