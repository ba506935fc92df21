import { isLoopback } from "../kernel/address.ts";
import { datagramsAstray } from "../kernel/contacts.ts";
import type { Text } from "../text.ts";
import type { Conversation } from "../wire/conversation.ts";
import type { DatagramProbe } from "../wire/datagram-probe.ts";
import type { Transcript } from "../wire/transcript.ts";
import { describeEnd, describeReply, judgeAchieved } from "./echo.ts";
import { all, fail, firstDifference, inconclusive, join, last, measured, PASS, plural, show } from "./reading.ts";
import type { Finding } from "./verdict.ts";

/** Also on one computer a datagram may be lost; that is nobody's fault. */
export const TRIES = 3;
/** Where each try costs no deadline. Whoever loses datagrams by chance shall fail the check that asks for every one. */
const PROVED_TRIES = 16;

/**
 * Sends a round of datagrams at once and waits for all their echoes, in any order; up to three rounds, or as many
 * as `tries` that are proved to stay unanswered, of other bytes each. `false` when none of them was answered in full, or
 * something else came. Of several datagrams the program finds all at the same time.
 */
export async function ask(
  conversation: Conversation,
  probe: DatagramProbe,
  round: () => readonly Buffer[],
  tries = PROVED_TRIES,
): Promise<boolean> {
  const before = datagramsAstray();
  const answered = await askInRounds(conversation, probe, round, tries);
  const after = datagramsAstray();
  // Once nobody waits at the server's own port, it is our datagrams that go astray.
  if (answered || probe.over || before === undefined || after === undefined || after === before) return answered;
  conversation.recorder.add({ type: "measured", what: "datagrams-astray", value: after - before });
  return answered;
}

async function askInRounds(
  conversation: Conversation,
  probe: DatagramProbe,
  round: () => readonly Buffer[],
  tries: number,
): Promise<boolean> {
  for (let tried = 0, late = 0; tried < tries && late < TRIES; tried++) {
    const before = probe.received.length;
    const datagrams = round();
    const send = (): void => {
      for (const bytes of datagrams) probe.send(bytes);
    };
    if (datagrams.length > 1) await whileStopped(conversation, send);
    else send();
    const came = (): Buffer[] => probe.received.slice(before);
    const complete = (): boolean => without(datagrams, came()).length === 0;
    const strange = (): boolean => without(probe.received, probe.sent).length > 0;
    if ((await conversation.until(() => complete() || strange() || probe.over)) === "late") late++;
    if (strange()) return false;
    if (complete()) return true;
    if (probe.over || conversation.subject.exit !== undefined) return false;
  }
  return false;
}

/** Those of `datagrams` that are left when each of `others` has taken one that equals it. */
export function without(datagrams: readonly Buffer[], others: readonly Buffer[]): Buffer[] {
  const left = [...datagrams];
  for (const other of others) {
    const at = left.findIndex((one) => one.equals(other));
    if (at >= 0) left.splice(at, 1);
  }
  return left;
}

/**
 * Judges that client `peer` got back each datagram of its last round, and nothing that it did not send; once each.
 *
 * @param round how many datagrams its last round had
 */
export function judgeDatagrams(transcript: Transcript, peer: string, round = 1): Finding {
  const notAchieved = judgeAchieved(transcript);
  if (notAchieved) return notAchieved;
  const sent = datagramsOf(transcript, "sent", peer);
  const received = datagramsOf(transcript, "received", peer);
  if (sent.length < round) return inconclusive(SENT, NOT_SENT);
  const [strange] = without(received, sent);
  const missing = without(sent.slice(-round), received);
  const late = lateAnswer(transcript, peer);
  const about = strange ? nearest(strange, sent) : (missing[0] ?? late ?? Buffer.alloc(0));
  if (!strange && missing.length === 0 && !late) return PASS;
  const expected: Text = {
    en: `Client ${peer} sends ${show(about)} (${plural(about.length, "byte")}) as one datagram and gets exactly these bytes back in one datagram.`,
    id: `Klien ${peer} mengirim ${show(about)} (${about.length} byte) sebagai satu datagram dan menerima kembali byte yang sama persis dalam satu datagram.`,
  };
  if (strange) {
    if (strange.length === 0) return fail(expected, EMPTY);
    const twice = sent.some((one) => one.equals(strange));
    return fail(expected, twice ? TWICE : describeReply(about, strange), firstDifference(about, strange));
  }
  if (missing.length === 0) return fail(expected, LATE);
  const end = repliesGoAstray(transcript, peer) ? ASTRAY : describeEnd(transcript, peer);
  return fail(expected, join(describeMissing(missing.length, round, sentInVain(transcript, peer)), end));
}

/** As many datagrams as this client sent in vain went to ports where nobody waits. */
export function repliesGoAstray(transcript: Transcript, peer: string): boolean {
  const unanswered = sentInVain(transcript, peer);
  return unanswered > 0 && (measured(transcript, "datagrams-astray") ?? 0) >= unanswered;
}

/**
 * A datagram that came back only when another one had been sent, although it was proved that the program would not answer
 * it by itself.
 */
