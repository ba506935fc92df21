import { createRequire } from "node:module";
import type { Builder, TestCase } from "junit-report-builder";
import { harmless } from "./harmless.ts";

/**
 * What `junit-report-builder` leaves out: `line`, a message on `<skipped>`, and `<flakyFailure>`. They are added to the
 * element that its test case builds.
 */
export interface Extras {
  readonly line?: number;
  readonly skipped?: { readonly message: string; readonly body: string };
  readonly flaky?: readonly { readonly message: string; readonly type: string; readonly body: string }[];
}

// The package's types describe its ES build, Node loads its CommonJS one: there `module.exports` is the builder itself.
const builder: Builder = createRequire(import.meta.url)("junit-report-builder");

export function newReport(): Builder {
  return builder.newBuilder();
}

export function extend(testCase: TestCase, { line, skipped, flaky = [] }: Extras): void {
  const build = testCase.build.bind(testCase);
  if (skipped) testCase.getSkippedCount = () => 1;
  testCase.build = (parent) => {
    const element = build(parent);
    if (line !== undefined) element.att("line", line);
    if (skipped) element.ele("skipped", { message: skipped.message }).cdata(skipped.body);
    for (const { message, type, body } of flaky) element.ele("flakyFailure", { message, type }).cdata(body);
    return element;
  };
}

/** Text for a body: lines stay, and it cannot end the CDATA section that holds it (the builder mends only the first). */
export function bodyText(lines: readonly string[]): string {
  return lines.map((line) => cdata(harmless(line))).join("\n");
}

function cdata(text: string): string {
  return text.replaceAll("]]>", "]]\\x3e");
}
