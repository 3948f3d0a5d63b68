#!/usr/bin/env node
// Looks up every relative link and picture of the Markdown pages: the file must be there, and the heading too where one is named.
// usage: node scripts/docs/check-links.mjs      exit 1 with file:line of each that leads nowhere
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { filesUnder } from '../lib/digest.mjs';
import { ROOT } from '../lib/run.mjs';

const PAGES = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'contract', 'docs', 'examples'];

/** Checks the links of all pages. */
export function checkLinks() {
  const pages = PAGES.flatMap(filesUnder).filter(file => file.endsWith('.md'));
  const links = pages.flatMap(linksOf);
  const broken = links.filter(({ page, target }) => !leadsSomewhere(page, target)).map(({ page, line, target }) => `${page}:${line}: '${target}' leads nowhere`);
  if (links.length === 0) broken.push('no link found');
  if (broken.length > 0) throw Object.assign(new Error(`broken links: ${broken.length}`), { output: broken.join('\n') });
  return { note: `${links.length} links` };
}

function linksOf(page) {
  let fenced = false;
  return readFileSync(join(ROOT, page), 'utf8').split('\n').flatMap((text, index) => {
    if (text.startsWith('```')) fenced = !fenced;
    if (fenced) return [];
    return [...text.replace(/`[^`]*`/g, '').matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => ({ page, line: index + 1, target })).filter(({ target }) => !/^[a-z]+:/.test(target));
  });
}

function leadsSomewhere(page, target) {
  const [path, heading] = target.split('#');
  const file = path === '' ? page : join(dirname(page), path);
  if (!existsSync(join(ROOT, file))) return false;
  return heading === undefined || readFileSync(join(ROOT, file), 'utf8').split('\n').some(line => /^#+ /.test(line) && anchor(line) === heading);
}

/** The name that a heading gets on the common code hosts. */
function anchor(heading) {
  return heading.replace(/^#+ /, '').toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-');
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    console.log(checkLinks().note);
  } catch (error) {
    console.error(error.output ?? error);
    process.exitCode = 1;
  }
}
