import type { AssignmentFile } from "../schema.ts";
import { tcpEcho } from "./tcp-echo.ts";
import { udpEcho } from "./udp-echo.ts";

/** Both socket types of the lecture: an echo server and client for TCP, and for UDP. Each is half of it. */
export const echoAll = {
  ...tcpEcho,
  name: "echo-all",
  title: { en: "TCP and UDP echo servers and clients", id: "Server dan klien echo TCP dan UDP" },
  bufferBytes: udpEcho.bufferBytes,
  programs: { ...tcpEcho.programs, ...udpEcho.programs },
  requirements: [...tcpEcho.requirements, ...udpEcho.requirements].map((one) => ({ ...one, points: one.points / 2 })),
} satisfies AssignmentFile;
