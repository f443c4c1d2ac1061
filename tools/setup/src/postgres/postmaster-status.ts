/**
 * Reads the file PostgreSQL keeps in its data directory: line 1 is the server's process id, line 8 its status. This is
 * how PostgreSQL's own control program sees that the server takes connections.
 */
export function isPostmasterReady(postmasterFile: string, pid: number | undefined): boolean {
  const lines = postmasterFile.split('\n').map((line) => line.trim());
  return pid !== undefined && lines[0] === String(pid) && lines[7] === 'ready';
}
