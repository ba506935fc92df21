import * as z from "zod";
import { assignmentFile } from "./schema.ts";

/** The JSON Schema (draft 7, which YAML editors understand best) of an assignment file. */
export function assignmentJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(assignmentFile, { io: "input", target: "draft-7" }) };
}
