import { endlessCall, sends } from "./blocked.ts";
import { listProc, readLink, readProc } from "./processes.ts";

/** Whether a thread of these processes sleeps in a call without a time limit that sends on this socket. */
export function sleepsInSend(pids: readonly number[], inode: number): boolean {
  return pids.some((pid) =>
    listProc(`/proc/${pid}/task`).some((thread) => sendsOn(`/proc/${pid}/task/${thread}`, inode)),
  );
}

function sendsOn(thread: string, inode: number): boolean {
  const blocked = endlessCall(readProc(`${thread}/syscall`) ?? "");
  if (blocked?.fd === undefined || !sends(blocked.call)) return false;
  return readLink(`${thread}/fd/${blocked.fd}`) === `socket:[${inode}]`;
}
