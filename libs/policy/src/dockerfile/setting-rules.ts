import type { DockerfileRules } from './dockerfile-rule.js';

/** What is asked of the instructions that change no files, and why some are refused. */
export const settingRules = {
  env: {
    id: 'dockerfile.env.form',
    message: 'must be pairs of NAME=value, names of at most 64 letters, digits and _',
    hint: 'Write ENV NAME=value, and quote a value that holds blanks.',
    examples: { accepted: 'ENV GREETING="Good morning" PATH=/app/bin:$PATH', refused: 'ENV GREETING Good morning' },
  },
  envValue: {
    id: 'dockerfile.env.variable',
    message: 'may use one variable in a value, written $NAME or ${NAME}, and no other dollar sign',
    hint: 'Use one variable in each value. Several would let values grow without end.',
    examples: { accepted: 'ENV WHERE=${HOME}/app', refused: 'ENV TWICE=$TEXT$TEXT' },
  },
  arg: {
    id: 'dockerfile.arg.form',
    message: 'must be names, or pairs of NAME=value, names of at most 64 letters, digits and _',
    hint: 'Write ARG NAME or ARG NAME=value, and quote a value that holds blanks.',
    examples: { accepted: 'ARG VERSION="1 2"', refused: 'ARG MY-VERSION=1' },
  },
  argValue: {
    id: 'dockerfile.arg.variable',
    message: 'may use one variable in a value, written $NAME or ${NAME}, and no other dollar sign',
    hint: 'Use one variable in each value.',
    examples: { accepted: 'ARG WHERE=$HOME/app', refused: 'ARG WHERE=${HOME:-/root}' },
  },
  label: {
    id: 'dockerfile.label.form',
    message: 'must be pairs of name=value, names of at most 128 letters, digits and . _ / -',
    hint: 'Write LABEL name=value, and quote a value that holds blanks.',
    examples: { accepted: 'LABEL "org.example.title"="My site"', refused: 'LABEL title My site' },
  },
  reservedLabel: {
    id: 'dockerfile.label.reserved',
    message: 'has a name that belongs to the platform or the engine',
    hint: 'Use a name without nalabo that does not begin with com.docker, io.docker or org.dockerproject.',
    examples: { accepted: 'LABEL title=site', refused: 'LABEL io.nal\\abo.session=other' },
  },
  expose: {
    id: 'dockerfile.expose.form',
    message: 'must be ports from 1 to 65535, each with /tcp, /udp or nothing behind it',
    hint: 'Write EXPOSE 80 443/tcp, each port by itself.',
    examples: { accepted: 'EXPOSE 80 53/udp', refused: 'EXPOSE 1-65535' },
  },
  user: {
    id: 'dockerfile.user.form',
    message: 'must be a user, or a user and a group',
    hint: 'Write USER name or USER name:group, in small letters or as numbers.',
    examples: { accepted: 'USER node:node', refused: 'USER my user' },
  },
  workdir: {
    id: 'dockerfile.workdir.form',
    message: 'must be an absolute path of letters, digits and . _ + @ ~ -, without ..',
    hint: 'Write the whole path, for example WORKDIR /app.',
    examples: { accepted: 'WORKDIR /srv/app', refused: 'WORKDIR ../proc' },
  },
  systemFolder: {
    id: 'dockerfile.workdir.system',
    message: 'must not be in /proc, /sys or /dev, which lead out of the container',
    hint: 'Use a folder of your own, for example /app.',
    examples: { accepted: 'WORKDIR /home/proc', refused: 'WORKDIR /.//proc/self/fd/8' },
  },
  stopSignal: {
    id: 'dockerfile.stopsignal.form',
    message: 'must be the name or the number of a signal',
    hint: 'Write STOPSIGNAL SIGTERM.',
    examples: { accepted: 'STOPSIGNAL SIGQUIT', refused: 'STOPSIGNAL now' },
  },
  volume: {
    id: 'dockerfile.volume',
    message: 'is refused: it makes storage without a name and without a limit',
    hint: 'Leave it out; the files of a container can be written without it.',
    examples: { accepted: 'RUN mkdir /data', refused: 'VOLUME /data' },
  },
  onbuild: {
    id: 'dockerfile.onbuild',
    message: 'is refused: it hides instructions in the image that others run',
    hint: 'Write the instruction itself.',
    examples: { accepted: 'RUN true', refused: 'ONBUILD RUN true' },
  },
  maintainer: {
    id: 'dockerfile.maintainer',
    message: 'is refused: builders no longer read it',
    hint: 'Write LABEL org.opencontainers.image.authors="name".',
    examples: { accepted: 'LABEL org.opencontainers.image.authors="Ada"', refused: 'MAINTAINER Ada' },
  },
} as const satisfies DockerfileRules;
