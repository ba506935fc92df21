/** Gema's own files are found by their path in `harness/`: what is built is moved together, and not where it was. */
const HARNESS = import.meta.url.slice(0, import.meta.url.lastIndexOf("/harness/") + "/harness/".length);

export function ownFile(path: string): URL {
  return new URL(path, HARNESS);
}
