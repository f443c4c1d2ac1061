import { workbenchProfile } from '../session/hardening-profile.js';

const {
  container: { Tty, OpenStdin },
  host,
} = workbenchProfile;

/** What every container of a service gets, whatever was asked for. Written as the engine's own fields, to be reviewed as data. */
export const serviceProfile = {
  container: { Tty, OpenStdin },
  host: {
    ...host,
    Tmpfs: { '/tmp': host.Tmpfs['/tmp'] },
    PublishAllPorts: false,
    PortBindings: {},
    Devices: [],
    Binds: [],
  },
} as const;

/** Of a path that an image's program writes to, and of one for which the image wants a volume. */
export const writableTmpfs = 'rw,nosuid,nodev,noexec,size=64m,mode=1777';
