import { createSocket } from "node:dgram";
import { connect, createServer, isIPv6, type Server, type Socket } from "node:net";
import type { HostAnswer, HostOrder } from "./another-host.ts";

/** Opens sockets in the network of another host and hands them over, unread. It ends with its channel. */
const servers: Server[] = [];

process.on("message", (order: HostOrder) => {
  if (order.do === "connect") connectTo(order);
  else if (order.do === "listen") listenAt(order);
  else if (order.do === "bind") bindAt(order);
  else stop(order.id);
});
process.on("disconnect", () => process.exit());
tell({ id: 0 });

function tell(answer: HostAnswer, socket?: Socket): void {
  process.send?.(answer, socket);
}

function connectTo({ id, to, limitMs }: Extract<HostOrder, { do: "connect" }>): void {
  const socket = connect({ ...to, allowHalfOpen: true });
  socket.pause(); // whatever comes is for the one who gets it
  const late = setTimeout(() => socket.destroy(Object.assign(new Error(), { code: "ETIMEDOUT" })), limitMs);
  const done = (answer: HostAnswer, connected?: Socket): void => {
    clearTimeout(late);
    tell(answer, connected);
  };
  socket.once("connect", () => done({ id }, socket));
  socket.once("error", ({ code = "no code" }: NodeJS.ErrnoException) => done({ id, code }));
}

function listenAt({ id, at }: Extract<HostOrder, { do: "listen" }>): void {
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) => tell({ id }, socket));
  servers.push(server);
  server.once("error", ({ code = "no code" }: NodeJS.ErrnoException) => tell({ id, code }));
  server.listen(at, () => tell({ id }));
}

/** The socket goes first. That it can be used is said when it has one owner, who alone reads what comes. */
function bindAt({ id, at: { host, port } }: Extract<HostOrder, { do: "bind" }>): void {
  const socket = createSocket(isIPv6(host) ? "udp6" : "udp4");
  socket.once("error", ({ code = "no code" }: NodeJS.ErrnoException) => tell({ id, code }));
  socket.bind({ address: host, port, exclusive: true }, () => {
    process.send?.({ id }, socket, undefined, () => socket.close(() => tell({ id })));
  });
}

function stop(id: number): void {
  for (const server of servers.splice(0)) server.close();
  tell({ id });
}
