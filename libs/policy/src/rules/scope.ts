/** Where a value stands in a file: keys of maps and positions in lists, from the top. */
export type Path = readonly (string | number)[];

/** What a rule tells whoever has broken it. */
export interface RuleText {
  /** Stable, dotted, for example `compose.service.privileged`. */
  readonly id: string;
  /** Completes "the value …" and says why. */
  readonly message: string;
  /** What to write instead. */
  readonly hint: string;
}

/** One broken rule, at one place. */
export interface Finding {
  readonly path: Path;
  readonly rule: string;
  readonly message: string;
  readonly hint: string;
}

/** Something that was left out and breaks nothing. */
export interface Note {
  readonly path: Path;
  readonly message: string;
}

/** What the reading of one file has found so far. */
export interface Findings {
  readonly broken: Finding[];
  readonly notes: Note[];
}

/** The place that a form reads at, and the rule that it reads for. */
export class Scope {
  constructor(
    private readonly rule: RuleText,
    readonly path: Path,
    private readonly findings: Findings,
  ) {}

  at(part: string | number): Scope {
    return new Scope(this.rule, [...this.path, part], this.findings);
  }

  under(rule: RuleText): Scope {
    return new Scope(rule, this.path, this.findings);
  }

  /** Records that the rule is broken here. What was read is `undefined` then. */
  refuse(message = this.rule.message): undefined {
    const { id, hint } = this.rule;
    this.findings.broken.push({ path: this.path, rule: id, message, hint });
  }

  note(message: string): void {
    this.findings.notes.push({ path: this.path, message });
  }
}
