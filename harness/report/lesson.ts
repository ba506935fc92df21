import { PROGRAMS, type Program } from "../assignment/assignment.ts";
import { type Lesson, lessonFor, type Mistake } from "../mistakes/mistake.ts";
import type { Language, Text } from "../text.ts";
import { paint, type TerminalStyle, wrap } from "./style.ts";

/** The lesson behind a mistake, for a terminal; without a newline at the end. */
export function terminalLesson(id: string, mistake: Mistake, style: TerminalStyle): string {
  const { language, width } = style;
  return [
    paint(style, "bold", id),
    ...wrap(mistake.title[language], width),
    ...tellings(mistake, language).flatMap(({ lesson, about }) => [
      ...(about && lesson.title ? ["", ...wrap(`${about}: ${lesson.title[language]}`, width)] : []),
      ...(lesson.explanation ? ["", ...wrap(lesson.explanation[language], width)] : []),
      ...(lesson.lookUp ? ["", ...wrap(`${LOOK_UP[language]}: ${lesson.lookUp[language]}`, width)] : []),
      ...fragments(lesson, about).flatMap(({ heading, name, code }) => [
        "",
        `${heading[language]} (${name})`,
        ...code.split("\n").map((line) => `    ${line}`),
      ]),
    ]),
  ].join("\n");
}

/** The same lesson as a page of Markdown. */
export function lessonPage(id: string, mistake: Mistake, language: Language): string {
  const other = language === "en" ? "id" : "en";
  const links = [`[${ALL_MISTAKES[language]}](README.md)`, `[${NAMES[other]}](../${other}/${id}.md)`];
  return `${[
    `# ${prose(mistake.title[language])}`,
    `\`${id}\` · ${mistake.programs.map((program) => MADE_IN[program][language]).join(", ")} · ${links.join(" · ")}`,
    ...tellings(mistake, language).flatMap(({ lesson, about }) => {
      const heading = (words: Text): string => `## ${words[language]}${about && ` (${about})`}`;
      return [
        ...(about && lesson.title ? [`## ${about}: ${prose(lesson.title[language])}`] : []),
        ...(lesson.explanation ? [heading(WHAT_HAPPENED), prose(lesson.explanation[language])] : []),
        ...(lesson.lookUp ? [heading(LOOK_UP), prose(lesson.lookUp[language])] : []),
        ...fragments(lesson, about).flatMap(({ heading: words, name, code, fence }) => [
          `## ${words[language]} (${name})`,
          `\`\`\`${fence}\n${code}\n\`\`\``,
        ]),
      ];
    }),
  ].join("\n\n")}\n`;
}

/** A page that links to all lessons, by the programs in which the mistakes are made. */
export function lessonIndex(mistakes: ReadonlyMap<string, Mistake>, language: Language): string {
  const sections = PROGRAMS.map((program) => {
    const made = [...mistakes].filter(([, mistake]) => mistake.programs.includes(program));
    const lines = made.map(
      ([id, mistake]) => `- [${prose(lessonFor(mistake, program).title[language])}](${id}.md) (\`${id}\`)`,
    );
    return `## ${MADE_IN[program][language]}\n\n${lines.join("\n")}`;
  });
  return `${[`# ${ALL_MISTAKES[language]}`, INTRODUCTION[language], ...sections].join("\n\n")}\n`;
}

/** What everybody is told, then what differs in a client, in a UDP program, and in a UDP client. */
function tellings(
  mistake: Mistake,
  language: Language,
): { readonly lesson: Partial<Lesson>; readonly about: string }[] {
  const { inClient, inUdp, inUdpClient } = mistake;
  return [
    { lesson: mistake, about: "" },
    ...(inClient ? [{ lesson: inClient, about: CLIENT[language] }] : []),
    ...(inUdp ? [{ lesson: inUdp, about: "UDP" }] : []),
    ...(inUdpClient ? [{ lesson: inUdpClient, about: UDP_CLIENT[language] }] : []),
  ];
}

function fragments({ wrong, repair }: Partial<Lesson>, about: string) {
  return (
    [
      ["Python", "python"],
      ["TypeScript", "typescript"],
    ] as const
  ).flatMap(([language, fence]) => {
    const name = about ? `${language}, ${about}` : language;
    return [
      ...(wrong ? [{ heading: THE_MISTAKE, name, fence, code: wrong[fence] }] : []),
      ...(repair ? [{ heading: INSTEAD, name, fence, code: repair[fence] }] : []),
    ];
  });
}

/** Nothing in a sentence is markup. */
function prose(text: string): string {
  return text.replace(/[\\`*_<>[\]]/g, "\\$&");
}

const CLIENT: Text = { en: "client", id: "klien" };
const UDP_CLIENT: Text = { en: "UDP client", id: "klien UDP" };
const LOOK_UP: Text = { en: "Look up", id: "Pelajari" };
const THE_MISTAKE: Text = { en: "The mistake", id: "Kesalahannya" };
const INSTEAD: Text = { en: "Instead", id: "Sebaiknya" };
const WHAT_HAPPENED: Text = { en: "What happened, and why it matters", id: "Apa yang terjadi, dan mengapa penting" };
const ALL_MISTAKES: Text = { en: "All mistakes", id: "Semua kesalahan" };
const INTRODUCTION: Text = {
  en: "Common mistakes in echo programs, as Gema names them. `gema explain ID` shows the same lesson in the terminal.",
  id: "Kesalahan yang sering terjadi pada program echo, sebagaimana disebut oleh Gema. `gema explain ID` menampilkan pelajaran yang sama di terminal.",
};
const NAMES = { en: "English", id: "Bahasa Indonesia" } as const satisfies Record<Language, string>;
const MADE_IN: Readonly<Record<Program, Text>> = {
  "tcp-server": { en: "TCP server", id: "Server TCP" },
  "tcp-client": { en: "TCP client", id: "Klien TCP" },
  "udp-server": { en: "UDP server", id: "Server UDP" },
  "udp-client": { en: "UDP client", id: "Klien UDP" },
};
