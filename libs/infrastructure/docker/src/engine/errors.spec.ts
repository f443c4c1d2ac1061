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
    [answered(403, 'endpoint with name nalabo-session-a already exists in network front'), 'conflict'],
    [answered(500, 'container 1f is not connected to network front'), 'not_found'],
    [answered(400, 'exec: "/no": stat /no: no such file or directory: unknown'), 'unprocessable'],
    [answered(500, 'error mounting "/v/_data" to rootfs at "/etc/a": not a directory'), 'unprocessable'],
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

  it.each([
    [refused('ECONNREFUSED'), 'The infrastructure target does not answer.'],
    [answered(500, 'no such image'), 'The image is not available.'],
    [
      answered(500, 'Get "https://registry.invalid/v2/": unauthorized'),
      'The registry refuses the image to this infrastructure target: its login is missing or wrong.',
    ],
    [answered(404, 'No such image: registry.invalid/secret:1'), 'The image is not available.'],
    [
      answered(500, 'Get "https://registry.invalid/v2/": dial tcp: lookup registry.invalid: no such host'),
      'The infrastructure target cannot reach a server that it needs.',
    ],
    [answered(500, 'mkdir /var/lib/docker/a: no space left on device'), 'The infrastructure target has no space left.'],
    [answered(403, 'Pool overlaps with other one on this address space'), 'The subnet of the session is occupied.'],
    [answered(409, 'Container 1f is not running'), 'The engine cannot do this in the present state of the session.'],
    [answered(400, 'invalid mount /var/lib/docker/a'), 'The engine refused the request.'],
    [
      answered(
        500,
        'Cannot update container 70a7: runc did not terminate successfully: exit status 1: unable to set memory limit to 33554432 (current usage: 80789504, peak usage: 82374656)\n: unknown',
      ),
      'The workbench uses more memory than would be left to it: end some of its programs.',
    ],
    [answered(500, 'error creating overlay mount to /var/lib/docker/overlay2/a'), 'The engine failed.'],
    [new TypeError('broken /var/lib/docker'), 'An internal error occurred.'],
  ])('keeps %s for operators', (thrown, publicMessage) => {
    const error = toEngineError(thrown, 'pull image registry.invalid/secret:1');
    expect(error.publicMessage).toBe(publicMessage);
    expect(error.message).toContain('pull image registry.invalid/secret:1: ');
  });

  it.each([
    ['deadline', 'The infrastructure target did not answer in time.'],
    ['caller', 'The operation was cancelled.'],
  ] as const)('does not name the operation to a client after the %s', (interruption, publicMessage) => {
    expect(toEngineError(refused('ABORT_ERR'), 'pull image a', interruption).publicMessage).toBe(publicMessage);
  });
});

describe('toStreamError', () => {
  it('classifies a failed pull by its text', () => {
    expect(toStreamError('manifest for nalabo/absent:1 not found: manifest unknown', 'pull').kind).toBe(
      'unprocessable',
    );
    expect(toStreamError('net/http: TLS handshake timeout', 'pull').kind).toBe('unavailable');
  });

  it('keeps what the engine said for operators', () => {
    const error = toStreamError('failed to register layer: /var/lib/docker/overlay2/a', 'pull image a');
    expect(error).toMatchObject({
      message: 'pull image a: failed to register layer: /var/lib/docker/overlay2/a',
      publicMessage: 'The engine failed.',
    });
  });
});
