import fc from "fast-check";
import stringWidth from "string-width";
import { describe, expect, test } from "vitest";
import {
  ADVICE,
  ALL_SAMPLES,
  advised,
  check,
  crashed,
  failing,
  flaky,
  hostile,
  nothingHandedIn,
  passing,
  same,
  singleRecv,
  traced,
  unexplained,
  warned,
} from "../grade/sample-results.test-helper.ts";
import { renderClassTable, renderLine } from "./class-table.ts";
import { renderSubmission } from "./terminal.ts";

const plain = { language: "en", width: 80, color: false } as const;
const samples = ALL_SAMPLES.map((sample) => [sample.name, sample] as const);

/** Commands to copy may be wider: cutting them would break them. */
function isCommand(line: string): boolean {
  return /^ +(python3|printf|nc|gema|head|--only|[a-z0-9]+ = |[a-z0-9]+\.|\[time|print)/.test(line);
}

describe("renderSubmission", () => {
  test("begins with the mistake that matters, and ends with how to see it again", () => {
    const lines = renderSubmission(failing(), plain).trimEnd().split("\n");
    expect(lines.slice(0, 2).join(" ")).toBe(`✗ ${singleRecv.title.en.replace("after the", "after   the")}`);
    expect(lines.slice(-3)).toEqual([
      "40 of 100 points · seed 42 · not isolated",
      "To run this check alone:",
      "  gema check submissions/budi --only tcp-server/keeps-the-connection --seed 42",
    ]);
  });

  test("shows the line at fault, and the calls beside the conversation, where they were traced", () => {
    const text = renderSubmission(traced(), plain);
    expect(text).toMatch(/^✗ .*\n {2}.*\n {2}line: server\.py:14\n/);
    expect(text).toContain("\n  line      server.py:14\n");
    expect(text).toContain("server.py:14 recv(65535) -> 9 bytes");
    expect(text).toContain("server.py:12 accept() waits");
    expect(renderSubmission(traced(), { ...plain, language: "id" })).toContain("server.py:12 accept() menunggu");
    expect(renderSubmission(failing(), plain)).not.toContain("server.py:1");
  });

  test("names the assignment in the command when it is not the usual one", () => {
    const lines = renderSubmission(failing(), { ...plain, assignment: "my tasks/echo.yaml" })
      .trimEnd()
      .split("\n");
    expect(lines.slice(-2)).toEqual([
      "  gema check submissions/budi --assignment 'my tasks/echo.yaml' \\",
      "    --only tcp-server/keeps-the-connection --seed 42",
    ]);
  });

  test("says which program is missing where the others are well", () => {
    const half = { ...passing(), verdict: "fail" as const, missing: ["tcp-client" as const] };
    expect(renderSubmission(half, plain).split("\n")[0]).toBe("✗ Not everything was handed in. Missing: tcp-client.");
  });

  test("says which program is missing below a mistake in the others", () => {
    const text = renderSubmission({ ...failing(), missing: ["tcp-client"] }, plain);
    expect(text).not.toMatch(/^✗ Not everything/);
    expect(text).toContain("\n  note: Not everything was handed in. Missing: tcp-client.\n");
  });

  test("without a named mistake begins with what was seen first", () => {
    expect(renderSubmission(unexplained(), plain)).toMatch(/^✗ only the first message came back/);
    expect(renderSubmission(crashed(), plain)).toMatch(/^✗ the program ended with code 1 before it listened\n/);
    expect(renderSubmission(nothingHandedIn(), plain)).toMatch(/^✗ No server was found in the submission\.\n/);
  });

  test("speaks Indonesian throughout", () => {
    const text = renderSubmission(failing(), { ...plain, language: "id" });
    for (const word of [
      "gagal",
      "harusnya",
      "ternyata",
      "sebab",
      "Percakapannya",
      "sunyi (terbukti)",
      "40 dari 100 poin",
    ]) {
      expect(text).toContain(word);
    }
    expect(text).not.toMatch(/\b(failed|expected|observed|silent|points)\b/);
  });

  test("folds what passed, and unfolds it when verbose", () => {
    expect(renderSubmission(passing(), plain)).not.toContain("passed: Sends a message back");
    expect(renderSubmission(passing(), { ...plain, verbose: true })).toContain("✓ passed: Sends a message back");
  });

  test("shows what this machine cannot try, with the reason, beside what is folded", () => {
    const one = passing();
    const reason = same("It needs a network.");
    const skipped = check("tcp-server/sends-all", same("Sends all"), { verdict: "skipped", attempts: [], reason });
    const requirements = one.requirements.map((requirement) => ({
      ...requirement,
      checks: [...requirement.checks, { ...skipped, excused: true as const }],
    }));
    const text = renderSubmission({ ...one, requirements }, plain);
    expect(text).toContain("    - skipped: Sends all\n      It needs a network.\n");
    expect(text).not.toContain("passed: Sends a message back");
  });

  test("counts what was skipped for the same reason, and lists it when verbose", () => {
    const one = passing();
    const skipped = ["Sends all", "Sends late"].map((title) =>
      check("tcp-server/sends-all", same(title), {
        verdict: "skipped",
        attempts: [],
        reason: same("It needs a network."),
      }),
    );
    const requirements = one.requirements.map((requirement) => ({
      ...requirement,
      verdict: "skipped" as const,
      checks: [...requirement.checks, ...skipped],
    }));
    const text = renderSubmission({ ...one, requirements }, plain);
    expect(text).toContain("    - skipped: 2 checks\n      It needs a network.\n");
    expect(text).not.toContain("Sends all");
    const all = renderSubmission({ ...one, requirements }, { ...plain, verbose: true });
    expect(all).toContain("skipped: Sends all\n      It needs a network.\n    - skipped: Sends late\n");
  });

  test("tells one failure for each mistake, and names the others that it explains", () => {
    const text = renderSubmission(failing(), plain);
    expect(text.match(/^ {2}To see it by hand/gm)).toHaveLength(1);
    expect(text).toContain("same cause: echoes-a-split-message (--verbose)");
    expect(renderSubmission(failing(), { ...plain, verbose: true }).match(/^ {2}To see it by hand/gm)).toHaveLength(2);
  });

  test("shows expected, observed, bytes, conversation, last words and a command for each failed check", () => {
    const block =
      renderSubmission(failing(), { ...plain, verbose: true })
        .split("✗ failed: Echoes a message that arrives in pieces")
        .at(-1) ?? "";
    for (const part of ["expected  ", "observed  ", "^^ nothing more came", "gema A", "| OSError: x", "python3 -c"]) {
      expect(block).toContain(part);
    }
  });

  test("a warning is no failure", () => {
    const text = renderSubmission(warned(), plain);
    expect(text).toMatch(/^✓ Everything required works\. Worth mending:/);
    expect(text).toContain("✗ warning: Says so when the port is taken");
    expect(text).not.toContain("failed");
  });

  test("a program that passes is given advice, and no mistake", () => {
    const text = renderSubmission(advised(), plain);
    expect(text).toMatch(/^✓ Everything required works\. Worth mending: The server says nothing when its/);
    expect(text).toContain("  to mend   swallows-bind-error, as said at the top\n");
    expect(text).not.toContain("cause");
    expect(renderSubmission(advised(), { ...plain, language: "id" })).toContain("  perbaiki  swallows-bind-error,");
  });

  test("a failure that nothing explains is not given the name of a piece of advice", () => {
    const { programs } = advised();
    const text = renderSubmission(
      { ...unexplained(), programs: [...unexplained().programs, ...programs], advice: [ADVICE] },
      plain,
    );
    expect(text).toMatch(/^✗ only the first message came back/);
    expect(text).toContain(
      "  to mend   The server says nothing when its port is taken.\n            (swallows-bind-error)\n",
    );
  });

  test("what could not be told says why, and shows its evidence when verbose", () => {
    expect(renderSubmission(flaky(), plain)).toContain("it failed once and passed once");
    expect(renderSubmission(flaky(), plain)).toContain("a person should look at this");
    expect(renderSubmission(flaky(), { ...plain, verbose: true })).toContain("observed  only the first message");
  });

  test("explains the leading mistake when somebody can", () => {
    const explain = () => ({
      explanation: { en: "TCP is a stream of bytes.", id: "TCP adalah aliran byte." },
      lookUp: { en: "recv in a loop", id: "recv di dalam loop" },
      repair: { python: "while True:\n    data = c.recv(1024)", typescript: "socket.on" },
    });
    const text = renderSubmission(failing(), { ...plain, explain });
    expect(text).toContain("  TCP is a stream of bytes.\n  look up: recv in a loop\n\n    while True:\n        data");
  });

  test.each(samples)("%s holds at every width, in both languages", (_, sample) => {
    for (const width of [40, 57, 80, 120]) {
      for (const language of ["en", "id"] as const) {
        const lines = renderSubmission(sample(), { language, width, color: false, verbose: true }).split("\n");
        const wide = lines.filter((line) => stringWidth(line) > width && !isCommand(line));
        expect(wide).toEqual([]);
      }
    }
  });

  test("without colour there is no escape sequence, and colour changes nothing else", () => {
    for (const [, sample] of samples) {
      const text = renderSubmission(sample(), plain);
      const colored = renderSubmission(sample(), { ...plain, color: true });
      expect(text).not.toContain("\x1b");
      expect(colored).toContain("\x1b[");
      // biome-ignore lint/suspicious/noControlCharactersInRegex: our own colours
      expect(colored.replace(/\x1b\[\d+m/g, "")).toBe(text);
    }
  });

  test("nothing a student writes is obeyed by a terminal or a CI system", () => {
    for (const color of [false, true]) {
      for (const width of [40, 80]) {
        const text = renderSubmission(hostile(), { ...plain, width, color, verbose: true });
        // biome-ignore lint/suspicious/noControlCharactersInRegex: our own colours may come first
        expect(text).not.toMatch(/^(\s|\x1b\[\d+m)*::/m);
        expect(text).not.toMatch(/##\w*\[/);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: all but our own colours and newlines
        expect(text.replace(/\x1b\[\d+m/g, "")).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\p{Cs}\u202e]/u);
      }
    }
  });

  test("no line of a student's begins at column 0, whatever it says", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" }), (printed, said) => {
        const marker = "@@";
        const base = unexplained();
        const theirs = `${marker}${said}\n${marker}${printed}`;
        const programs = base.programs.map((run) => ({
          ...run,
          checks: run.checks.map((check) => ({
            ...check,
            attempts: check.attempts.map((one) => ({
              ...one,
              transcript: [...one.transcript, { atMs: 999, type: "stderr" as const, text: theirs }],
            })),
          })),
        }));
        const text = renderSubmission(
          { ...base, submission: theirs, programs, notes: [{ en: theirs, id: theirs }] },
          plain,
        );
        expect(text.split("\n").filter((line) => line.startsWith(marker))).toEqual([]);
        expect(text).toContain(`| ${marker}`);
      }),
      { numRuns: 50 },
    );
  });
});

