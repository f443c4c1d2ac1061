import { dockerfileLimits } from './dockerfile-limits.js';
import type { DockerfileRules } from './dockerfile-rule.js';

const { bytes, lines, stages, layers, values, files, fileBytes } = dockerfileLimits;
const plain = 'FROM nginx:alpine';

/** What is asked of the file as a whole. Their examples are whole files. */
export const fileRules = {
  size: {
    id: 'dockerfile.size',
    message: `is larger than ${bytes / 1024} KiB`,
    hint: 'Move long texts to files of their own and COPY them.',
    examples: { accepted: plain, refused: `a file of ${bytes + 1} bytes` },
    refusedInFull: { text: `${plain}\n#${'x'.repeat(bytes)}` },
  },
  lines: {
    id: 'dockerfile.lines',
    message: `has more than ${lines} lines`,
    hint: 'Move commands to a script and COPY it.',
    examples: { accepted: plain, refused: `a file of ${lines + 1} lines` },
    refusedInFull: { text: `${plain}${'\n'.repeat(lines)}EXPOSE 80` },
  },
  characters: {
    id: 'dockerfile.characters',
    message: 'has a character that is invisible or no text',
    hint: 'Use plain spaces, tabs and line ends outside comments, and no control characters anywhere.',
    examples: {
      accepted: `# Prêt\u00a0?\n${plain}\nRUN echo "Prêt ?"`,
      refused: `${plain}\nRUN\u00a0--mount=type=cache true`,
    },
  },
  directive: {
    id: 'dockerfile.directive',
    message: 'is a directive to the builder: it would choose another reader for this file',
    hint: 'Leave out syntax, escape and check.',
    examples: { accepted: `# My first image\n${plain}`, refused: `# syntax=example/frontend\n${plain}` },
  },
  continuation: {
    id: 'dockerfile.continuation',
    message: 'ends with a backslash, and nothing follows',
    hint: 'Remove the backslash, or add the line that is missing.',
    examples: { accepted: `${plain}\nRUN true && \\\n  true`, refused: `${plain}\nRUN true && \\` },
  },
  heredoc: {
    id: 'dockerfile.heredoc',
    message: 'holds <<, which begins a text inside the file',
    hint: 'Put the text into a file of its own and COPY it.',
    examples: { accepted: `${plain}\nCOPY run.sh /run.sh`, refused: `${plain}\nRUN <<EOF\nmount /dev/sda /mnt\nEOF` },
  },
  unknown: {
    id: 'dockerfile.unknown-instruction',
    message: 'is not an instruction that is read here',
    hint: 'Check the spelling. Each instruction begins a line.',
    examples: { accepted: 'from nginx:alpine', refused: `${plain}\nIMPORT other` },
  },
  order: {
    id: 'dockerfile.order',
    message: 'must not come before FROM',
    hint: 'Begin with FROM. As FROM takes no variables, ARG belongs behind it.',
    examples: { accepted: `${plain}\nARG PORT=80`, refused: `ARG PORT=80\n${plain}` },
  },
  empty: {
    id: 'dockerfile.empty',
    message: 'has no FROM',
    hint: 'Begin with FROM and an image of the workshop.',
    examples: { accepted: plain, refused: '# Nothing yet' },
  },
  stages: {
    id: 'dockerfile.stages',
    message: `is one of more than ${stages} stages`,
    hint: 'Use fewer stages.',
    examples: { accepted: `${plain}\n${plain}`, refused: `FROM ${stages + 1} times` },
    refusedInFull: { text: `${plain}\n`.repeat(stages + 1) },
  },
  layers: {
    id: 'dockerfile.layers',
    message: `is one of more than ${layers} instructions that write files`,
    hint: 'Join commands with && in one RUN, or name several sources in one COPY.',
    examples: { accepted: `${plain}\nRUN true && true`, refused: `RUN ${layers + 1} times` },
    refusedInFull: { text: `${plain}\n${'RUN true\n'.repeat(layers + 1)}` },
  },
  values: {
    id: 'dockerfile.values',
    message: `leads to more than ${values} values of ENV, ARG, LABEL and EXPOSE`,
    hint: 'Put settings into a file of their own and COPY it.',
    examples: { accepted: `${plain}\nENV A=1 B=2`, refused: `ENV with ${values + 1} names` },
    refusedInFull: {
      text: `${plain}\nENV${Array.from({ length: values + 1 }, (_, index) => ` A${index}=1`).join('')}`,
    },
  },
  flag: {
    id: 'dockerfile.flag',
    message: 'takes no flags',
    hint: 'Leave the flag out, or use the JSON form if it is a word of the command.',
    examples: { accepted: `${plain}\nCMD nginx -t`, refused: `${plain}\nCMD --init nginx` },
  },
  variable: {
    id: 'dockerfile.variable',
    message: 'must not hold a variable: what is allowed could not be told from the file',
    hint: 'Write the value itself. RUN, CMD, ENTRYPOINT, ENV and ARG may use variables.',
    examples: { accepted: `${plain}\nWORKDIR /app`, refused: `${plain}\nENV WHERE=/proc\nWORKDIR $WHERE/self` },
  },
} as const satisfies DockerfileRules;

function comingWith(...entries: readonly (readonly [string, string])[]) {
  return { text: plain, files: new Map(entries) };
}

const manyFiles = Array.from({ length: files + 1 }, (_, index) => [`${index}.txt`, ''] as const);

/** What is asked of the files that come with a Dockerfile. */
export const inlineFileRules = {
  count: {
    id: 'dockerfile.files.count',
    message: `are more than ${files}`,
    hint: 'Send only what is copied.',
    examples: { accepted: plain, refused: `${files + 1} files` },
    refusedInFull: comingWith(...manyFiles),
  },
  size: {
    id: 'dockerfile.files.size',
    message: `are larger than ${fileBytes / 1024 / 1024} MiB together`,
    hint: 'Send only what is copied.',
    examples: { accepted: plain, refused: `a file of ${fileBytes + 1} bytes` },
    refusedInFull: comingWith(['large.txt', 'x'.repeat(fileBytes + 1)]),
  },
  path: {
    id: 'dockerfile.files.path',
    message: 'is not a path that a file may have',
    hint: 'Write relative paths of letters, digits and . _ + @ ~ -, without .. and without a slash at either end.',
    examples: { accepted: plain, refused: 'a file ../outside.txt' },
    refusedInFull: comingWith(['../outside.txt', '']),
  },
  folder: {
    id: 'dockerfile.files.folder',
    message: 'is a file and a folder at once',
    hint: 'Rename one of them.',
    examples: { accepted: plain, refused: 'the files html and html/index.html' },
    refusedInFull: comingWith(['html', ''], ['html/index.html', '']),
  },
  ignore: {
    id: 'dockerfile.files.ignore',
    message: 'would keep files from being copied, which engines do in different ways',
    hint: 'Leave it out, and send only what is copied.',
    examples: { accepted: plain, refused: 'a file .dockerignore' },
    refusedInFull: comingWith(['.dockerignore', '*']),
  },
  content: {
    id: 'dockerfile.files.content',
    message: 'is no text',
    hint: 'Send text files only.',
    examples: { accepted: plain, refused: 'a file with a NUL character' },
    refusedInFull: comingWith(['binary', '\0']),
  },
} as const satisfies DockerfileRules;
