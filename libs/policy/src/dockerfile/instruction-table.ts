import { commandRules } from './command-rules.js';
import type { RuleGroup } from '../rules/value-rule.js';
import type { DockerfileRule } from './dockerfile-rule.js';
import { copyRules } from './copy-rules.js';
import { fileRules, inlineFileRules } from './file-rules.js';
import { fromRules } from './from-rules.js';
import { readCommand, readRun, readShell } from './read-command.js';
import { readAdd, readCopy } from './read-copy.js';
import { readArg, readEnv, readExpose, readLabel, readStopSignal, readUser, readWorkdir } from './read-settings.js';
import type { AllowedInstruction, IgnoredInstruction, RefusedInstruction } from './reading-place.js';
import { settingRules } from './setting-rules.js';

const { flag: flagRule, variable: variableRule } = fileRules;
const { volume, onbuild, maintainer } = settingRules;

export type InstructionRule = AllowedInstruction | IgnoredInstruction | RefusedInstruction;

/** The instructions inside a stage. What is not among them is refused; FROM begins a stage and is read apart. */
export const instructionTable: ReadonlyMap<string, InstructionRule> = new Map<string, InstructionRule>([
  ['RUN', { verdict: 'allowed', read: readRun, flagRule: commandRules.runFlag }],
  ['CMD', { verdict: 'allowed', read: readCommand('cmd'), flagRule }],
  ['ENTRYPOINT', { verdict: 'allowed', read: readCommand('entrypoint'), flagRule }],
  ['SHELL', { verdict: 'allowed', read: readShell, flagRule }],
  ['COPY', { verdict: 'allowed', read: readCopy, variableRule }],
  ['ADD', { verdict: 'allowed', read: readAdd, variableRule }],
  ['ENV', { verdict: 'allowed', read: readEnv, flagRule }],
  ['ARG', { verdict: 'allowed', read: readArg, flagRule }],
  ['LABEL', { verdict: 'allowed', read: readLabel, flagRule, variableRule }],
  ['EXPOSE', { verdict: 'allowed', read: readExpose, flagRule, variableRule }],
  ['USER', { verdict: 'allowed', read: readUser, flagRule, variableRule }],
  ['WORKDIR', { verdict: 'allowed', read: readWorkdir, flagRule, variableRule }],
  ['STOPSIGNAL', { verdict: 'allowed', read: readStopSignal, flagRule, variableRule }],
  ['HEALTHCHECK', { verdict: 'ignored', note: 'The platform checks by itself.', accepted: 'HEALTHCHECK CMD true' }],
  ['VOLUME', { verdict: 'refused', rule: volume }],
  ['ONBUILD', { verdict: 'refused', rule: onbuild }],
  ['MAINTAINER', { verdict: 'refused', rule: maintainer }],
]);

const isWhole = (example: string): string => example;

/** Every rule there is, for their test and for documentation. */
export const dockerfileRuleGroups: readonly RuleGroup<DockerfileRule>[] = [
  { title: 'The file', rules: Object.values(fileRules), wrap: isWhole },
  { title: 'The files that come with it', rules: Object.values(inlineFileRules), wrap: isWhole },
  { title: 'FROM', rules: Object.values(fromRules), wrap: isWhole },
  {
    title: 'COPY and ADD',
    rules: Object.values(copyRules),
    wrap: (example) => `FROM nginx:alpine AS build\nFROM build\nWORKDIR /app\n${example}`,
  },
  {
    title: 'RUN, CMD, ENTRYPOINT and SHELL',
    rules: Object.values(commandRules),
    wrap: (example) => `FROM nginx:alpine\n${example}`,
  },
  { title: 'Settings', rules: Object.values(settingRules), wrap: (example) => `FROM nginx:alpine\n${example}` },
];
