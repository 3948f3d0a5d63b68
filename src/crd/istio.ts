import { Labels } from './kube';

/*
 * networking.istio.io/v1 Gateway and VirtualService: only the static half. DestinationRules and the
 * delegate VirtualService belong to the runtime.
 * @see https://istio.io/latest/docs/reference/config/networking/
 */

export interface IstioGatewaySpec {
  readonly selector: Labels;
  readonly servers: { readonly port: { readonly number: number; readonly name: string; readonly protocol: string }; readonly hosts: string[] }[];
}

export interface IstioVirtualServiceSpec {
  readonly hosts: string[];
  readonly gateways: string[];
  readonly http: {
    readonly name: string;
    readonly match: { readonly uri: { readonly exact?: string; readonly prefix?: string } }[];
    readonly delegate: { readonly name: string; readonly namespace: string };
  }[];
}
