import type { Contract } from "../../assignment/assignment.ts";
import type { Language, Text } from "../../text.ts";
import type { EventOf, Transcript, TranscriptEvent } from "../../wire/transcript.ts";
import { byContract, RFC862, type ServerCheck } from "../check.ts";
import { hold } from "../conversation-plan.ts";
import { describeExit, judgeAchieved, judgeClosed, judgeEcho } from "../echo.ts";
import { fail, has, join, PASS, peers, plural, receivedFrom, sentTo, show } from "../reading.ts";
import type { Finding } from "../verdict.ts";

export const check: ServerCheck = {
  title: {
    en: "echoes in any conversation that can be thought up",
    id: "melakukan echo dalam percakapan apa pun yang bisa dibayangkan",
  },
  why: {
    en: "Clients cut, join and mix what they send in ways that nobody lists. Gema makes up conversations, and shortens one that fails until nothing can be left out.",
    id: "Klien memotong, menggabung, dan mencampur kirimannya dengan cara yang tak terdaftar. Gema mengarang percakapan, dan memendekkan yang gagal sampai tidak ada lagi yang bisa dihilangkan.",
  },
  requirement: "byte-stream",
  cites: [RFC862],
  level: byContract({ stream: "should" }),
  onlyWhenAsked: true,
  after: ["echoes-a-message"],
  process: "own",
  turn: 1,
  async stimulate(scene) {
    const { smallest, held } = await scene.found(async () => {
      const { exploreConversations } = await import("../smallest-conversation.ts");
      return exploreConversations(scene, judgeConversation, scene.limits.exploreSeconds);
    });
    const { recorder } = scene.conversation;
    recorder.add({ type: "measured", what: "conversations-held", value: held });
    if (!smallest) return;
    await scene.launch("afresh");
    if (has(recorder.events, "listening")) await hold(smallest, scene);
    else recorder.add({ type: "not-achieved", why: "not-delivered" });
  },
  judge: judgeConversation,
};

/** Passes what shows no failure, as does a transcript that says only how many conversations were held. */
function judgeConversation(transcript: Transcript, { concurrent }: Contract): Finding {
  const notAchieved = judgeAchieved(transcript);
  if (notAchieved) return notAchieved;
  const places = concurrent ? 2 : 1;
  for (const [at, { type }] of transcript.entries()) {
    if (type !== "silent") continue;
    const past = transcript.slice(0, at + 1);
    const owed = peers(past).find((peer) => isOwed(past, peer, places));
    if (owed !== undefined) return told(past, judgeEcho(past, owed));
  }
  for (const peer of peers(transcript)) {
    const finding = judgeAlone(transcript, peer);
    if (finding.outcome !== "pass") return told(transcript, finding);
  }
  for (const peer of peers(transcript)) {
    const finding = judgeClosed(transcript, peer);
    if (finding.outcome !== "pass") return told(transcript, finding);
  }
  const exit = describeExit(transcript);
  return exit ? told(transcript, fail(GOES_ON, exit)) : PASS;
}

const GOES_ON: Text = { en: "Then the server serves others.", id: "Lalu server melayani yang lain." };

/**
 * Nothing more will come, and this client has not got all back, though it is its turn: one that serves a client at a
 * time may leave it waiting while others, who came before, have not finished.
 */
function isOwed(past: Transcript, peer: string, places: number): boolean {
  const before = peers(past).slice(0, peers(past).indexOf(peer));
  const unfinished = before.filter((other) => !has(past, "half-closed", other));
  return unfinished.length < places && receivedFrom(past, peer).length < sentTo(past, peer).length;
}

/** A client that has said nothing gets nothing; what another one said is none of its business. */
function judgeAlone(transcript: Transcript, peer: string): Finding {
  const received = receivedFrom(transcript, peer);
  if (sentTo(transcript, peer).length > 0 || received.length === 0) return judgeEcho(transcript, peer);
  return fail(
    {
      en: `Client ${peer} has sent nothing and gets nothing.`,
      id: `Klien ${peer} tidak mengirim dan tidak menerima apa pun.`,
    },
    {
      en: `It got ${show(received)} (${plural(received.length, "byte")}), which it never sent.`,
      id: `Klien ${peer} menerima ${show(received)} (${received.length} byte), yang tidak pernah dikirimnya.`,
    },
  );
}

/** What the clients did is part of what was to be expected. */
function told(transcript: Transcript, finding: Finding): Finding {
  if (finding.outcome === "pass") return finding;
  return { ...finding, expected: join(whatClientsDid(transcript), finding.expected) };
}

/** Between acts that were given at once nothing happens that the program has a part in. */
const ANSWERS: readonly TranscriptEvent["type"][] = ["read-by-subject", "received", "silent", "ended", "reset"];

function whatClientsDid(transcript: Transcript): Text {
  const acts: { readonly words: Text; readonly isFarewell: boolean }[] = [];
  let answered = false;
  for (const event of transcript) {
    if (ANSWERS.includes(event.type)) answered = true;
    if (event.type !== "sent" && event.type !== "half-closed") continue;
    const act = wordsFor(event);
    const words = acts.length === 0 ? act : join(answered ? LATER : AT_ONCE, act);
    const isOver = answered || has(transcript.slice(0, transcript.indexOf(event)), "ended", event.peer);
    acts.push({ words, isFarewell: isOver && event.type === "half-closed" });
    answered = false;
  }
  // That everyone finishes in the end is no part of the story, unless nothing else is.
  const told = acts.slice(0, acts.findLastIndex(({ isFarewell }) => !isFarewell) + 1 || 1);
  const one = (language: Language): string => told.map(({ words }) => words[language]).join(", ");
  return { en: `Shortest conversation: ${one("en")}.`, id: `Percakapan terpendek: ${one("id")}.` };
}

const LATER: Text = { en: "then", id: "lalu" };
const AT_ONCE: Text = { en: "and at once", id: "dan seketika" };

function wordsFor(event: EventOf<"sent"> | EventOf<"half-closed">): Text {
  const { peer } = event;
  if (event.type === "half-closed") return { en: `${peer} finishes (FIN)`, id: `${peer} selesai (FIN)` };
  const { bytes } = event;
  return {
    en: `${peer} sends ${show(bytes)} (${plural(bytes.length, "byte")})`,
    id: `${peer} mengirim ${show(bytes)} (${bytes.length} byte)`,
  };
}
