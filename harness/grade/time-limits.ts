/** Far above what a submission takes that answers at once, on a busy machine. What is left then cannot be told. */
export const GRADING_MS = 240_000;
/** What has given no answer by then hangs, or tries to. */
export const LIMIT_MS = GRADING_MS + 60_000;