function lateAnswer(transcript: Transcript, peer: string): Buffer | undefined {
  // Between two hosts a datagram may wait for the address of the other one (ARP), where no proof sees it.
  const local = last(transcript, "connected", peer)?.local;
  if (local && !isLoopback(local.host)) return undefined;
  const own = transcript.filter((event) => event.type === "silent" || ("peer" in event && event.peer === peer));
  return own.flatMap((event, at) => {
    if (event.type !== "sent") return [];
    const bytes = Buffer.from(event.bytes);
    const isAlike = (one: Transcript[number]): boolean => one.type === "sent" && bytes.equals(one.bytes);
    // Of datagrams that are alike nobody can tell which one came back.
    if (own.filter(isAlike).length > 1) return [];
    const rest = own.slice(at);
    const answered = rest.findIndex((one) => one.type === "received" && bytes.equals(one.bytes));
    const silent = rest.findIndex((one) => one.type === "silent" && one.proved);
    const next = rest.findIndex((one, later) => later > silent && one.type === "sent");
    return silent > 0 && next > silent && answered > next ? [bytes] : [];
  })[0];
}

/** One of many may be lost on its way. */
export const LOST_AT_MOST = 1;

/** Judges that `total` datagrams were sent one after another, and that all came back but for one that may be lost. */
export function judgeEach(transcript: Transcript, peer: string, total: number): Finding {
  const sent = datagramsOf(transcript, "sent", peer);
  const received = datagramsOf(transcript, "received", peer);
  const goesOn = sent.length === total && without(received, sent).length === 0;
  if (goesOn && without(sent, received).length <= LOST_AT_MOST) return PASS;
  return judgeDatagrams(transcript, peer, Math.max(1, sent.length));
}

const SENT: Text = { en: "A datagram could be sent.", id: "Datagram dapat dikirim." };
const NOT_SENT: Text = { en: "No datagram could be sent.", id: "Tidak ada datagram yang dapat dikirim." };
const LATE: Text = {
  en: "It came back only after the next datagram had been sent: until then the program waited, and would have waited for ever.",
  id: "Datagram itu kembali hanya setelah datagram berikutnya dikirim: sampai saat itu program menunggu, dan akan menunggu selamanya.",
};
const EMPTY: Text = {
  en: "An empty datagram came, which answers nothing that was sent. In Python, a socketserver.DatagramRequestHandler sends one by itself when its own wfile was not written to.",
  id: "Datang datagram kosong, yang bukan jawaban untuk apa pun. Di Python, socketserver.DatagramRequestHandler mengirimnya sendiri jika wfile-nya tidak ditulisi.",
};
const ASTRAY: Text = {
  en: "The program did send its datagrams, but to a port where nobody waits (ICMP port unreachable).",
  id: "Program memang mengirim datagramnya, tetapi ke port yang tidak ditunggu siapa pun (ICMP port unreachable).",
};
const TWICE: Text = {
  en: "The same datagram came back more than once.",
  id: "Datagram yang sama kembali lebih dari satu kali.",
};

function describeMissing(missing: number, round: number, inVain: number): Text {
  if (missing < round) {
    return {
      en: `${missing} of ${round} datagrams were not answered.`,
      id: `${missing} dari ${round} datagram tidak dibalas.`,
    };
  }
  const tries = Math.floor(inVain / round);
  if (tries <= 1) return { en: "No datagram came back.", id: "Tidak ada datagram yang kembali." };
  return {
    en: `No datagram came back, in ${tries} tries.`,
    id: `Tidak ada datagram yang kembali, setelah ${tries} kali percobaan.`,
  };
}

/** What a wrong reply was meant to be: the datagram that it begins with or that begins with it, else the last one. */
function nearest(strange: Buffer, sent: readonly Buffer[]): Buffer {
  const alike = sent.findLast((one) => one.length > 0 && (strange.includes(one) || one.indexOf(strange) === 0));
  return alike ?? sent.at(-1) ?? Buffer.alloc(0);
}

/** How many datagrams were sent since the last one came back. */
function sentInVain(transcript: Transcript, peer: string): number {
  const answered = transcript.findLastIndex((event) => event.type === "received" && event.peer === peer);
  return datagramsOf(transcript.slice(answered + 1), "sent", peer).length;
}

export function datagramsOf(transcript: Transcript, type: "sent" | "received", peer: string): Buffer[] {
  return all(transcript, type, peer).map(({ bytes }) => Buffer.from(bytes));
}

/** Judges several clients; the first that is wrong decides. */
export function judgeAll(transcript: Transcript, peers: readonly string[]): Finding {
  return peers.map((peer) => judgeDatagrams(transcript, peer)).find(({ outcome }) => outcome !== "pass") ?? PASS;
}

/** While `action` runs the program stands still, so that what is sent waits for it together. Not on Windows. */
export async function whileStopped({ subject }: Conversation, action: () => void): Promise<void> {
  if (process.platform === "win32") return action();
  await subject.pause();
  action();
  subject.resume();
}
