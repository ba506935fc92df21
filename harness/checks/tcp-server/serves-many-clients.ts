import type { Text } from "../../text.ts";
import type { Probe } from "../../wire/probe.ts";
import type { Transcript } from "../../wire/transcript.ts";
import { always, LECTURE, type ServerCheck, type ServerScene } from "../check.ts";
import { whileStopped } from "../datagram-echo.ts";
import { judgeEchoes } from "../echo.ts";
import { fail, hungUp, PASS, peers } from "../reading.ts";

const CLIENTS = 20;
const ROUNDS = 15;
/** Who is thrown out because another client came is thrown out sooner. */
const QUIET_MS = 100;
/** An answer that takes as long has waited for something: for the end of another client, perhaps. */
const LONG_MS = 500;

export const check: ServerCheck = {
  title: { en: "keeps its clients' data apart", id: "tidak mencampur data antarklien" },
  why: {
    en: "Each client has a socket of its own on the server's side. What came from one must go back to that one only.",
    id: "Setiap klien punya socket sendiri di sisi server. Data dari satu klien hanya boleh kembali ke klien itu.",
  },
  requirement: "clients",
  cites: [LECTURE, { source: "lecture", quote: "satu socket per koneksi" }],
  level: always("must"),
  after: ["accepts-the-next-client"],
  async stimulate(scene) {
    const { conversation, payload } = scene;
    let waiting: Probe[] = [];
    let places = CLIENTS;
    for (let client = 0; client < CLIENTS; client++) {
      const probe = await scene.connect();
      probe.send(payload.nonce(8));
      waiting.push(probe);
      const asked = performance.now();
      const hasPlace = waiting.length <= places && (await conversation.receive(probe, probe.sent)) === "met";
      const atOnce = hasPlace && performance.now() - asked < LONG_MS;
      // It serves one at a time: the queue of a serial server must not overflow, so clients leave before others come.
      const relieved = !atOnce && waiting.some(({ over }) => over);
      if (!hasPlace || relieved) {
        const served = waiting.length - 1;
        waiting = await serveInTurn(scene, waiting);
        if (waiting.length === 0) places = Math.min(places, served);
      }
      if (probe.over && probe.received < probe.sent) return;
    }
    await secondRound(scene, waiting);
    if (scene.contract.kind === "one-shot") await firstComeFirstServed(scene);
  },
  judge(transcript, { kind }) {
    const echoes = judgeEchoes(transcript, peers(transcript));
    if (echoes.outcome !== "pass" || kind === "one-shot") return echoes;
    const thrownOut = peers(transcript).find((peer) => hungUp(transcript, peer) && !wasQuiet(transcript, peer));
    return thrownOut === undefined ? PASS : fail(KEPT, describeThrownOut(thrownOut));
  },
};

/** A time limit ended this connection: a check of its own is about those. */
function wasQuiet(transcript: Transcript, peer: string): boolean {
  const own = transcript.filter((event) => "peer" in event && event.peer === peer);
  const end = own.findIndex(({ type }) => type === "ended");
  return end > 0 && (own[end]?.atMs ?? 0) - (own[end - 1]?.atMs ?? 0) > QUIET_MS;
}

const KEPT: Text = {
  en: "Every client stays connected for as long as it wants to.",
  id: "Setiap klien tetap terhubung selama klien itu menghendakinya.",
};

function describeThrownOut(peer: string): Text {
  return {
    en: `The server ended the connection of client ${peer}, which had not finished, while others were connected.`,
    id: `Server memutus koneksi klien ${peer}, yang belum selesai, ketika klien lain terhubung.`,
  };
}

/** Those that have their echo leave until the rest have theirs; returns those still waiting in vain. */
async function serveInTurn({ conversation }: ServerScene, waiting: readonly Probe[]): Promise<Probe[]> {
  for (const probe of waiting) {
    await conversation.receive(probe, probe.sent);
    if (probe.received >= probe.sent) probe.close();
  }
  return waiting.filter((probe) => !probe.closed);
}

/** The first of two speaks while the second is there: what the program remembers of the last who came is not the first. */
async function firstComeFirstServed({ connect, conversation, payload }: ServerScene): Promise<void> {
  const both = [await connect(), await connect()];
  await conversation.rest();
  for (const probe of both) {
    probe.send(payload.nonce(8));
    await conversation.receive(probe, probe.sent);
    if (probe.received < probe.sent) break;
  }
  await conversation.allSaid(); // what belongs to one of them may still go to the other
  for (const probe of both) probe.close();
}

/** All who are still connected speak again, at once: threads that share a variable take it out of each other's hands. */
async function secondRound({ conversation, payload, contract }: ServerScene, waiting: readonly Probe[]): Promise<void> {
  const open = waiting.filter((probe) => !probe.over);
  const allAreAnswered = async (): Promise<boolean> => {
    for (const probe of open) if ((await conversation.receive(probe, probe.sent)) !== "met") return false;
    return true;
  };
  const began = performance.now();
  let rounds = contract.kind === "stream" ? ROUNDS : 0;
  while (rounds-- > 0) {
    await whileStopped(conversation, () => {
      for (const probe of open) probe.send(payload.nonce(8));
    });
    // Of one that takes its time a single round has to do.
    if (!(await allAreAnswered()) || performance.now() - began > LONG_MS) break;
  }
  for (const probe of open) await conversation.receive(probe, probe.sent);
  await conversation.allSaid(); // what belongs to another client may still follow
  for (const probe of waiting) probe.close();
}
