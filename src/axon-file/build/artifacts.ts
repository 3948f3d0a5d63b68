import { SecretValue } from 'cdk8s-plus-27';
import { requireValid } from '../../problem/error';
import { Source } from '../../source/source';
import { configKeyProblem, dnsSubdomainProblem } from '../../validate/dns';
import { Report } from '../report';
import { ArtifactKeys, GitKeys, S3Keys } from '../schema/axon-shape';
import { SecretKeyKeys } from '../schema/common';
import { attempt } from './attempt';
import { Builder } from './builder';
import { existing } from './values';

/** Makes the sources of an axon's artifacts. */
export function buildArtifacts(artifacts: ArtifactKeys[], { artifacts: names, report }: Builder): void {
  for (const artifact of artifacts) {
    const source = sourceOf(artifact, report);
    if (artifact.name !== undefined) {
      names.add(artifact.name, { source });
    }
  }
}

function sourceOf({ git, s3, path, $ }: ArtifactKeys, report: Report): Source | undefined {
  if ($.has('git') === $.has('s3')) {
    report.error($.place, 'exclusive', 'artifact', $.has('git') ? 'git and s3' : 'nothing', "must be exactly one of 'git' and 's3'", $.has('git') ? 'remove one' : 'add one');
    return undefined;
  }
  return path && (git ? gitSource(git, path.value, report, $) : s3 && s3Source(s3, path.value, report, $));
}

function gitSource(git: GitKeys, path: string, report: Report, keys: ArtifactKeys['$']): Source | undefined {
  const { repo, revision, sshPrivateKeySecret } = git;
  const sshKey = sshPrivateKeySecret && secretValue(sshPrivateKeySecret, report);
  return repo && attempt(report, { keys, words: { repository: 'git.repo', revision: 'git.revision' } }, () => Source.git({
    repository: repo.value, revision: revision?.value, path, sshKey,
  }));
}

function s3Source(s3: S3Keys, path: string, report: Report, keys: ArtifactKeys['$']): Source | undefined {
  const { endpoint, bucket, key } = s3;
  const secrets = {
    accessKey: s3.accessKeySecret && secretValue(s3.accessKeySecret, report),
    secretKey: s3.secretKeySecret && secretValue(s3.secretKeySecret, report),
  };
  return endpoint && bucket && key && attempt(report, { keys, words: { endpoint: 's3.endpoint', bucket: 's3.bucket', key: 's3.key' } }, () => Source.s3({
    endpoint: endpoint.value, bucket: bucket.value, key: key.value, path, ...secrets,
  }));
}

/** A reference to a Secret. */
export function secretValue({ name, key, $ }: SecretKeyKeys, report: Report): SecretValue | undefined {
  return name && key && attempt(report, { keys: $, words: {} }, () => {
    requireValid('name', name.value, dnsSubdomainProblem(name.value));
    requireValid('key', key.value, configKeyProblem(key.value));
    return { secret: existing(name.value), key: key.value };
  });
}
