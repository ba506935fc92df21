export interface Limits {
  readonly bytes: number;
  /** Files, folders and all else. */
  readonly entries: number;
}

/** An archive that unpacks to more is no homework; the same as for a folder, see `stage.ts`. */
export const LIMITS: Limits = { bytes: 256 * 1024 * 1024, entries: 20_000 };
