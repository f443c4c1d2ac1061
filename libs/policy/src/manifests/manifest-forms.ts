import { parseBytes } from '@nalabo/kernel';
import { byType, type Form, listOf, mapOf, oneOf, readAs, text, wholeNumber } from '../rules/form.js';

/** What the platform itself writes on objects, and what a virtual cluster and the node of any pod do. */
const reservedKeys = String.raw`(?!nalabo\.io\/|vcluster\.loft\.sh\/|topology\.kubernetes\.io\/)`;
const keyName = '[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?';

export const anyText = text({ longest: 65_536, says: 'a text' });
export const shortText = text({ longest: 253, says: 'a short text' });

export const objectName = text({
  pattern: /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/,
  longest: 253,
  says: 'a name of lower-case letters, digits, - and .',
});

export const label = text({
  pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
  longest: 63,
  says: 'a name of lower-case letters, digits and -',
});

/** An absolute path that names its place plainly, and none of the kernel's. */
export const mountPath = text({
  pattern: /^(?!\/+(proc|sys|dev)(\/|$))(?!.*(^|\/)\.\.(\/|$))\/[^:\p{Cc}]*$/u,
  longest: 1024,
  says: 'an absolute path without .. and not under /proc, /sys or /dev',
});

export const innerPath = text({
  pattern: /^(?!\/)(?!.*(^|\/)\.\.(\/|$))[^\p{Cc}]*$/u,
  longest: 1024,
  says: 'a relative path without ..',
});

export const path = text({ pattern: /^\/[^\p{Cc}]*$/u, longest: 1024, says: 'a path that begins with /' });

/** The fields that apps and courses use; others are read by controllers of the cluster. */
export const ownLabelKey = text({
  pattern: new RegExp(String.raw`^((app\.kubernetes\.io|helm\.sh|example\.(com|org))\/)?${keyName}$`),
  longest: 317,
  says: 'a name, alone or after app.kubernetes.io/, helm.sh/ or example.com/',
});

export const ownAnnotationKey = text({
  pattern: new RegExp(
    String.raw`^((app\.kubernetes\.io|kubectl\.kubernetes\.io|helm\.sh|example\.(com|org))\/)?${keyName}$|^kubernetes\.io\/(change-cause|description)$`,
  ),
  longest: 317,
  says: 'a name, alone or after app.kubernetes.io/, kubectl.kubernetes.io/, helm.sh/ or example.com/',
});

/** What selects may also name what controllers write on pods. */
const selectorKey = text({
  pattern: new RegExp(String.raw`^${reservedKeys}([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?${keyName}$`),
  longest: 317,
  says: 'a key of labels that is not reserved',
});

export const labelValue = text({
  pattern: /^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/,
  longest: 63,
  says: 'a text of letters, digits, -, _ and . (in quotes if it looks like a number)',
});

export const labels = record(ownLabelKey, labelValue, 32);
export const annotations = record(ownAnnotationKey, anyText, 32);
export const equalitySelector = record(selectorKey, labelValue, 32);
export const selectorTerm = selectorKey;

export const portNumber = wholeNumber(1, 65_535);
export const portName = text({
  pattern: /^(?=.*[a-z])[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
  longest: 63,
  says: 'the name of a port',
});
export const port = byType<number | string>({ number: portNumber, text: portName });

export const seconds = wholeNumber(0, 86_400);
/**
 * How long a container may take to end. A node that has begun to wait that long, for a hook before the end too, goes on
 * when the session ends meanwhile.
 */
export const gracePeriod = wholeNumber(0, 60);
export const count = wholeNumber(0, 1000);
export const copies = wholeNumber(0, 20);
export const userId = wholeNumber(1, 2 ** 31 - 1);
export const groupId = wholeNumber(0, 2 ** 31 - 1);
export const fileMode = wholeNumber(0, 0o777);
export const onlyFalse = oneOf([false]);
export const onlyTrue = oneOf([true]);

export const countOrPercent = byType<number | string>({
  number: count,
  text: text({ pattern: /^\d{1,3}%$/, longest: 4, says: 'a percentage such as 25%' }),
});

/** Kubernetes takes a number as well as a text for every quantity. */
export const quantity = byType<number | string>({
  number: {
    says: 'a number that is not negative',
    read: (value, scope) => (typeof value === 'number' && value >= 0 ? value : scope.refuse('must not be negative')),
  },
  text: text({
    pattern: /^\d{1,15}(\.\d{1,9})?(m|k|M|G|T|Ki|Mi|Gi|Ti)?$/,
    longest: 30,
    says: 'a quantity such as 100m, 0.5 or 64Mi',
  }),
});

/** An amount of bytes as it was written, up to a largest one. */
export function bytes(most: string): Form<number | string> {
  const largest = parseBytes(most) ?? 0;
  const says = `an amount of bytes such as 64Mi, at most ${most}`;
  return {
    says,
    read(value, scope) {
      const isWritten = typeof value === 'string' || typeof value === 'number';
      const amount = isWritten ? parseBytes(String(value)) : undefined;
      if (!isWritten || amount === undefined || amount > largest) return scope.refuse(`must be ${says}`);
      return value;
    },
  };
}

/** A map as it is written again. */
export function record<T>(name: Form<string>, item: Form<T>, most: number): Form<Readonly<Record<string, T>>> {
  return readAs(mapOf(name, item, most), (read) => Object.fromEntries(read));
}

export const words = listOf(anyText, 256);
