/**
 * Milliseconds of computing that the work takes. Unlike the time that passes it does not grow with what else goes on on the
 * machine.
 */
export function computingTime(work: () => void): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}
