const mebibyte = 2 ** 20;

/** What one build may take, whoever it is for: the limits of a session begin when its service runs. */
export const buildLimits = {
  cpuMillis: 1000,
  memoryBytes: 512 * mebibyte,
  sharedMemoryBytes: 32 * mebibyte,
  openFiles: 2048,
  /** Of one file. How many files a step writes is bounded by its time alone. */
  fileBytes: 512 * mebibyte,
  /** Of the whole image, what it begins with included. */
  imageBytes: 512 * mebibyte,
  seconds: 120,
  /** Of what it says: reading it takes time from everybody else whom the same process serves. */
  saidCharacters: 8 * mebibyte,
  /** The most that the control group of builds may allow. */
  processes: 512,
} as const;
