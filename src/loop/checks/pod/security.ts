import { relativePathProblem } from '../../../validate/path';
import { Finding, found, foundBy, missing, notOneOf } from './finding';

/** A security context in Kubernetes' own format. */
export interface SecurityContext {
  readonly runAsUser?: number;
  readonly runAsGroup?: number;
  readonly fsGroup?: number;
  readonly supplementalGroups?: readonly number[];
  readonly runAsNonRoot?: boolean;
  readonly fsGroupChangePolicy?: string;
  readonly seccompProfile?: { readonly type?: string; readonly localhostProfile?: string };
  readonly seLinuxOptions?: { readonly type?: string; readonly user?: string; readonly role?: string };
  readonly sysctls?: readonly { readonly name?: string }[];
  readonly windowsOptions?: unknown;
}

const SELINUX_TYPES = ['container_t', 'container_init_t', 'container_kvm_t', 'container_engine_t'];

/** The kernel parameters that Pod Security `baseline` and `restricted` admit. */
const SYSCTLS = [
  'kernel.shm_rmid_forced', 'net.ipv4.ip_local_port_range', 'net.ipv4.ip_local_reserved_ports', 'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ping_group_range', 'net.ipv4.tcp_fin_timeout', 'net.ipv4.tcp_keepalive_intvl', 'net.ipv4.tcp_keepalive_probes', 'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_syncookies',
];

/** Checks that a security context stays within Pod Security `restricted`. */
export function securityFindings(at: string, context: SecurityContext): Finding[] {
  const {
    runAsUser, runAsNonRoot, fsGroupChangePolicy, seccompProfile, seLinuxOptions, sysctls = [], supplementalGroups = [], windowsOptions,
  } = context;
  return [
    ...(runAsUser === 0 ? [found(`${at}.runAsUser`, 0, 'restricted', 'is root, which Pod Security \'restricted\' rejects', 'choose another user, as 1000')] : []),
    ...(runAsNonRoot === false
      ? [found(`${at}.runAsNonRoot`, false, 'restricted', 'allows root, which Pod Security \'restricted\' rejects', 'remove it')] : []),
    ...(['runAsUser', 'runAsGroup', 'fsGroup'] as const).flatMap((field) => idFindings(`${at}.${field}`, context[field])),
    ...supplementalGroups.flatMap((group, index) => idFindings(`${at}.supplementalGroups[${index}]`, group)),
    ...notOneOf(`${at}.fsGroupChangePolicy`, fsGroupChangePolicy, ['OnRootMismatch', 'Always']),
    ...(seccompProfile === undefined ? [] : seccompFindings(`${at}.seccompProfile`, seccompProfile)),
    ...(seLinuxOptions === undefined ? [] : seLinuxFindings(`${at}.seLinuxOptions`, seLinuxOptions)),
    ...sysctls.flatMap(({ name }, index) => [
      ...notOneOf(`${at}.sysctls[${index}].name`, name, SYSCTLS, 'remove it'),
      ...(sysctls.findIndex((other) => other.name === name) < index
        ? [found(`${at}.sysctls[${index}].name`, name, 'duplicate', 'is set twice', 'remove one of them')] : []),
    ]),
    ...(windowsOptions === undefined ? [] : [found(`${at}.windowsOptions`, windowsOptions, 'unused', 'has no effect, because pods run on Linux', 'remove it')]),
  ];
}

function idFindings(at: string, id: number | undefined): Finding[] {
  return id === undefined || (Number.isInteger(id) && id >= 0 && id < 2 ** 31) ? []
    : [found(at, id, 'out-of-range', 'must be a whole number from 0 to 2147483647', 'choose another number')];
}

function seccompFindings(at: string, { type, localhostProfile }: NonNullable<SecurityContext['seccompProfile']>): Finding[] {
  return [
    ...missing(`${at}.type`, type, "write 'RuntimeDefault'"),
    ...notOneOf(`${at}.type`, type, ['RuntimeDefault', 'Localhost']),
    ...(type === 'Localhost' ? missing(`${at}.localhostProfile`, localhostProfile, 'name the file of the profile on the node') : []),
    ...(type === 'Localhost' && localhostProfile ? foundBy(`${at}.localhostProfile`, localhostProfile, relativePathProblem(localhostProfile)) : []),
    ...(type === 'RuntimeDefault' && localhostProfile !== undefined
      ? [found(`${at}.localhostProfile`, localhostProfile, 'unused', "counts only beside the type 'Localhost'", 'remove it')] : []),
  ];
}

function seLinuxFindings(at: string, options: NonNullable<SecurityContext['seLinuxOptions']>): Finding[] {
  return [
    ...notOneOf(`${at}.type`, options.type === '' ? undefined : options.type, SELINUX_TYPES),
    ...(['user', 'role'] as const).flatMap((field) => (options[field] === undefined || options[field] === '' ? []
      : [found(`${at}.${field}`, options[field], 'restricted', "is set, which Pod Security 'restricted' rejects", 'remove it')])),
  ];
}
