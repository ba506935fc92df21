/**
 * A correct UDP echo server.
 *
 *     udp-server [host] [port]
 *
 * Answers each datagram with one of the same bytes, to whoever sent it. SIGINT (Ctrl+C) closes the socket and exits with
 * 0; a port that is taken exits with 1.
 */
import { createSocket } from "node:dgram";
import { isIPv6 } from "node:net";

function serve(host: string, port: number): void {
  // One socket for all clients: with UDP there is no connection, and so no socket for each of them.
  const socket = createSocket(isIPv6(host) ? "udp6" : "udp4");
  socket.on("message", (bytes, client) => {
    // To the sender of this very datagram. The callback hears of a client that is gone, which ends nothing here.
    socket.send(bytes, client.port, client.address, (error) => {
      if (error) console.error(`lost a client: ${error.message}`);
    });
  });
  socket.on("error", (error) => stop(error.message));
  socket.bind(port, host, () => console.log(`waiting for datagrams on ${host} port ${port}`));
  process.once("SIGINT", () => socket.close());
}

function readPort(text: string): number {
  const port = Number(text);
  if (/^[0-9]+$/.test(text) && port >= 1 && port <= 65535) return port;
  throw new Error(`not a port from 1 to 65535: "${text}"`);
}

function stop(reason: string): never {
  console.error(`udp-server: ${reason}`);
  process.exit(1);
}

try {
  const [host = "127.0.0.1", port = "5000", ...surplus] = process.argv.slice(2);
  if (surplus.length > 0) throw new Error(`too many arguments: ${surplus.join(" ")}`);
  serve(host, readPort(port));
} catch (error) {
  stop(error instanceof Error ? error.message : String(error));
}
