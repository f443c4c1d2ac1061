import type { DockerfileModel } from '@nalabo/policy';
import { AppError, type Clock, systemClock } from '@nalabo/kernel';
import { buildLimits } from './build-limits.js';
import type { BuildOrder } from './image-builder.js';

/** What the label begins with on what is made to try the limit out. */
export const proofLabel = 'proof';

/** What the script says when it could not start as many processes as it wanted. */
const limitedCode = 77;
const { processes } = buildLimits;
const script = `( i=0; while [ $i -lt ${processes} ]; do sleep 20 & i=$((i+1)); done ) || exit ${limitedCode}`;

const dockerfile = (image: string): DockerfileModel => ({
  stages: [
    {
      name: null,
      base: { image },
      steps: [
        { kind: 'user', user: '0' },
        { kind: 'run', command: script },
      ],
    },
  ],
});

/**
 * A machine that was started again may have lost the limit that its control group had. Trying it out takes all processes of
 * the group for a moment, also from what another process of the platform is building: it is done seldom.
 */
const validMs = 60 * 60_000;

export interface ProofSettings {
  /** One with a shell, which the engine has. */
  readonly image: string;
  readonly labels: BuildOrder['labels'];
  readonly tag: string;
}

/** Whether a control group really holds builds to a number of processes. Found out by trying, from time to time. */
export class BuildProof {
  private proven: Promise<void> | undefined;
  private validUntil = 0;

  constructor(
    private readonly settings: ProofSettings,
    private readonly build: (order: BuildOrder) => Promise<void>,
    private readonly clock: Clock = systemClock,
  ) {}

  /** @throws AppError `unavailable` when it does not, or could not be found out: the next call tries again. */
  async prove(): Promise<void> {
    const now = this.clock.now().getTime();
    if (!this.proven || now >= this.validUntil) [this.proven, this.validUntil] = [this.tryOut(), now + validMs];
    try {
      await this.proven;
    } catch (error) {
      this.proven = undefined;
      throw error;
    }
  }

  private async tryOut(): Promise<void> {
    const { image, labels, tag } = this.settings;
    const build = { dockerfile: dockerfile(image), files: {} };
    try {
      await this.build({ tag, labels, build, digest: proofLabel, bases: new Map() });
    } catch (error) {
      if (error instanceof AppError && error.message.endsWith(`returned a non-zero code: ${limitedCode}`)) return;
      throw error;
    }
    throw new AppError('unavailable', `the control group of builds lets them start ${processes} processes`, {
      publicMessage: `Images are not built now: nothing limits the processes of a build to fewer than ${processes}.`,
    });
  }
}
