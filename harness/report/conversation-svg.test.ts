import fc from "fast-check";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { describe, expect, test } from "vitest";
import {
  ALL_SAMPLES,
  bytes,
  crashed,
  failing,
  hostile,
  passing,
  secondMessageUnanswered,
  splitMessage,
} from "../grade/sample-results.test-helper.ts";
import type { Transcript, TranscriptEvent } from "../wire/transcript.ts";
import { conversationSvg, type SvgDrawing } from "./conversation-svg.ts";
import { diagrams } from "./diagrams.ts";

const drawing: SvgDrawing = {
  language: "en",
  program: "tcp-server",
  file: "server.py",
  heading: "failed: answers again",
  words: ["expected: two echoes", "observed: one"],
};
const ELEMENTS = ["?xml", "svg", "title", "desc", "style", "rect", "path", "g", "text"];
const ATTRIBUTES = ["xmlns", "xml:lang", "xml:space", "viewBox", "width", "height", "role", "class"].concat([
  "rx",
  "x",
  "y",
  "d",
  "version",
  "encoding",
]);

/** The texts of a picture from top to bottom. */
function textsOf(svg: string): string[] {
  return [...svg.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, text = ""]) => plain(text));
}

function plain(text: string): string {
  return text.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
}

function descriptionOf(svg: string): string {
  return plain(/<desc>([^<]*)<\/desc>/.exec(svg)?.[1] ?? "");
}

