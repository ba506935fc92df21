import { protocolOf } from "../assignment/assignment.ts";
import { shown, showsNotation, showsText, speaker } from "../checks/client-reading.ts";
import { neverRested } from "../checks/cpu.ts";
import { datagramsOf, repliesGoAstray } from "../checks/datagram-echo.ts";
import { all, before, has, last, measured, peers, printed, receivedFrom, sentTo, since } from "../checks/reading.ts";
import type { ByteDifference, CheckResult } from "../checks/verdict.ts";
import { readsInput } from "../kernel/blocked.ts";
import type { BlockedCall, Exit, Transcript } from "../wire/transcript.ts";
import { type Exchange, exchanges, isFromAnother } from "./exchange.ts";
import type { Diagnosis, Symptoms } from "./mistake.ts";
import { isNotation } from "./reply.ts";

/** Something that a transcript may show. */
export type Sign = (transcript: Transcript) => boolean;

/** The result of a check of this program; `name` is its id without the program. */
export function resultOf({ program, results }: Symptoms, name: string): CheckResult | undefined {
  return results.get(`${program}/${name}`);
}

/** The check failed, and failed like this. */
export function fails(symptoms: Symptoms, name: string, sign: Sign = () => true): boolean {
  return failingTranscripts(resultOf(symptoms, name)).some(sign);
}

/** The check failed, and each time like this. */
export function alwaysFails(symptoms: Symptoms, name: string, sign: Sign): boolean {
  const failing = failingTranscripts(resultOf(symptoms, name));
  return failing.length > 0 && failing.every(sign);
}

export function passes(symptoms: Symptoms, name: string): boolean {
  return resultOf(symptoms, name)?.verdict === "pass";
}

/** Where a program listens has nothing to do with what it says there. */
const OF_ITS_ADDRESS = ["listens-only-where-asked"];

/** Ids of the checks that failed like this; only among `names` when given, else among those of what is said. */
export function showing({ program, results }: Symptoms, sign: Sign, names?: readonly string[]): string[] {
  const isMeant = (name: string): boolean => names?.includes(name) ?? !OF_ITS_ADDRESS.includes(name);
  return [...results.values()]
    .filter(({ check }) => isMeant(check.slice(program.length + 1)))
    .filter((result) => failingTranscripts(result).some(sign))
    .map(({ check }) => check);
}

/** Some check's transcript shows this, whatever its verdict. */
export function anywhere({ results }: Symptoms, sign: Sign): boolean {
  return transcriptsOf(results.values()).some(sign);
}

/** Every connection of every check, whatever its verdict. */
export function allExchanges({ results }: Symptoms): Exchange[] {
  return transcriptsOf(results.values()).flatMap((transcript) => [...exchanges(transcript)]);
}

function transcriptsOf(results: Iterable<CheckResult>): Transcript[] {
  return [...new Set([...results].flatMap(({ attempts }) => attempts.map(({ transcript }) => transcript)))];
}

function failingTranscripts(result: CheckResult | undefined): Transcript[] {
  if (result?.verdict !== "fail") return [];
  return result.attempts.filter(({ finding }) => finding.outcome === "fail").map(({ transcript }) => transcript);
}

/** A diagnosis, unless it explains nothing. */
export function suspect(confidence: number, explains: readonly string[]): Diagnosis | undefined {
  return explains.length > 0 ? { confidence, explains } : undefined;
}

/** All of these at once. */
export const both =
  (...signs: readonly Sign[]): Sign =>
  (transcript) =>
    signs.every((sign) => sign(transcript));

/** At least one of these. */
export const anyOf =
  (...signs: readonly Sign[]): Sign =>
  (transcript) =>
    signs.some((sign) => sign(transcript));

export const not =
  (sign: Sign): Sign =>
  (transcript) =>
    !sign(transcript);

/** Some connection is like this. */
export const anyExchange =
  (test: (exchange: Exchange, transcript: Transcript) => boolean): Sign =>
  (transcript) =>
    exchanges(transcript).some((exchange) => test(exchange, transcript));

