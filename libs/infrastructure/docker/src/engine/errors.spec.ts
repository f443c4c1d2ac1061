import { AppError } from '@nalabo/kernel';
import { describe, expect, it } from 'vitest';
import { toEngineError, toStreamError } from './errors.js';

/** As docker-modem makes it from an answer. */
function answered(statusCode: number, message: string): Error {
  return Object.assign(new Error(`(HTTP code ${statusCode}) reason - ${message} `), { statusCode, json: { message } });
}

function refused(code: string): Error {
  return Object.assign(new Error(`connect ${code} /some/engine.sock`), { code });
}

describe('toEngineError', () => {
  it.each([
    [answered(404, 'No such container: nalabo-session-a'), 'not_found'],
    [answered(404, 'No such exec instance: 4f2c'), 'not_found'],
    [answered(404, 'No such image: nalabo/absent:1'), 'unprocessable'],
    [answered(404, 'pull access denied for nalabo/absent, repository does not exist'), 'unprocessable'],
    [answered(404, 'could not find an available, non-overlapping IPv4 address pool among the defaults'), 'exhausted'],
    [answered(403, 'Pool overlaps with other one on this address space'), 'conflict'],
    [answered(403, 'error while removing network: network nalabo-session-a id 1f has active endpoints'), 'conflict'],
    [answered(409, 'network with name nalabo-session-a already exists'), 'conflict'],
    [answered(409, 'Container 1f is not running'), 'conflict'],
    [answered(400, 'Range of CPUs is from 0.01 to 2.00, as there are only 2 CPUs available'), 'unprocessable'],
    [answered(400, 'create nalabo-session-a-f0: quota size requested but no quota support'), 'unprocessable'],
    [answered(400, 'invalid reference format'), 'unprocessable'],
    [answered(500, 'mkdir /var/lib/docker/volumes/a: no space left on device'), 'exhausted'],
    [
      answered(500, 'Get "https://registry.invalid/v2/": dial tcp: lookup registry.invalid: no such host'),
      'unavailable',
    ],
    [
      answered(500, 'Get "https://registry.invalid/v2/": unauthorized: incorrect username or password'),
      'unprocessable',
    ],
    [answered(500, 'something else'), 'internal'],
    [refused('ENOENT'), 'unavailable'],
    [refused('ECONNREFUSED'), 'unavailable'],
    [refused('EPIPE'), 'unavailable'],
    [refused('SELF_SIGNED_CERT_IN_CHAIN'), 'unavailable'],
    [new TypeError('broken'), 'internal'],
    ['a text', 'internal'],
  ])('%s is %s', (thrown, kind) => {
    expect(toEngineError(thrown, 'an operation')).toMatchObject({
      kind,
      message: expect.stringMatching(/^an operation: /),
    });
  });

  it('names who interrupted a call', () => {
    expect(toEngineError(refused('ABORT_ERR'), 'start', 'deadline').kind).toBe('timeout');
    expect(toEngineError(refused('ABORT_ERR'), 'start', 'caller').kind).toBe('cancelled');
  });

  it('hands on what is an AppError already', () => {
    const error = new AppError('gone', 'gone');
    expect(toEngineError(error, 'start')).toBe(error);
  });

  it('tells a client nothing of the address of an engine that is away', () => {
    expect(toEngineError(refused('ECONNREFUSED'), 'start').publicMessage).toBe(
      'The infrastructure target does not answer.',
    );
  });
});

describe('toStreamError', () => {
  it('classifies a failed pull by its text', () => {
    expect(toStreamError('manifest for nalabo/absent:1 not found: manifest unknown', 'pull').kind).toBe(
      'unprocessable',
    );
    expect(toStreamError('net/http: TLS handshake timeout', 'pull').kind).toBe('unavailable');
  });
});
