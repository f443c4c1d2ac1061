import type { PreflightFinding } from '@nalabo/contracts';

type Findings = (name: string, detail: string) => PreflightFinding;

export const ok: Findings = (name, detail) => ({ name, status: 'ok', detail });
export const warning: Findings = (name, detail) => ({ name, status: 'warning', detail });
export const failed: Findings = (name, detail) => ({ name, status: 'failed', detail });