/** Checks by which it is seen whether a server waits for clients, and whether it does so at the right place. */
export const STARTS = ["starts-listening", "binds-where-asked"] as const;
export const PLACED = ["listens-where-asked", "binds-where-asked"] as const;
/** The check by which it is seen whether a client comes to the right place; datagrams need no connection. */
export function arrivesBy({ program }: Symptoms): readonly string[] {
  return [protocolOf(program) === "udp" ? "sends-where-asked" : "connects-where-asked"];
}

/** The program wrote such words to stderr: an exception's name, usually. */
export const complains =
  (words: RegExp): Sign =>
  (transcript) =>
    words.test(printed(transcript, "stderr"));

/** The program wrote such words to its user, on stdout or stderr. */
export const says =
  (words: RegExp): Sign =>
  (transcript) =>
    words.test(printed(transcript, "stderr")) || words.test(printed(transcript, "stdout"));

/** What Node says of a value that is no text either, as a rule a variable that holds nothing. */
const NO_TEXT = String.raw`Received (undefined|null|type number|an instance of (Object|Array)\b)`;

/** It gave text, or what it took for text, where bytes are needed, whether it caught the error or not. */
export const givesTextToSend: Sign = says(
  new RegExp(
    [
      "a bytes-like object is required, not '(str|int)'",
      String.raw`\[ERR_INVALID_ARG_TYPE\](?!.*${NO_TEXT})`,
      "encoding without a string argument",
      "string argument without an encoding",
      "can't concat (str|bytes)",
      String.raw`can only concatenate str \(not "bytes"`,
    ].join("|"),
  ),
);

