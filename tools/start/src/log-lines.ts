import { prettyFactory } from 'pino-pretty';

const NAME_WIDTH = 'provisioner'.length;

export interface LogStyle {
  readonly colour: boolean;
}

/** Turns one line of a service into what a person reads. */
export type FormatLine = (service: string, line: string) => string;

/** JSON lines become time, level, message and fields; any other line stays as it is. Each names its service first. */
export function lineFormatter({ colour }: LogStyle): FormatLine {
  const pretty = prettyFactory({
    colorize: colour,
    translateTime: 'SYS:HH:MM:ss',
    messageFormat: '{if context}{context}: {end}{msg}',
    ignore: 'service,instance,context,pid,hostname',
    singleLine: true,
  });
  return (service, line) => {
    const text = pretty(line).trimEnd();
    const prefix = `${service.padEnd(NAME_WIDTH)} | `;
    return text
      .split('\n')
      .map((part) => prefix + part)
      .join('\n');
  };
}

const frameworkSteps =
  /"level":"info".*"context":"(NestFactory|InstanceLoader|RoutesResolver|RouterExplorer|NestMicroservice|NestApplication)"/;

/** Whether the framework tells one of the hundred steps of an ordinary start. */
export function isFrameworkStep(line: string): boolean {
  return frameworkSteps.test(line);
}

/** Cuts a stream of text into whole lines. Empty lines are left out. */
export function lineSplitter(onLine: (line: string) => void): (text: string) => void {
  let rest = '';
  return (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line !== '') onLine(line);
  };
}

/** The message of a JSON log line with the message of its error, for one line about a service that failed. */
export function messageOf(line: string): string {
  try {
    const { msg, err } = JSON.parse(line) as { msg?: string; err?: { message?: string } };
    return [msg, err?.message].filter(Boolean).join(': ') || line;
  } catch {
    // Not a log line of ours: what it says is all there is.
    return line;
  }
}
