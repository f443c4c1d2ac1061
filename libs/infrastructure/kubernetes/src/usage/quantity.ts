const pattern = /^([+-]?[0-9.]+(?:[eE][+-]?\d+)?)(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$/;

const factors: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** A quantity as a cluster writes it, also with the small units of measured CPU; zero for what is none. */
export function quantity(text: string): number {
  const [, amount, unit] = pattern.exec(text) ?? [];
  const value = Number(amount) * (unit === undefined ? 1 : (factors[unit] ?? 0));
  return Number.isFinite(value) ? value : 0;
}
