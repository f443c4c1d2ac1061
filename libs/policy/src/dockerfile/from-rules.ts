import type { DockerfileRules } from './dockerfile-rule.js';

/** What is asked of FROM. Their examples are whole files. */
export const fromRules = {
  form: {
    id: 'dockerfile.from.form',
    message: 'must be an image, or an image AS a name',
    hint: 'Write FROM image, or FROM image AS name.',
    examples: { accepted: 'FROM nginx:alpine AS web', refused: 'FROM nginx:alpine web' },
  },
  flag: {
    id: 'dockerfile.from.flag',
    message: 'is refused: the platform is the one that the image is built on',
    hint: 'Leave the flag out.',
    examples: { accepted: 'FROM nginx:alpine', refused: 'FROM --platform=linux/s390x nginx:alpine' },
  },
  variable: {
    id: 'dockerfile.from.variable',
    message: 'must not hold a variable: the image could not be told from the file',
    hint: 'Write the name of the image itself.',
    examples: { accepted: 'FROM nginx:alpine', refused: 'FROM ${IMAGE:-nginx:alpine}' },
  },
  image: {
    id: 'dockerfile.from.image',
    message: 'is neither an image of the workshop nor a stage before',
    hint: 'Use an image of the workshop, with its tag, exactly as it is listed.',
    examples: { accepted: 'FROM nginx:alpine AS web\nFROM web', refused: 'FROM nginx:latest' },
  },
  name: {
    id: 'dockerfile.from.name',
    message: 'must be a name of small letters, digits and . _ - that is neither taken nor the name of an image',
    hint: 'Choose a short name that begins with a letter.',
    examples: { accepted: 'FROM nginx:alpine AS web', refused: 'FROM nginx:alpine AS node\nFROM node' },
  },
} as const satisfies DockerfileRules;
