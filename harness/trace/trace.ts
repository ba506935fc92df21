import * as z from "zod";

/** A line of the student's own source. */
export interface Place {
  /** Relative to the submission's folder, with `/`. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
}

/** The socket calls that are reported, as the student writes them. Node's `data`, `message` and `connection` are events. */
export const CALLS = [
  "bind",
  "listen",
  "accept",
  "connection",
  "connect",
  "connect_ex",
  "recv",
  "recv_into",
  "recvfrom",
  "recvfrom_into",
  "recvmsg",
  "recvmsg_into",
  "data",
  "message",
  "send",
  "sendall",
  "sendto",
  "sendmsg",
  "write",
  "end",
  "shutdown",
  "close",
  "destroy",
  "resetAndDestroy",
  "settimeout",
  "setTimeout",
  "setEncoding",
] as const;

/** One socket call of the program. */
export interface TracedCall {
  /** On the clock of the traced transcript. */
  readonly atMs: number;
  readonly call: (typeof CALLS)[number];
  /** The innermost line of the program's own that led to it; absent when its libraries acted by themselves. */
  readonly place?: Place;
  /** Bytes it was to receive at most, or to send. */
  readonly asked?: number;
  /** Ports of the connection. */
  readonly local?: number;
  readonly remote?: number;
  /** Absent while it waits. */
  readonly ended?: CallEnd;
}

export interface CallEnd {
  readonly atMs: number;
  /** Bytes received or sent, where it says how many. */
  readonly bytes?: number;
  /** The name of the exception, or the system's word for it. */
  readonly error?: string;
}

/** What the hooks reported of one launch, or of several that one check made, in the order of the calls. */
export interface Trace {
  readonly calls: readonly TracedCall[];
  /** Calls that were only counted, at least. */
  readonly leftOut: number;
}

/** Reports that are read: each call makes two at most. */
const MOST_RECORDS = 4000;
const LONGEST_NAME = 200;

const count = z.int().nonnegative();
const port = z.int().min(0).max(65_535);
const name = z.string().max(LONGEST_NAME);
const process = { atMs: z.number(), pid: count };
const result = { bytes: z.exactOptional(count), error: z.exactOptional(name) };
const ends = { local: z.exactOptional(port), remote: z.exactOptional(port) };

const Begun = z.strictObject({
  ...process,
  number: count,
  call: z.enum(CALLS),
  asked: z.exactOptional(count),
  file: z.exactOptional(name),
  line: z.exactOptional(z.int().positive()),
  over: z.exactOptional(z.literal(true)),
  ...result,
  ...ends,
});
const Ended = z.strictObject({ ...process, ended: count, ...result, ...ends });
const LeftOut = z.strictObject({ atMs: z.exactOptional(z.number()), pid: count, leftOut: count });
const Record = z.union([Begun, Ended, LeftOut]);

/**
 * Reads what the hooks wrote. The program can write there, too: what is no report is left out.
 * @param zeroMs where the transcript's clock starts, on the monotonic clock of this machine
 */
export function readTrace(text: string, zeroMs: number): Trace {
  const calls = new Map<string, TracedCall>();
  const leftOut = new Map<number, number>();
  for (const line of text.split("\n", MOST_RECORDS)) {
    const record = parsed(line);
    if (!record) continue;
    if ("leftOut" in record) leftOut.set(record.pid, record.leftOut);
    else if ("number" in record) calls.set(`${record.pid} ${record.number}`, begun(record, zeroMs));
    else {
      const key = `${record.pid} ${record.ended}`;
      const call = calls.get(key);
      if (call) calls.set(key, { ...call, ...endsOf(record), ended: endOf(record, zeroMs) });
    }
  }
  return { calls: [...calls.values()], leftOut: [...leftOut.values()].reduce((sum, one) => sum + one, 0) };
}

function parsed(line: string): z.infer<typeof Record> | undefined {
  try {
    return Record.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined; // no JSON: the last line of a program that was killed, or somebody else's
  }
}

function begun({ call, asked, file, line, over, ...record }: z.infer<typeof Begun>, zeroMs: number): TracedCall {
  return {
    atMs: since(zeroMs, record.atMs),
    call,
    ...(file !== undefined && line !== undefined && { place: { file, line } }),
    ...(asked !== undefined && { asked }),
    ...endsOf(record),
    ...(over && { ended: endOf(record, zeroMs) }),
  };
}

function endsOf({ local, remote }: Pick<TracedCall, "local" | "remote">): Pick<TracedCall, "local" | "remote"> {
  return { ...(local !== undefined && { local }), ...(remote !== undefined && { remote }) };
}

function endOf({ atMs, bytes, error }: CallEnd, zeroMs: number): CallEnd {
  return { atMs: since(zeroMs, atMs), ...(bytes !== undefined && { bytes }), ...(error !== undefined && { error }) };
}

function since(zeroMs: number, atMs: number): number {
  return Math.round((atMs - zeroMs) * 1000) / 1000;
}