describe("renderClassTable", () => {
  test("has one line a submission, and the sum below", () => {
    const text = renderClassTable([passing(), failing(), flaky()], plain);
    expect(text.split("\n")).toEqual([
      "  Submission  Points   Verdict           Leading mistake",
      "  ani         100/100  ✓ passed",
      "  budi        40/100   ✗ failed          The server calls recv only once for ea…",
      "  eka         100/100  ? could not tell  Gema could not tell everything for cer…",
      "",
      "1 of 3 passed, 1 for a person to look at",
      "",
    ]);
  });

  test("holds at 40 columns, with hostile names", () => {
    const lines = renderClassTable(
      ALL_SAMPLES.map((sample) => sample()),
      { ...plain, width: 40 },
    ).split("\n");
    expect(lines.filter((line) => stringWidth(line) > 40)).toEqual([]);
    expect(lines).toHaveLength(ALL_SAMPLES.length + 4);
  });
});

describe("renderLine", () => {
  test.each(samples)("is one harmless line for %s", (_, sample) => {
    const line = renderLine(sample(), { ...plain, width: 60 });
    expect(stringWidth(line)).toBeLessThanOrEqual(60);
    expect(line).toMatch(/^[✓✗?!-] /);
    expect(line).not.toMatch(/[\p{Cc}]/u);
  });
});
