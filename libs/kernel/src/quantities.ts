/** Quantities as the API writes them: CPU `2000m` or `2`, memory and storage `4Gi`, `512Mi`, parsed exactly. */

const cpuPattern = /^(\d{1,6})(m?)$/;
const bytesPattern = /^(\d{1,15})(Ki|Mi|Gi|Ti|k|M|G|T)?$/;

const byteFactors: Readonly<Record<string, number>> = {
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
};

/** Millicores, or undefined when the text is not a CPU quantity. */
export function parseCpuMillicores(text: string): number | undefined {
  const match = cpuPattern.exec(text);
  if (!match) return undefined;
  const amount = Number(match[1]);
  return match[2] === 'm' ? amount : amount * 1000;
}

/** Bytes, or undefined when the text is not a byte quantity or does not fit a safe integer. */
export function parseBytes(text: string): number | undefined {
  const match = bytesPattern.exec(text);
  if (!match) return undefined;
  const bytes = Number(match[1]) * (match[2] ? (byteFactors[match[2]] ?? NaN) : 1);
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

/** As a client writes it, exactly: the largest binary unit that divides it. */
export function formatBytes(bytes: number): string {
  const units = ['Ti', 'Gi', 'Mi', 'Ki'] as const;
  for (const [index, unit] of units.entries()) {
    const factor = 2 ** (10 * (units.length - index));
    if (bytes >= factor && bytes % factor === 0) return `${bytes / factor}${unit}`;
  }
  return String(bytes);
}