/** Well formed, and made of nothing but what a picture needs: no script, link, event or foreign content. */
function expectHarmless(svg: string): void {
  expect(XMLValidator.validate(svg)).toBe(true);
  const elements = [...svg.matchAll(/<([?\w]+)/g)].map(([, name]) => name);
  expect(elements.filter((name) => !ELEMENTS.includes(name ?? ""))).toEqual([]);
  const attributes = [...svg.matchAll(/<[^>]*>/g)].flatMap(([tag]) => [...tag.matchAll(/([\w:-]+)="/g)]);
  expect(attributes.map(([, name]) => name).filter((name) => !ATTRIBUTES.includes(name ?? ""))).toEqual([]);
  expect([...svg.replaceAll("\n", "")].filter((character) => character < " ")).toEqual([]);
}

describe("conversationSvg", () => {
  test("shows what was said, by whom and when, and marks where it failed", () => {
    const svg = conversationSvg(secondMessageUnanswered, { ...drawing, failing: secondMessageUnanswered[5] });
    expectHarmless(svg);
    expect(textsOf(svg)).toEqual([
      "failed: answers again",
      "expected: two echoes",
      "observed: one",
      "0.0",
      "connect",
      "0.5",
      "'gema-7f3a' 9 bytes, read",
      "1.2",
      "'gema-7f3a' 9 bytes",
      "1.7",
      "'gema-c05d' 9 bytes",
      "✗ it fails here",
      "7.4",
      "silent (proved): nothing more will come; the",
      "program waits in accept; 9 bytes from A not read",
      "7.9",
      "RST",
      "Gema (client)",
      "server.py",
    ]);
  });

  test("says it all in words, for those who do not see it", () => {
    const svg = conversationSvg(secondMessageUnanswered, { ...drawing, failing: secondMessageUnanswered[5] });
    expect(svg).toContain('role="img"');
    expect(svg).toContain("<title>failed: answers again (server.py)</title>");
    const words = descriptionOf(svg);
    expect(words).toContain("expected: two echoes");
    expect(words).toContain("0.5 ms, Gema A → server.py: 'gema-7f3a' 9 bytes, read");
    expect(words).toContain("1.2 ms, server.py → Gema A: 'gema-7f3a' 9 bytes");
    expect(words).toContain("✗ it fails here: 7.4 ms, server.py: silent (proved)");
  });

  test("names source lines beside the program's lane, and makes room for them", () => {
    const place = "server.py:14 recv(65535) -> 9 bytes";
    const placeOf = (event: TranscriptEvent) => (event.type === "read-by-subject" ? place : undefined);
    const svg = conversationSvg(secondMessageUnanswered, { ...drawing, placeOf });
    expect(textsOf(svg)).toContain(place);
    expect(descriptionOf(svg)).toContain(`read (${place})`);
    expect(widthOf(svg)).toBeGreaterThan(widthOf(conversationSvg(secondMessageUnanswered, drawing)));
  });

  test("tells several connections apart by letter and colour", () => {
    const events: Transcript = ["A", "B", "C"].map((peer, atMs) => ({ atMs, type: "sent", peer, bytes: bytes(peer) }));
    const svg = conversationSvg(events, drawing);
    expect(textsOf(svg)).toEqual(expect.arrayContaining(["A", "B", "C"]));
    for (const colour of ["peer0", "peer1", "peer2"]) expect(svg).toContain(`class="${colour}"`);
  });

  test("folds what the terminal folds, and says how much", () => {
    expect(textsOf(conversationSvg(splitMessage, drawing))).toContain("... 7 more, 7 bytes");
    expect(textsOf(conversationSvg(splitMessage, { ...drawing, language: "id" }))).toContain("... 7 lagi, 7 byte");
  });

  test("a client faces a server, in the student's language too", () => {
    const svg = conversationSvg(secondMessageUnanswered, { ...drawing, program: "tcp-client", language: "id" });
    expect(textsOf(svg)).toEqual(expect.arrayContaining(["Gema (server)", "'gema-7f3a' 9 byte, dibaca"]));
    expect(svg).toContain('xml:lang="id"');
  });

  test("whatever a program is called, says and sends, nothing of it is markup, and the picture keeps its size", () => {
    const anything = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom("<script>", "&lt;", '"/><a href="', "]]>"),
    );
    fc.assert(
      fc.property(anything, anything, fc.uint8Array({ maxLength: 300 }), (name, words, sent) => {
        const events: Transcript = [
          { atMs: 0, type: "started", command: ["python3", name, words], pid: 1 },
          { atMs: 1, type: "received", peer: name, bytes: sent },
          { atMs: 2, type: "stdout", text: words },
          { atMs: 3, type: "stderr", text: words.repeat(50) },
        ];
        const svg = conversationSvg(events, {
          ...drawing,
          file: name,
          heading: words,
          words: [name],
          placeOf: () => words,
        });
        expectHarmless(svg);
        expect(widthOf(svg)).toBeLessThan(1100);
      }),
    );
  });
});

describe("diagrams", () => {
  test("draws each failure, and none where all is well", () => {
    expect(diagrams(passing(), "en").size).toBe(0);
    const drawn = diagrams(failing(), "en");
    expect([...drawn.keys()]).toEqual(["tcp-server-keeps-the-connection.svg", "tcp-server-echoes-a-split-message.svg"]);
    const [first = ""] = drawn.values();
    expect(textsOf(first)[0]).toBe("failed: Three messages on one connection, three echoes");
    expect(textsOf(first).join(" ")).toContain("observed: only the first message came back (9 bytes)");
    expect(first).toContain("✗ it fails here");
  });

  test("shows a program that never listened", () => {
    const [svg = ""] = diagrams(crashed(), "id").values();
    expect(textsOf(svg)).toContain("selesai dengan kode 1");
    expect(textsOf(svg)).toContain("✗ gagal di sini");
  });

  test("of every sample are harmless", () => {
    for (const sample of ALL_SAMPLES) {
      for (const svg of diagrams(sample(), "en").values()) expectHarmless(svg);
    }
    const [svg = ""] = diagrams(hostile(), "en").values();
    expect(new XMLParser().parse(svg).svg.title).toContain("::notice::x");
  });
});

function widthOf(svg: string): number {
  return Number(/ width="(\d+)"/.exec(svg)?.[1]);
}
