import { join } from "node:path";
import type { SubmissionResult } from "../grade/result.ts";
import { diagrams } from "../report/diagrams.ts";
import type { Language } from "../text.ts";
import { writeWhole } from "./output.ts";

/** Writes a picture of each failure into a folder. */
export async function writeDiagrams(folder: string, result: SubmissionResult, language: Language): Promise<void> {
  for (const [name, svg] of diagrams(result, language)) await writeWhole(join(folder, name), svg);
}
