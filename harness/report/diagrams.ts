import { failures } from "../grade/failures.ts";
import type { SubmissionResult } from "../grade/result.ts";
import type { Language } from "../text.ts";
import { HEADINGS, placesOf } from "./check-story.ts";
import { conversationSvg } from "./conversation-svg.ts";
import { failingMoment } from "./failing-moment.ts";
import { decidingTranscript, findingOf } from "./story.ts";
import { markOf } from "./style.ts";

/** The pictures of a submission: one SVG a failure that has a conversation, by file name. */
export function diagrams(result: SubmissionResult, language: Language): ReadonlyMap<string, string> {
  return new Map(
    failures(result).flatMap(({ run, check }): [string, string][] => {
      const transcript = decidingTranscript(check);
      if (transcript.length === 0) return [];
      const finding = findingOf(check);
      const svg = conversationSvg(transcript, {
        language,
        program: run.program,
        file: run.file ?? run.program,
        heading: `${markOf(check.verdict, check.level).word[language]}: ${check.title[language]}`,
        words: finding
          ? [
              `${HEADINGS.expected[language]}: ${finding.expected[language]}`,
              `${HEADINGS.observed[language]}: ${finding.observed[language]}`,
            ]
          : [],
        failing: failingMoment(transcript, finding),
        placeOf: placesOf(result, { run, check }, language),
      });
      return [[`${check.check.replaceAll("/", "-")}.svg`, svg]];
    }),
  );
}
