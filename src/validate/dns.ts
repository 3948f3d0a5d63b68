import { phrase } from '../problem/phrase';
import { detail, ProblemDetail } from '../problem/problem';

const LABEL = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;
const QUALIFIED = /^[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?$/;

/** An RFC 1123 label: the name of a namespace, a container, a port, and of every object whose name becomes a label or a host. */
export function dnsLabelProblem(name: string, longest = 63): ProblemDetail | undefined {
  return lengthProblem(name, longest) ?? shapeProblem(name, LABEL, "letters a-z, digits and '-'", /[^-a-z0-9]/g);
}

/** An RFC 1123 subdomain: the name of most objects, and of Secrets and ConfigMaps that are referred to. */
export function dnsSubdomainProblem(name: string): ProblemDetail | undefined {
  return lengthProblem(name, 253) ?? shapeProblem(name, SUBDOMAIN, "letters a-z, digits, '-' and '.'", /[^-a-z0-9.]/g);
}

/** The value of a label; it may be empty. */
export function labelValueProblem(value: string): ProblemDetail | undefined {
  if (value === '') {
    return undefined;
  }
  return lengthProblem(value, 63) ?? qualifiedProblem(value);
}

/** The key of a label or annotation: a name of at most 63, with a domain and `/` before it if wanted. */
export function labelKeyProblem(key: string): ProblemDetail | undefined {
  const slash = key.indexOf('/');
  if (slash >= 0) {
    const prefix = dnsSubdomainProblem(key.slice(0, slash));
    if (prefix !== undefined) {
      return detail(prefix.code, phrase`has the prefix '${key.slice(0, slash)}', which ${prefix.rule}`, prefix.remedy);
    }
  }
  const name = key.slice(slash + 1);
  return lengthProblem(name, 63) ?? qualifiedProblem(name);
}

/** The key of a ConfigMap or Secret, which becomes a file's name. */
export function configKeyProblem(key: string): ProblemDetail | undefined {
  const length = lengthProblem(key, 253);
  if (length !== undefined) {
    return length;
  }
  if (key === '.' || key.startsWith('..')) {
    return detail('name-format', "must not be '.' or begin with '..'", 'rename it');
  }
  return /^[-._A-Za-z0-9]+$/.test(key)
    ? undefined
    : detail('name-format', "must consist of letters, digits, '-', '_' and '.'", `use '${key.replace(/[^-._A-Za-z0-9]+/g, '-')}'`);
}

function lengthProblem(name: string, longest: number): ProblemDetail | undefined {
  if (name === '') {
    return detail('empty', 'must not be empty', 'give it a name');
  }
  return name.length > longest ? detail('too-long', `has ${name.length} characters of at most ${longest}`, 'shorten it') : undefined;
}

function shapeProblem(name: string, shape: RegExp, allowed: string, foreign: RegExp): ProblemDetail | undefined {
  if (shape.test(name)) {
    return undefined;
  }
  const usable = name.replace(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase().replace(foreign, '-').replace(/\.+/g, '.').replace(/-*\.-*/g, '.').replace(/^[-.]+|[-.]+$/g, '');
  return detail('name-format', `must consist of ${allowed}, and begin and end with a letter or digit`, usable === '' ? 'choose another name' : `use '${usable}'`);
}

function qualifiedProblem(value: string): ProblemDetail | undefined {
  return QUALIFIED.test(value)
    ? undefined
    : detail('name-format', "must consist of letters, digits, '-', '_' and '.', and begin and end with a letter or digit", 'rename it, or write it into an annotation');
}
