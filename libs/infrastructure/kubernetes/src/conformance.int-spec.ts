import { describeInfrastructureTarget } from '@nalabo/infrastructure-port/conformance';
import { describeOnCluster } from './testing/describe-on-cluster.js';
import { kubernetesHarness } from './testing/kubernetes-harness.js';

describeOnCluster('sessions on Kubernetes', process.env, (cluster) => {
  describeInfrastructureTarget(
    'the Kubernetes target, in a namespace,',
    () => kubernetesHarness(cluster, 'namespace'),
    {
      groupsAtOnce: true,
    },
  );
  describeInfrastructureTarget(
    'the Kubernetes target, with a virtual cluster,',
    () => kubernetesHarness(cluster, 'vcluster'),
    {
      groupsAtOnce: true,
    },
  );
});
