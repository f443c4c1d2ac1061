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

/**
 * Lies over the places of folders in a workspace that a service mounts, and under its mounts of them. The workbench has mounts
 * of its own there, which a service could not see: without this one it could put a link in their way, and have them mounted
 * over the programs of the workbench when that is started again.
 */
export const coverOfFolders = 'ro,nosuid,nodev,noexec,size=64k,uid=0,gid=0,mode=0755';
