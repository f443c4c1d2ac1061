import { type ExecFacet, type InfrastructureTarget, MemoryTarget, type ShellRole } from '@nalabo/infrastructure-port';

/** An infrastructure with the sessions of another one, which remembers for whom shells were opened in them. */
export class OpenedShells {
  readonly target: InfrastructureTarget;
  private readonly opened: { readonly sessionId: string; readonly role: ShellRole }[] = [];

  constructor(inner: () => ExecFacet) {
    const { name, describe, lifecycle, observe, apply } = new MemoryTarget({ name: 'opened-shells' });
    const exec: ExecFacet = {
      open: (ref, role) => {
        this.opened.push({ sessionId: ref.sessionId, role });
        return inner().open(ref, role);
      },
      terminal: (ref, options) => inner().terminal(ref, options),
    };
    this.target = { name, describe, lifecycle, observe, exec, apply };
  }

  /** How many shells were opened for trusted checks of the session. */
  checkersOf(sessionId: string): number {
    return this.opened.filter((shell) => shell.sessionId === sessionId && shell.role === 'checker').length;
  }
}
