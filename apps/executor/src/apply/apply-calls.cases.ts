import { type Actor, type ApplyView, type ReplyOf, type RequestOf, rpcs } from '@nalabo/contracts';
import { newId } from '@nalabo/kernel';
import type { RpcClient } from '@nalabo/messaging';
import { anActor } from '@nalabo/testing';

const { runApply, listApplies, rollbackApply, getKubeconfig } = rpcs.executor;

type RunRequest = RequestOf<typeof runApply>;
type Page = Pick<RequestOf<typeof listApplies>, 'cursor' | 'limit'>;

/** What a client asks an executor about configuration; as a learner unless told otherwise. */
export function applyCalls(rpc: RpcClient) {
  const learner = anActor();
  const context = (sessionId: string, actor: Actor) => ({
    actor,
    correlationId: newId(),
    sessionId,
    timeoutMs: 50_000,
  });
  return {
    apply: (sessionId: string, request: Partial<RunRequest>, actor = learner): Promise<ApplyView> =>
      rpc.request(runApply, anApply(sessionId, request), context(sessionId, actor)),
    rollback: (
      sessionId: string,
      request: Partial<RequestOf<typeof rollbackApply>>,
      actor = learner,
    ): Promise<ApplyView> =>
      rpc.request(
        rollbackApply,
        { sessionId, applyId: newId(), idempotency: null, ...request },
        context(sessionId, actor),
      ),
    applies: (
      sessionId: string,
      page: Page = { cursor: null, limit: 50 },
      actor = learner,
    ): Promise<ReplyOf<typeof listApplies>> =>
      rpc.request(listApplies, { sessionId, ...page }, context(sessionId, actor)),
    kubeconfig: (sessionId: string, actor = learner) =>
      rpc.request(getKubeconfig, { sessionId }, context(sessionId, actor)),
  };
}

function anApply(sessionId: string, overrides: Partial<RunRequest>): RunRequest {
  const configuration = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: one }\n';
  return { sessionId, configuration, type: 'yaml', dryRun: false, files: {}, idempotency: null, ...overrides };
}
