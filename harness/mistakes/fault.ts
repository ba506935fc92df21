import { roleOf } from "../assignment/assignment.ts";
import { has } from "../checks/reading.ts";
import {
  bytesOf,
  callsByPeer,
  hasPlace,
  isAccept,
  isBind,
  isConnect,
  isFinish,
  isReceive,
  isSend,
  waitingAt,
} from "../trace/source-calls.ts";
import { lineInStderr } from "../trace/stderr-line.ts";
import type { TracedCall } from "../trace/trace.ts";
import type { FindFault } from "./mistake.ts";

/** Which call is at fault: each finds one in the trace of a check that failed, or none. */

type Test = (call: TracedCall) => boolean;

const first =
  (test: Test): FindFault =>
  ({ trace }) =>
    trace.calls.find((call) => test(call) && hasPlace(call))?.place;

/** The first that finds a line. */
export const either =
  (...finders: readonly FindFault[]): FindFault =>
  (run) => {
    for (const find of finders) {
      const place = find(run);
      if (place) return place;
    }
    return undefined;
  };

/** A client that makes this mistake makes it elsewhere. */
export const inServer =
  (find: FindFault): FindFault =>
  (run) =>
    roleOf(run.program) === "server" ? find(run) : undefined;

/** How Python says that a call would have to wait. */
const NOT_YET = "BlockingIOError";

const gotNothing: Test = (call) => isReceive(call) && call.ended?.bytes === 0;

export const binds = first(isBind);
export const listens = first(({ call }) => call === "listen");
export const accepts = first(isAccept);
export const connects = first(isConnect);
/** The attempt to connect, if it was in vain. */
export const connectsInVain: FindFault = (run) => (has(run.transcript, "connected") ? undefined : connects(run));
export const receives = either(
  first((call) => isReceive(call) && bytesOf(call) > 0),
  first(isReceive),
);
/** The receive that said that the other side has finished. */
export const receivesTheEnd = first(gotNothing);
/** The receive that had no room for more: what was left of a datagram is lost. */
export const receivesAFullBuffer = first(
  (call) => isReceive(call) && bytesOf(call) > 0 && bytesOf(call) === call.asked,
);
export const sends = first(isSend);
export const setsTimeout = first(({ call }) => call === "settimeout" || call === "setTimeout");
export const setsEncoding = first(({ call }) => call === "setEncoding");
/** A connection, and not the listening socket. */
export const closes = first((call) => isFinish(call) && call.remote !== undefined);
export const closesListener = first((call) => isFinish(call) && call.remote === undefined);
export const findsNothingToDo = first(({ ended }) => ended?.error === NOT_YET);

/** The call that is given the server's address. */
export const addressed = either(inServer(binds), connects, sends);
/** The call that failed. */
export const breaksOff = first(({ ended }) => ended?.error !== undefined && ended.error !== NOT_YET);

const tookLess: Test = ({ call, asked = 0, ended }) => call === "send" && (ended?.bytes ?? asked) < asked;
/** The send that took less than it was given, or nothing. */
export const sendsInVain = first((call) => tookLess(call) || (isSend(call) && call.ended?.error === NOT_YET));
/** The send that took less than it was given; else the one that may. */
export const sendsAPart = either(
  first(tookLess),
  first(({ call }) => call === "send"),
  sends,
);

/** The receive that was followed by another one and not by an answer. */
export const receivesInVain: FindFault = ({ trace }) => {
  const calls = trace.calls.filter((call) => isReceive(call) || isSend(call));
  const carries = (call: TracedCall | undefined): boolean => call !== undefined && isReceive(call) && bytesOf(call) > 0;
  return calls.find((call, at) => carries(call) && carries(calls[at + 1]) && hasPlace(call))?.place;
};

/** The send to a client before anything was received from it. */
export const sendsFirst: FindFault = (run) => {
  const openings = [...callsByPeer(run).values()].map((calls) =>
    calls.find((call) => isSend(call) || (isReceive(call) && bytesOf(call) > 0)),
  );
  return openings.find((call) => call && isSend(call))?.place;
};

/** The last send of the first answer. */
export const sendsLast: FindFault = (run) => {
  for (const calls of callsByPeer(run).values()) {
    const begin = calls.findIndex((call) => isReceive(call) && bytesOf(call) > 0);
    const end = calls.findIndex((call, at) => at > begin && isReceive(call));
    const place = calls
      .slice(begin, end < 0 ? calls.length : end)
      .findLast((call) => isSend(call) && bytesOf(call) > 0)?.place;
    if (begin >= 0 && place) return place;
  }
  return sends(run);
};

/** The send to somebody who had not sent anything yet. */
export const sendsToOthers = either(sendsFirst, sends);

/** The send to somebody other than who was heard last. */
export const sendsToAnother: FindFault = ({ trace }) => {
  let heard: number | undefined;
  for (const call of trace.calls) {
    if (isReceive(call)) heard = call.remote ?? heard;
    if (isSend(call) && heard !== undefined && call.remote !== heard && call.place) return call.place;
  }
  return undefined;
};

/** A call in which the program waits while nothing moves. */
const waitsTo =
  (test: Test): FindFault =>
  ({ transcript, trace }) => {
    const silent = transcript.filter(({ type }) => type === "silent");
    return silent.flatMap(({ atMs }) => waitingAt(trace, atMs).filter(test)).find(hasPlace)?.place;
  };

export const waitsToReceive = waitsTo(isReceive);
export const waitsToSend = waitsTo(isSend);
export const waitsToAccept = waitsTo(isAccept);

/** The program's own innermost line in its last traceback. */
export const breaks: FindFault = ({ transcript, file }) => {
  const line = lineInStderr(transcript, file);
  return line === undefined ? undefined : { file, line };
};
