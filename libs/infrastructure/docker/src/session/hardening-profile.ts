/** What every workbench container gets, whatever was asked for. Written as the engine's own fields, to be reviewed as data. */

export const learnerUser = '1000:1000';
export const keeperUser = '1001:1001';
export const checkerUser = '2000:2000';

const mebibyte = 2 ** 20;

/** The engine gives a tmpfs over an existing directory that directory's mode, so these repeat the image's. */
const tmpfs = {
  '/tmp': 'rw,nosuid,nodev,noexec,size=64m,uid=0,gid=0,mode=1777',
  '/run': 'rw,nosuid,nodev,noexec,size=64m,uid=1000,gid=1000,mode=0755',
  '/home/lab': 'rw,nosuid,nodev,exec,size=256m,uid=1000,gid=1000,mode=0755',
  // The folder volumes are mounted below a directory that the learner owns. Without this one in between, which belongs to
  // root, he could put a symbolic link in the place of a folder and have his files mounted over /usr/bin at a restart.
  '/workspace/.folders': 'rw,nosuid,nodev,noexec,size=64k,uid=0,gid=0,mode=0755',
};

export const workbenchProfile = {
  container: {
    User: keeperUser,
    WorkingDir: '/workspace',
    Tty: false,
    OpenStdin: false,
    // Health checks of an image would run in every session on a timer.
    Healthcheck: { Test: ['NONE'] },
    StopTimeout: 5,
  },
  host: {
    Privileged: false,
    CapDrop: ['ALL'],
    CapAdd: [],
    SecurityOpt: ['no-new-privileges:true'],
    ReadonlyRootfs: true,
    Tmpfs: tmpfs,
    MemorySwappiness: 0,
    PidsLimit: 256,
    Ulimits: [
      { Name: 'nofile', Soft: 1024, Hard: 2048 },
      { Name: 'core', Soft: 0, Hard: 0 },
      { Name: 'fsize', Soft: 512 * mebibyte, Hard: 512 * mebibyte },
    ],
    ShmSize: 32 * mebibyte,
    OomScoreAdj: 500,
    // An address that is never routed: the engine's resolver answers for names of the session's own network and no others.
    Dns: ['192.0.2.1'],
    DnsSearch: ['.'],
    // Names outside never resolve, so a learner should not wait the usual twenty seconds to be told.
    DnsOptions: ['timeout:1', 'attempts:1'],
    ExtraHosts: [],
    // A bridge without IPv4 addresses still has a link-local IPv6 one.
    Sysctls: { 'net.ipv6.conf.all.disable_ipv6': '1' },
    IpcMode: 'private',
    CgroupnsMode: 'private',
    RestartPolicy: { Name: 'no' },
    AutoRemove: false,
    LogConfig: { Type: 'json-file', Config: { 'max-size': '1m', 'max-file': '2' } },
    Init: true,
  },
} as const;
