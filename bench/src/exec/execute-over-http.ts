import { Agent, request as open } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Access, CommandRequest, CommandResult } from '@nalabo/start';

const agent = new Agent({ keepAlive: true });

/** By the HTTP client that dockerode uses, too: what is compared are the servers. */
export async function executeOverHttp(
  { url, apiKey }: Access,
  sessionId: string,
  request: CommandRequest,
): Promise<CommandResult> {
  const body = JSON.stringify(request);
  const headers = {
    authorization: `Bearer ${apiKey}`,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  };
  const path = `${url}/api/workshops/sessions/${sessionId}/execute`;
  const [status, answer] = await new Promise<[number | undefined, string]>((resolve, reject) => {
    const call = open(path, { method: 'POST', agent, headers }, (response) => {
      text(response).then((whole) => resolve([response.statusCode, whole]), reject);
    });
    call.on('error', reject).end(body);
  });
  if (status !== 200) throw new Error(`the command was answered with ${status}: ${answer}`);
  return JSON.parse(answer) as CommandResult;
}
