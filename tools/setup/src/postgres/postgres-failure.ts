/** The reason in a log that ends with hints and a shutdown: the address that is taken, else the first fatal message. */
export function postgresFailure(log: string): string | undefined {
  const lines = log.split('\n');
  const reason = lines.find((line) => line.includes('could not bind')) ?? lines.find((line) => line.includes('FATAL:'));
  return reason?.replace(/^.*?(LOG|FATAL):\s*/, '').trim();
}
