import type { DockerfileRules } from './dockerfile-rule.js';

/** What is asked of COPY and ADD. Their examples follow a stage `build`, WORKDIR /app, and files index.html and html/a.css. */
export const copyRules = {
  form: {
    id: 'dockerfile.copy.form',
    message: 'must be sources and a target, as words or as a JSON list of texts',
    hint: 'Write COPY source target. The target of several sources ends with a slash.',
    examples: { accepted: 'COPY ["index.html", "html", "/srv/"]', refused: 'COPY index.html html /srv' },
  },
  flag: {
    id: 'dockerfile.copy.flag',
    message: 'is a flag that is not read here',
    hint: 'Known here: --from of COPY, and --chown. Use RUN chmod for the mode of files.',
    examples: { accepted: 'COPY --chown=1000:1000 html html', refused: 'COPY --parents html /srv/' },
  },
  from: {
    id: 'dockerfile.copy.from',
    message: 'must be the name of a stage before',
    hint: 'Begin a stage with FROM image AS name, and copy from that name.',
    examples: {
      accepted: 'COPY --from=build /app/site /srv',
      refused: 'COPY --from=registry.example/tools /bin/sh /srv',
    },
  },
  owner: {
    id: 'dockerfile.copy.owner',
    message: 'must be a user, or a user and a group',
    hint: 'Write --chown=user or --chown=user:group, in small letters or as numbers.',
    examples: { accepted: 'COPY --chown=node:node html html', refused: 'COPY --chown= html html' },
  },
  source: {
    id: 'dockerfile.copy.source',
    message:
      'is not a path to copy from: it is absolute, leaves its folder or holds a wildcard, a blank or another sign',
    hint: 'Name files and folders that came with the Dockerfile; with --from, absolute paths of that stage.',
    examples: { accepted: 'COPY ./html/ .', refused: 'COPY ../secrets /srv' },
  },
  missing: {
    id: 'dockerfile.copy.missing',
    message: 'is neither a file nor a folder that came with the Dockerfile',
    hint: 'Send the file along, and name it as it was sent.',
    examples: { accepted: 'COPY index.html html/a.css /srv/', refused: 'COPY index.htm /srv/' },
  },
  target: {
    id: 'dockerfile.copy.target',
    message: 'is not a path to copy to',
    hint: 'Write an absolute path outside /proc, /sys and /dev, or one below a WORKDIR of this file.',
    examples: { accepted: 'COPY index.html public/', refused: 'COPY index.html /proc/self/fd/8' },
  },
  remote: {
    id: 'dockerfile.add.remote',
    message: 'would be fetched by the builder itself, from its own network',
    hint: 'Send the file along and use COPY.',
    examples: { accepted: 'ADD index.html /srv/', refused: 'ADD http://169.254.169.254/latest /srv/' },
  },
  archive: {
    id: 'dockerfile.add.archive',
    message: 'would be unpacked by the builder',
    hint: 'Send the files themselves along and use COPY.',
    examples: { accepted: 'ADD html /srv/', refused: 'ADD site.tar.gz /srv/' },
  },
} as const satisfies DockerfileRules;