/** It came to a line that can never be carried out. */
export const slips: Sign = complains(
  /^(NameError|UnboundLocalError|AttributeError|ReferenceError): |^TypeError: .*(a bytes-like object is required, not '(?!str|int)\w+'|is not a function|positional argument|argument after \*|is not callable|object is not iterable|cannot unpack|can only concatenate str \(not "(?!bytes)|unsupported operand type)/m,
);

/** It came to a line that cannot be carried out with such a value. */
export const meetsBadValue: Sign = complains(
  /^(KeyError|IndexError|ValueError|ZeroDivisionError|RecursionError|RangeError)\b|^TypeError: Cannot (read|set) properties of|^TypeError \[ERR_STREAM_NULL_VALUES\]|^SyntaxError: .*JSON/m,
);

/** Node was given nothing, or no text, to send. */
export const sendsNothing: Sign = complains(new RegExp(String.raw`\[ERR_INVALID_ARG_TYPE\].*${NO_TEXT}`));

/** It shows or sends a function instead of what that gives: brackets are missing. */
export const showsAFunction: Sign = (transcript) => {
  const words = /<(built-in|bound) method |<function \w+ at |\[Function: \w+\]|\{ \[native code\] \}/;
  return (
    says(words)(transcript) || exchanges(transcript).some(({ received }) => words.test(received.toString("latin1")))
  );
};

/** It used a socket that it had closed itself, whether it caught the error or not. */
export const usesAClosedSocket: Sign = both(
  says(/\[Errno 9\]|Bad file descriptor|ERR_SOCKET_DGRAM_NOT_RUNNING/),
  not(complains(/self\._accept\(\)/)),
);

/**
 * It did not wait in a send, and what came back was right as far as it came: a program that keeps what it could not send
 * has thrown that away when the client had finished.
 */
export const dropsAtTheEnd: Sign = (transcript) =>
  measured(transcript, "stopped-in-send") === 0 &&
  exchanges(transcript).some(
    ({ halfClosed, end, bodyDiffers, receivedBytes, sentBytes }) =>
      halfClosed && end !== undefined && !bodyDiffers && receivedBytes < sentBytes,
  );

/** JavaScript or TypeScript, run by Node; only the transcript that holds the launch tells. */
export const runsInNode: Sign = (transcript) =>
  all(transcript, "started").some(({ command }) => command.some((word) => /\.[cm]?[jt]s$/.test(word)));

/** How the program ended by itself; when nothing else would end it, Gema kills it with SIGKILL in the end. */
function exitOf(transcript: Transcript): Exit | undefined {
  const exit = last(transcript, "exited")?.exit;
  return exit?.signal === "SIGKILL" ? undefined : exit;
}

export const saysTimeIsUp: Sign = says(/timed? ?out|batas waktu|waktu habis/i);

/** What has to be waited for was sent, printed or worked with as if it were the result. */
const usesUnawaited: Sign = (transcript) => {
  const words = /'coroutine'|<coroutine |coroutine object|instance of Promise|Promise \{|\[object Promise\]/;
  return (
    says(words)(transcript) || exchanges(transcript).some(({ received }) => words.test(received.toString("latin1")))
  );
};

/** It did nothing, or ended, and Python says what never ran, and not because of another error before. Nobody misses a drain. */
const neverRan: Sign = (transcript) =>
  !complains(/^Traceback/m)(transcript) &&
  complains(/coroutine '(?!.*(drain|sleep|wait_closed)')[^']+' was never awaited/)(transcript) &&
  (exited(transcript) || exchanges(transcript).every(({ receivedBytes }) => receivedBytes === 0));

/** An `await` is missing. */
export const forgetsAwait: Sign = (transcript) => usesUnawaited(transcript) || neverRan(transcript);

/** It could not make text of bytes, or bytes of text, whether it caught that or not. */
export const failsToDecode: Sign = says(
  /Unicode(De|En)codeError|codec can't (de|en)code|ERR_ENCODING_INVALID|encoded data was not valid/,
);

/** It showed the UTF-8 bytes of `é` as if each were a letter. */
export const showsBytesAsLetters: Sign = says(/Ã©/);

/** How interpreters and people report that nobody listens at an address. */
const SAYS_REFUSED = /ECONNREFUSED|ConnectionRefused|connection refused|actively refused/i;

/** Its answers go to ports where nobody waits. */
export const answersNobody: Sign = (transcript) => peers(transcript).some((peer) => repliesGoAstray(transcript, peer));

/** A reply ends with the datagram that it answers, and holds before it what another client had said. */
export const collectsDatagrams: Sign = (transcript) =>
  peers(transcript).some((peer) => {
    if (last(transcript, "connected", peer)?.protocol !== "udp") return false;
    const asked = datagramsOf(transcript, "sent", peer).filter(({ length }) => length > 0);
    return datagramsOf(transcript, "received", peer).some(
      (reply) => asked.some((one) => reply.subarray(-one.length).equals(one)) && isFromAnother(transcript, peer, reply),
    );
  });

/** It went to an address where nobody listens: it says so, or the kernel has counted it. */
export const isTurnedAway: Sign = (transcript) =>
  says(SAYS_REFUSED)(transcript) || (measured(transcript, "knocks-in-vain") ?? 0) > 0;

/** An import found nothing, and not for a file of the student's own: those begin with a dot or a slash. */
export const lacksPackage: Sign = complains(
  /ModuleNotFoundError: No module named|Cannot find (package|module) '(?![./])/,
);

/** ENOTCONN and EPIPE, recv(2) and send(2): its socket is connected to nobody. Where bytes came back, it was. */
export const talksToNobody: Sign = (transcript) =>
  complains(/\[Errno (32|107)\]/)(transcript) &&
  exchanges(transcript).every(({ receivedBytes }) => receivedBytes === 0);

/** What Python 3 and Node say of names, words and arguments that only older versions had. */
export const isOutdated: Sign = complains(
  new RegExp(
    [
      "Missing parentheses in call to '(print|exec)'",
      "multiple exception types must be parenthesized",
      "No module named '(SocketServer|Queue|thread|urllib2|urlparse|ConfigParser|StringIO|cStringIO|cPickle|Tkinter|BaseHTTPServer|SimpleHTTPServer|asyncore|asynchat)'",
      "name '(raw_input|unicode|xrange|unichr|long|reload|execfile)' is not defined",
      "got an unexpected keyword argument 'loop'",
      "module 'asyncio' has no attribute '(async|coroutine|JoinableQueue)'",
      "'dict' object has no attribute '(has_key|iteritems|itervalues|iterkeys)'",
      "(util|sys)\\.(print|puts|debug|error) is not a function",
      "Cannot find module '(tcp|sys)'",
    ].join("|"),
  ),
);

/** Imports and names that only Deno or Bun knows, in the words of Node. */
export const isForAnotherRuntime: Sign = complains(
  /(Deno|Bun) is not defined|Received protocol '(https?|jsr|npm|bun):'|Cannot find (module|package) '((https?|jsr|npm|bun):|bun')/,
);

/** It crashed because its input and output are no terminal. */
export const needsTerminal: Sign = (transcript) =>
  crashed(transcript) &&
  complains(
    /Inappropriate ioctl|ENOTTY|'\/dev\/tty'|os\.getlogin\(\)|termios\.error|(clearLine|clearScreenDown|cursorTo|moveCursor|getWindowSize|setRawMode) is not a function/,
  )(transcript);

/** The line of the program at which Python's last exception arose, as its traceback shows it. */
function lineOfError(transcript: Transcript): string | undefined {
  const lines = [
    ...printed(transcript, "stderr").matchAll(/^ {4}(\S.*)\n(?: +[~^]+ *\n)?[A-Z]\w*(?:Error|Exception)\b/gm),
  ];
  return lines.at(-1)?.[1];
}

/** Python could not make one thing of str and bytes, and not in a send, which says that it takes bytes only. */
export const mixesTextAndBytes: Sign = (transcript) => {
  const line = lineOfError(transcript);
  const isSend = line !== undefined && /\b(send|sendall|sendto|sendmsg|write)\s*\(/.test(line);
  const joins = says(/can only concatenate str \(not "bytes"\)|can't concat str to bytes|first arg must be bytes/);
  const wantsBytes = complains(/TypeError: a bytes-like object is required, not 'str'/);
  return !isSend && (joins(transcript) || (line !== undefined && wantsBytes(transcript)));
};

/** What stops it has a name of its own, which tells more than that it stopped. */
export const stopsForAKnownReason: Sign = anyOf(forgetsAwait, isForAnotherRuntime, isOutdated, needsTerminal);

export const exited: Sign = (transcript) => exitOf(transcript) !== undefined;

/** It ended by an exception, a signal or another exit code than 0. */
export const crashed: Sign = (transcript) => {
  const exit = exitOf(transcript);
  return exit !== undefined && exit.code !== 0;
};

/** Not by itself: it took too much memory, as a rule. */
export const wasKilled: Sign = (transcript) => last(transcript, "exited")?.exit.signal === "SIGKILL";

export const exitedWithZero: Sign = (transcript) => exitOf(transcript)?.code === 0;

/** It ended while all the clients that had come were still there. */
export const exitedEarly: Sign = (transcript) => {
  const left = transcript.findIndex(({ type }) => type === "closed");
  return exited(left < 0 ? transcript : transcript.slice(0, left));
};

/** What was sent to it first of all that it did not answer any more before it ended. */
export function unansweredAtItsEnd(transcript: Transcript): Uint8Array | undefined {
  const untilItsEnd = before(transcript, "exited");
  const answered = untilItsEnd.findLastIndex(({ type }) => type === "received");
  return all(untilItsEnd.slice(answered + 1), "sent")[0]?.bytes;
}

/** After Ctrl-C it ran on, at least until Gema left or nothing moved any more. */
export const outlivesInterrupt: Sign = (transcript) => {
  const after = since(transcript, "signalled");
  if (after.length === 0) return false;
  const waited = after.findIndex(({ type }) => type === "closed" || type === "silent");
  return !exited(waited < 0 ? after : after.slice(0, waited));
};

/** All that Ctrl-C did was to end the connection of a client. */
export const endsAClientOnly: Sign = (transcript) =>
  outlivesInterrupt(transcript) && has(since(transcript, "signalled"), "ended");

/** The calls in which the program's threads were seen to wait for ever. */
function waits(transcript: Transcript): readonly BlockedCall[] {
  return last(transcript, "silent")?.blocked ?? last(transcript, "not-listening")?.blocked ?? [];
}

/** Some thread waits for ever in one of these calls. */
export const waitsIn =
  (calls: readonly string[]): Sign =>
  (transcript) =>
    waits(transcript).some(({ call }) => calls.includes(call));

/** Some thread waits for a line from the keyboard. */
export const waitsForKeyboard: Sign = (transcript) => waits(transcript).some(readsInput);

/** A client that was connected waited in a receive, and nothing of its own had arrived yet. */
export const waitsFirst: Sign = (transcript) =>
  waitsIn(RECEIVING)(before(before(transcript, "received"), "body-received"));

/** The program printed a message before Gema had finished sending. */
export const printsAtOnce: Sign = (transcript) => {
  const end = transcript.findIndex(({ type }) => type === "half-closed" || type === "closed");
  const output = printed(end < 0 ? transcript : transcript.slice(0, end), "stdout");
  return exchanges(transcript).some(({ sent }) => sent.length > 0 && output.includes(sent.toString("utf8").trim()));
};

/**
 * A client went when as many bytes had come as its message has letters: of a reply in three pieces it had two, and the
 * third was not sent any more.
 */
export const leavesAtLetterCount: Sign = (transcript) => {
  const peer = speaker(transcript);
  return (
    all(transcript, "sent", peer).length === 2 &&
    sentTo(transcript, peer).length < receivedFrom(transcript, peer).length
  );
};

/** Letters that a difference shows of a message at least. */
const BEGINNING = 4;

/** Where the client's message first differs from what it was to send. */
export function messageDifference(symptoms: Symptoms): ByteDifference | undefined {
  const finding = resultOf(symptoms, "sends-its-message")?.finding;
  return finding?.outcome === "fail" ? finding.difference : undefined;
}

/** The client's message is bytes as a programmer sees them, such as `b'...'`, and was to be others. */
export function sendsNotation(symptoms: Symptoms): boolean {
  const difference = messageDifference(symptoms);
  if (!difference) return false;
  const [expected, observed] = [difference.expected, difference.observed].map((bytes) =>
    isNotation(Buffer.from(bytes)),
  );
  return observed === true && expected === false;
}

/** The client's message begins with other words, and then comes what it was to send. */
export function putsWordsBefore(symptoms: Symptoms): boolean {
  if (sendsNotation(symptoms)) return false;
  const difference = messageDifference(symptoms);
  if (difference?.at !== 0 || difference.expected.length < BEGINNING) return false;
  return Buffer.from(difference.observed).indexOf(difference.expected.subarray(0, BEGINNING)) > 0;
}

/** The client shows the bytes of its reply as a programmer writes them, and not as text. */
export const showsOnlyNotation: Sign = (transcript) =>
  showsNotation(shown(transcript), sentTo(transcript, speaker(transcript)));

/** Of a reply that comes in pieces the client did not take the second: it had left before, or left that unread. */
export const leavesTheRest: Sign = (transcript) => {
  const peer = speaker(transcript);
  const message = receivedFrom(before(transcript, "sent"), peer);
  return sentTo(transcript, peer).length < message.length || anyExchange(({ unread }) => unread > 0)(transcript);
};

/** Of a reply that came in pieces it showed the last one, and the first one not. */
export const showsLastPiece: Sign = (transcript) => {
  const pieces = all(transcript, "sent", speaker(transcript)).map(({ bytes }) => bytes);
  const [first, last, output] = [pieces[0], pieces.at(-1), shown(transcript)];
  return pieces.length > 1 && first && last ? showsText(output, last) && !showsText(output, first) : false;
};

/** The client received all of a large body that was sent back to it, and left nothing unread. */
export const tookItsReply: Sign = (transcript) =>
  last(transcript, "body-sent")?.length === last(transcript, "body-received")?.length &&
  exchanges(transcript).every(({ end }) => end !== "rst");

/** It has shown a long reply to its end. Whoever sends a short message of its own gets none. */
export function readsLongReplies(symptoms: Symptoms): boolean {
  const attempts = resultOf(symptoms, "reads-a-long-reply")?.attempts ?? [];
  return passes(symptoms, "reads-a-long-reply") && attempts.some(({ transcript }) => showsALongReply(transcript));
}

/** Letters of a message that do not stand in other words. */
const UNMISTAKABLE = 10;

/** As often as its beginning the end of the message is shown, and once at least: what it sends it may show, too. */
const showsALongReply: Sign = (transcript) => {
  const told = transcript.flatMap((event) => {
    if (event.type === "started") return event.command;
    return event.type === "typed" ? [event.text.trim()] : [];
  });
  const [message = ""] = told.sort((a, b) => b.length - a.length);
  if ((last(transcript, "body-received")?.length ?? 0) < message.length) return false;
  const output = printed(transcript, "stdout").replace(/\s+/g, "");
  const times = (part: string): number => output.split(part).length - 1;
  const ends = times(message.slice(-UNMISTAKABLE));
  return ends > 0 && ends >= times(message.slice(0, UNMISTAKABLE));
};

/** Two clients had their answers while both were connected. */
export const servesTogether: Sign = (transcript) => {
  const served = new Set<string>();
  for (const event of transcript) {
    if (event.type === "ended" || event.type === "reset" || event.type === "closed") served.delete(event.peer);
    if (event.type === "received") served.add(event.peer);
    if (served.size > 1) return true;
  }
  return false;
};

/** It was at work while nobody talked to it, also before the client had finished. */
export const busyBeforeTheEnd: Sign = (transcript) =>
  has(transcript, "half-closed") && neverRested(before(transcript, "half-closed"));

/** It was at work while nobody talked to it, and only since a client had finished, whose connection it keeps. */
export const busySinceTheEnd: Sign = both(
  neverRested,
  (transcript) => has(transcript, "half-closed"),
  not(busyBeforeTheEnd),
  anyExchange(({ end }) => end === undefined),
);

/** A client stayed until Gema had closed, and then ended. */
export const endsAtOurFin: Sign = (transcript) => {
  const fin = transcript.findIndex(({ type }) => type === "half-closed");
  return fin >= 0 && !exited(transcript.slice(0, fin)) && exited(transcript.slice(fin));
};

/** A client in Node, where an open socket alone keeps a program alive, has printed all that Gema said, and stays. */
export const staysAfterShowing: Sign = (transcript) => {
  const fin = transcript.findIndex(({ type }) => type === "half-closed");
  const before = fin < 0 ? transcript : transcript.slice(0, fin);
  const output = printed(before, "stdout");
  const shown = exchanges(before).some(({ sent }) => sent.length > 0 && output.includes(sent.toString("utf8").trim()));
  return shown && runsInNode(transcript) && !exited(before);
};

/** The main thread ended by Ctrl-C, and others never rest. */
const spinsAfterInterrupt: Sign = (transcript) =>
  outlivesInterrupt(transcript) &&
  complains(/^KeyboardInterrupt/m)(transcript) &&
  last(transcript, "silent")?.proved === false;

/** Threads wait: one of several receives, which no event loop does, or they wait for each other and no event loop is there. */
export const isThreaded: Sign = (transcript) => {
  if (waitsIn(RECEIVING)(transcript)) return waits(transcript).length > 1;
  const waitsForThreads = waitsIn(["futex"])(transcript) && !waitsIn(EPOLL)(transcript);
  return waitsForThreads || spinsAfterInterrupt(transcript);
};

export const ACCEPTING = ["accept", "accept4"] as const;
export const RECEIVING = ["recvfrom", "recvmsg", "readv"] as const;
const EPOLL = ["epoll_wait", "epoll_pwait", "epoll_pwait2"] as const;
/** Where programs wait that hear of data by events. `poll` is what a receive with a time limit waits in, too. */
export const EVENT_LOOP = [...EPOLL, "select", "pselect6"] as const;
export const POLLING = [...EVENT_LOOP, "poll", "ppoll"] as const;
export const SENDING = ["sendto", "sendmsg", "write", "writev"] as const;
