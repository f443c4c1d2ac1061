import { pullFailure } from './pull-failure.js';

interface Layer {
  readonly id?: unknown;
  readonly status?: unknown;
  readonly progressDetail?: { readonly current?: unknown; readonly total?: unknown };
}

/** How far a pull has come. The sizes of layers become known one after the other. */
export interface PulledBytes {
  readonly current: number;
  readonly total: number;
}

/** Reads what an engine tells while it pulls. */
export class PullProgress {
  private readonly layers = new Map<string, PulledBytes>();

  /** @returns the failure that the line reports, if any. */
  read(line: string): string | undefined {
    const failure = pullFailure(line);
    if (failure === undefined && line.trim() !== '') this.add(JSON.parse(line) as Layer);
    return failure;
  }

  get bytes(): PulledBytes {
    const layers = [...this.layers.values()];
    return {
      current: layers.reduce((sum, { current }) => sum + current, 0),
      total: layers.reduce((sum, { total }) => sum + total, 0),
    };
  }

  private add({ id, status, progressDetail }: Layer): void {
    if (typeof id !== 'string') return;
    const before = this.layers.get(id);
    // What comes after the download counts its bytes again.
    if (status === 'Download complete' && before) this.layers.set(id, { ...before, current: before.total });
    const { current, total } = progressDetail ?? {};
    if (status !== 'Downloading' || typeof current !== 'number' || typeof total !== 'number') return;
    this.layers.set(id, { current, total });
  }
}
