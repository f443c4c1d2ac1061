import { byType, type Form, readAs, text, wholeNumber } from '../rules/form.js';

const secondsPerUnit: Readonly<Record<string, number>> = { us: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 };
const bytesPerUnit: Readonly<Record<string, number>> = { k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };

/** A time as Compose writes it, such as `1m30s`, read as seconds. */
export function duration(leastSeconds: number, mostSeconds: number): Form<number> {
  const says = `a time from ${leastSeconds}s to ${mostSeconds}s, such as ${mostSeconds}s`;
  const written = text({ pattern: /^(\d{1,9}(us|ms|s|m|h)){1,5}$/, longest: 60, says });
  return readAs(written, (one, scope) => {
    const parts = [...one.matchAll(/(\d+)([a-z]+)/g)];
    const seconds = parts.reduce((sum, [, amount, unit = '']) => sum + Number(amount) * (secondsPerUnit[unit] ?? 0), 0);
    return seconds >= leastSeconds && seconds <= mostSeconds ? seconds : scope.refuse(`must be ${says}`);
  });
}

/** A size as Compose writes it, such as `512m`, or as a number of bytes. */
export function bytes(least: number, most: number): Form<number> {
  const says = `a size from ${sizeText(least)} to ${sizeText(most)}, such as ${sizeText(most)}`;
  const written = text({ pattern: /^\d{1,12} ?([kmgt]i?)?b?$/i, longest: 20, says });
  const read = readAs(written, (one, scope) => {
    const unit = /[kmgt]/i.exec(one)?.[0].toLowerCase() ?? '';
    const size = Number.parseInt(one, 10) * (bytesPerUnit[unit] ?? 1);
    return size >= least && size <= most ? size : scope.refuse(`must be ${says}`);
  });
  return { ...byType({ text: read, number: wholeNumber(least, most) }), says };
}

/** Processors as Compose writes them, such as `0.5`, read as thousandths of one. */
export function processors(leastMillis: number, mostMillis: number): Form<number> {
  const says = `a number of processors from ${leastMillis / 1000} to ${mostMillis / 1000}`;
  return {
    says,
    read(value, scope) {
      const isWritten = typeof value === 'number' || (typeof value === 'string' && /^\d{1,6}(\.\d{1,6})?$/.test(value));
      const millis = isWritten ? Math.round(Number(value) * 1000) : Number.NaN;
      return millis >= leastMillis && millis <= mostMillis ? millis : scope.refuse(`must be ${says}`);
    },
  };
}

function sizeText(size: number): string {
  const unit = Object.entries(bytesPerUnit).findLast(([, factor]) => size >= factor && size % factor === 0);
  return unit ? `${size / unit[1]}${unit[0]}` : `${size}`;
}
