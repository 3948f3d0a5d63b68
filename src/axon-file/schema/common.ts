import { dictionary, list, may, must, Read, section, unsupported } from './section';
import { flag, text } from './shape';

/** One key of a Secret. */
export const secretKey = section('a reference to a Secret', {
  name: must(text(), 'The name of the Secret.'),
  key: must(text(), 'The key inside it.'),
});
export type SecretKeyKeys = Read<typeof secretKey>;

/** A service account, in the terms of Helm charts. */
export const serviceAccount = section('a service account', {
  name: must(text(), 'The name of the account.'),
  create: must(flag(), 'Whether the axon creates the account. With false it exists already.'),
});
export type ServiceAccountKeys = Read<typeof serviceAccount>;

export const environment = list('a variable', section('a variable', {
  name: must(text(), 'The name of the variable.'),
  value: may(text(), 'Its value. It may hold {{workflow.parameters.NAME}}.'),
  valueFrom: unsupported("write a value, or name a Secret in 'secretEnv'"),
}));

export const secretEnvironment = list('a variable', section('a variable', {
  name: must(text(), 'The name of the variable.'),
  secret: must(secretKey, 'Where its value is.'),
}));

export const resources = section('resources', {
  requests: may(dictionary(text()), 'What the scheduler sets aside, by resource.'),
  limits: may(dictionary(text()), 'What the container may not exceed, by resource.'),
});
