import type { CrossCheck, RuleGroup } from '../rules/value-rule.js';
import type { ComposeContext } from './compose-context.js';
import type { ComposeFacts } from './compose-facts.js';
import type { ComposeModel, ComposeService } from './compose-model.js';
import { mountChecks } from './mount-checks.js';
import { limitNames } from './share-limits.js';
import { startOrder } from './start-order.js';
import { defaultNetwork } from './to-model.js';
import { inService } from './wrap-examples.js';

type Check = CrossCheck<ComposeFacts, ComposeContext>;

/** What a file in which other things are wrong may say, too: so that all of them are told at once. */
export interface NamedImages {
  readonly model: { readonly services: readonly Pick<ComposeService, 'name' | 'image'>[] };
}

const imageAllowed: CrossCheck<NamedImages, Pick<ComposeContext, 'images'>> = {
  id: 'compose.image-allowed',
  message: 'is no image that may be used here',
  hint: 'Use an image of the list, written exactly as there.',
  examples: { accepted: 'image: nginx:alpine', refused: 'image: docker.io/library/nginx:alpine' },
  find: ({ model }, { images }) =>
    model.services
      .filter(({ image }) => !images.includes(image))
      .map(({ name }) => ({
        path: ['services', name, 'image'],
        message: `is no image that may be used here: ${images.join(', ') || 'none is'}`,
      })),
};

const networkDeclared: Check = {
  id: 'compose.network-declared',
  message: 'names a network that the file does not have',
  hint: 'Add its name under networks: at the end of the file.',
  examples: { accepted: 'networks: [front, default]', refused: 'networks: [elsewhere]' },
  find: ({ model, file }) => {
    const declared = new Set([...(file.networks ?? []), defaultNetwork]);
    return model.services.flatMap((service) =>
      service.networks
        .filter(({ name }) => !declared.has(name))
        .map(({ name }) => ({ path: ['services', service.name, 'networks', name] })),
    );
  },
};

const dependencyKnown: Check = {
  id: 'compose.dependency-known',
  message: 'names a service that the file does not have',
  hint: 'Name a service of this file.',
  examples: { accepted: 'depends_on: [other]', refused: 'depends_on: [elsewhere]' },
  find: ({ model }) => {
    const known = new Set(model.services.map(({ name }) => name));
    return dependencies(model)
      .filter(({ service }) => !known.has(service))
      .map(({ path }) => ({ path }));
  },
};

const noCircle: Check = {
  id: 'compose.dependency-circle',
  message: 'waits for a circle of services, of which none can be the first',
  hint: 'Leave out one of the dependencies of the circle.',
  examples: { accepted: 'depends_on: [other]', refused: 'depends_on: [web]' },
  find: ({ model: { services } }) => {
    const startable = new Set(startOrder(services));
    const waiting = services.filter((service) => !startable.has(service));
    return waiting.map(({ name }) => ({ path: ['services', name, 'depends_on'] }));
  },
};

const healthKnown: Check = {
  id: 'compose.health-known',
  message: 'waits for the health of a service that has no health check',
  hint: 'Give that service a healthcheck, or wait for service_started.',
  examples: {
    accepted: 'depends_on: { other: { condition: service_completed_successfully } }',
    refused: 'depends_on: { other: { condition: service_healthy } }',
  },
  find: ({ model }) => {
    const unchecked = new Set(model.services.filter((one) => one.healthcheck === null).map(({ name }) => name));
    return dependencies(model)
      .filter(({ service, condition }) => condition === 'healthy' && unchecked.has(service))
      .map(({ path }) => ({ path }));
  },
};

const sumOfLimits: Check = {
  id: 'compose.sum-of-limits',
  message: 'asks for more than the session has left',
  hint: 'Lower the limits, or use fewer services.',
  examples: { accepted: 'mem_limit: 64m', refused: 'mem_limit: 64g' },
  find: ({ model }, { resources }) =>
    limitNames.flatMap((name) => {
      const sum = model.services.reduce((before, { limits }) => before + limits[name], 0);
      if (sum <= resources[name]) return [];
      const message = `asks for ${sum} ${units[name]} altogether, and the session has ${resources[name]} left`;
      return [{ path: ['services'], message }];
    }),
};

const units = { cpuMillis: 'thousandths of a processor', memoryBytes: 'bytes of memory', processes: 'processes' };

/** Those of the checks that need nothing but the names of services and images. */
export const imageChecks: Pick<RuleGroup<typeof imageAllowed>, 'rules'> = { rules: [imageAllowed] };

export const crossChecks: RuleGroup<Check> = {
  title: 'what has to agree in a Compose file',
  rules: [imageAllowed, networkDeclared, dependencyKnown, noCircle, healthKnown, sumOfLimits, ...mountChecks],
  wrap: inService,
};

function dependencies({ services }: ComposeModel) {
  return services.flatMap(({ name, dependsOn }) =>
    dependsOn.map((one) => ({ ...one, path: ['services', name, 'depends_on', one.service] })),
  );
}
