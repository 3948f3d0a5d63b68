import { PlatformObjectsData } from '../loop/platform';
import { pushgatewayDeployment } from './deployment';
import { eventBus } from './event-bus';
import { gateways } from './gateway';
import { bootstrapAccount, bootstrapJob } from './job';
import { byKindAndName, Manifest } from './manifest';
import { rbac } from './rbac';
import { pushgatewayService } from './service';
import { pushgatewayMonitor } from './service-monitor';

/** Every object of a platform, in the order in which they must be applied. */
export function platformManifests(data: PlatformObjectsData): Manifest[] {
  const { namespace, platform } = data;
  return [
    ...rbac([bootstrapAccount(data)], namespace),
    eventBus(data),
    bootstrapJob(data),
    ...gateways(data),
    ...(data.runPushgateway ? [pushgatewayDeployment(data), pushgatewayService(namespace), pushgatewayMonitor(namespace, platform)] : []),
  ].sort(byKindAndName);
}
