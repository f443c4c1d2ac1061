import type { DockerfileRules } from './dockerfile-rule.js';

/** What is asked of RUN, CMD, ENTRYPOINT and SHELL. */
export const commandRules = {
  runFlag: {
    id: 'dockerfile.run.flag',
    message: 'is refused: flags of RUN reach what is outside the image',
    hint: 'Leave --mount, --network, --security and --device out; COPY what the command needs.',
    examples: {
      accepted: 'RUN apk add --no-cache curl',
      refused: 'RUN --mount=type=bind,from=alpine,target=/mnt cp /mnt/a /a',
    },
  },
  run: {
    id: 'dockerfile.run.form',
    message: 'must be a command for the shell, or a JSON list of texts that begins with a program',
    hint: 'Quote the words of a list with ". Write test instead of [ when its first word is quoted.',
    examples: { accepted: 'RUN ["node", "--version"]', refused: "RUN ['node', '--version']" },
  },
  backslash: {
    id: 'dockerfile.command.backslash',
    message: 'ends with a backslash: builders disagree on whether it goes on with the next line',
    hint: 'Quote the backslash, or put something behind it.',
    examples: { accepted: String.raw`RUN echo 'a\\'`, refused: String.raw`RUN echo a\\` },
  },
  cmd: {
    id: 'dockerfile.cmd.form',
    message: 'must be a command for the shell, or a JSON list of texts',
    hint: 'Quote the words of a list with ".',
    examples: { accepted: 'CMD ["nginx", "-g", "daemon off;"]', refused: 'CMD ["nginx", 1]' },
  },
  entrypoint: {
    id: 'dockerfile.entrypoint.form',
    message: 'must be a command for the shell, or a JSON list of texts',
    hint: 'Quote the words of a list with ".',
    examples: { accepted: 'ENTRYPOINT []', refused: 'ENTRYPOINT' },
  },
  shell: {
    id: 'dockerfile.shell.form',
    message: 'must be a JSON list of texts that begins with a program',
    hint: 'Write SHELL ["/bin/sh", "-c"].',
    examples: { accepted: 'SHELL ["/bin/sh", "-c"]', refused: 'SHELL /bin/sh -c' },
  },
} as const satisfies DockerfileRules;
