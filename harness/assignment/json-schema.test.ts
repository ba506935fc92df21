import { expect, test } from "vitest";
import { assignmentJsonSchema } from "./json-schema.ts";

test("assignment.schema.json is up to date (mend with: npx vitest run harness/assignment -u)", async () => {
  const json = `${JSON.stringify(assignmentJsonSchema(), null, 2)}\n`;
  await expect(json).toMatchFileSnapshot("../../assignment.schema.json");
});

test("unknown keys are refused and the ways to pass an address are listed", () => {
  const schema = assignmentJsonSchema();
  expect(schema.additionalProperties).toBe(false);
  expect(JSON.stringify(schema)).toContain('"enum":["fixed","argv","flags","env","stdin"]');
});
