import type { Rpc, SessionFact } from './define.js';

/** The stream that keeps session facts, and the subjects it takes in. */
export const factStream = { name: 'NALABO_FACTS', subjects: ['nalabo.evt.>'] } as const;

/** The stream that keeps messages nobody could handle, for an operator to read and replay. */
export const deadLetterStream = { name: 'NALABO_DEAD', subjects: ['nalabo.dead.>'] } as const;

export function factSubject(message: SessionFact, sessionId: string): string {
  return `nalabo.evt.session.${message.fact}.${sessionId}`;
}

/** Matches one fact of every session, or every fact of one session, or all. */
export function factFilter(selection: { readonly fact?: string; readonly sessionId?: string }): string {
  return `nalabo.evt.session.${selection.fact ?? '*'}.${selection.sessionId ?? '*'}`;
}

/** The subject of one instance of a service, for state that lives in that process alone. */
export function instanceSubject(message: Rpc, instance: string): string {
  return message.subject.replace(`.${message.service}.`, `.${message.service}.${instance}.`);
}

/**
 * Live output, for whoever listens at that moment and for nobody else: of an execution, of one connection to a terminal, or of
 * one reader of a log.
 */
export function outputSubject(id: string): string {
  return `nalabo.out.${id}`;
}

export function deadLetterSubject(subject: string): string {
  return `nalabo.dead.${subject}`;
}
