import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import { basename, delimiter, join } from 'node:path';
import type { Objects } from '../controller.js';
import type { ResolvedImage } from '../images/images.js';
import type { Launch } from './container-process.js';
import { containerVariables, expanded, machineEnvironment } from './environment.js';
import { rewritten } from './path-rewriting.js';
import type { PodFolder } from './pod-folder.js';
import type { Container, Pod } from './pod.js';
import type { ShortPaths } from './short-paths.js';
import { mountFolders, type VolumeFolders } from './volumes.js';

/** Names of the environment that say which cluster and pod a process belongs to. */
export const STATE_VARIABLE = 'MYELIN_POCKET_STATE';
export const POD_VARIABLE = 'MYELIN_POCKET_POD';

/** The API of the cluster, as containers reach it. */
export interface KubeApi {
  readonly url: string;
  /** A token that may do what the account may. */
  token(namespace: string, account: string): string;
}

/** All that the start of a container depends on. */
export interface LaunchContext {
  readonly pod: Pod;
  readonly container: Container;
  readonly image: ResolvedImage;
  /** Where the container's file system lies: a copy of the image's root, or that itself. */
  readonly root: string;
  readonly volumes: VolumeFolders;
  readonly folder: PodFolder;
  readonly ports: Readonly<Record<string, number>>;
  readonly objects: Objects;
  readonly paths: ShortPaths;
  readonly stateDir: string;
  readonly kubeApi: KubeApi;
  readonly serviceProxy: string;
  readonly machine: NodeJS.ProcessEnv;
}

/** What to start for a container. Programs of the runtime are told where mounts lie; all others get texts with the paths already put right. */
export function launchOf(context: LaunchContext): Launch {
  const { container, image, folder } = context;
  const mounts = hostMounts(context);
  const root = context.paths.plain(context.root);
  const put = image.runtime ? (text: string) => text : (text: string) => rewritten(text, { mounts, root, exists: existsSync });
  const env = environment(context, mounts, put);
  const words = commandLine(container, image).map((word) => put(expanded(word, (name) => env[name])));
  if (words.length === 0) {
    throw new Error(`container '${container.name}' has no command and its image '${container.image}' none either, give 'command' or an ENTRYPOINT`);
  }
  const workdir = container.workingDir === undefined ? undefined : expanded(container.workingDir, (name) => env[name]);
  const cwd = image.runtime ? folder.path : workingFolder(workdir ?? image.workdir, root, put);
  // As container engines do; but nothing is added to an image that others share.
  if (context.root !== image.root && cwd.startsWith(root)) mkdirSync(cwd, { recursive: true });
  if (!statSync(cwd, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Error(`working directory '${workdir ?? image.workdir}' of container '${container.name}' is not in its image '${container.image}'`);
  }
  return { file: program(words[0]!, env.PATH), args: words.slice(1), cwd, env };
}

/** Where what is mounted into a container lies, by mount path, under names that scripts and sockets can bear. */
function hostMounts({ container, pod, volumes, folder, paths }: LaunchContext): Record<string, string> {
  const scratch = new Set((pod.spec.volumes ?? []).filter(({ emptyDir }) => emptyDir !== undefined).map(({ name }) => volumes[name]));
  const mounts = Object.entries(mountFolders(container, volumes))
    .map(([mount, place]) => [mount, scratch.has(place) ? paths.short(place) : paths.plain(place)]);
  return {
    [container.terminationMessagePath ?? '/dev/termination-log']: paths.plain(folder.message(container.name)),
    ...Object.fromEntries(mounts),
  };
}

function environment(context: LaunchContext, mounts: Record<string, string>, put: (text: string) => string): Record<string, string> {
  const { container, pod, image, folder, ports, objects, stateDir, kubeApi, serviceProxy, machine } = context;
  const { namespace = 'default', name, uid } = pod.metadata;
  const { PATH: imagePath, ...imageEnv } = image.env;
  const { PATH: machinePath = '', ...passed } = machineEnvironment(machine);
  const env: Record<string, string> = { ...passed, HOME: homeOf(folder) };
  for (const [key, value] of Object.entries(imageEnv)) env[key] = put(value);
  env.PATH = [...image.path, ...imagePath === undefined ? [] : [put(imagePath)], machinePath].join(delimiter);
  for (const [key, { value, secret }] of containerVariables(container, pod, objects)) env[key] = secret ? value : put(value);
  env[STATE_VARIABLE] = stateDir;
  env[POD_VARIABLE] = `${namespace}/${name}-${uid!.slice(0, 8)}`;
  env.MYELIN_PORTS = JSON.stringify(ports);
  env.MYELIN_SERVICE_PROXY = serviceProxy;
  env.MYELIN_KUBE_API = kubeApi.url;
  if (image.runtime) {
    env.MYELIN_MOUNTS = JSON.stringify(mounts);
    env.MYELIN_KUBE_TOKEN = kubeApi.token(namespace, pod.spec.serviceAccountName ?? 'default');
    // Those who send requests to a server on this machine learn within milliseconds that it leaves.
    env.MYELIN_DRAIN_SECONDS ??= '1';
  }
  return env;
}

/** A home for what insists on one; not the user's, where a container has no business. */
function homeOf(folder: PodFolder): string {
  mkdirSync(folder.home(), { recursive: true });
  return folder.home();
}

function commandLine(container: Container, image: ResolvedImage): string[] {
  const { command, args } = container;
  const words = command?.length ? [...command, ...args ?? []] : [...image.entrypoint, ...args ?? image.cmd];
  // In the image a link on its PATH leads to the program.
  return image.runtime && command?.[0] === 'myelin-runtime' ? [...image.entrypoint, ...words.slice(1)] : words;
}

function workingFolder(workdir: string, root: string, put: (text: string) => string): string {
  const place = put(workdir);
  return place === workdir ? join(root, workdir) : place;
}

/** The program itself, or for one at a place that only the image's own system has (`/usr/bin/python3`) the one of that name here. */
function program(word: string, path: string | undefined): string {
  if (!word.startsWith('/') || existsSync(word)) return word;
  const here = (path ?? '').split(delimiter).map((folder) => join(folder, basename(word))).find(isExecutable);
  return here ?? word;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
