/**
 * A correct TCP echo server.
 *
 *     tcp-server [host] [port] [--contract one-shot|stream]
 *
 * `stream` echoes every byte until the client has finished. `one-shot` echoes what the first receive brings and closes
 * that connection. SIGINT (Ctrl+C) closes everything and exits with 0; a port that is taken exits with 1.
 */
import { createServer, type Socket } from "node:net";
import { parseArgs } from "node:util";

function echoStream(client: Socket): void {
  // pipe() stops reading while the client is slow to take its echo, and finishes sending once the client has finished.
  client.pipe(client);
}

function echoOnce(client: Socket): void {
  client.once("data", (bytes) => {
    client.end(bytes);
    // What comes later is read and dropped: a close with unread bytes sends a reset, which can overtake the echo.
    client.resume();
  });
}

const CONTRACTS = new Map([
  ["stream", echoStream],
  ["one-shot", echoOnce],
]);

function serve(host: string, port: number, echo: (client: Socket) => void): void {
  const clients = new Set<Socket>();
  const server = createServer((client) => {
    clients.add(client);
    client.on("close", () => clients.delete(client));
    // Without this listener one client's reset would end the server, and every other client with it.
    client.on("error", (error) => console.error(`lost a client: ${error.message}`));
    echo(client);
  });
  server.on("error", (error) => stop(error.message));
  server.listen(port, host, () => console.log(`listening on ${host} port ${port}`));
  process.once("SIGINT", () => {
    server.close();
    for (const client of clients) client.destroy();
  });
}

function readPort(text: string): number {
  const port = Number(text);
  if (/^[0-9]+$/.test(text) && port >= 1 && port <= 65535) return port;
  throw new Error(`not a port from 1 to 65535: "${text}"`);
}

function stop(reason: string): never {
  console.error(`tcp-server: ${reason}`);
  process.exit(1);
}

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { contract: { type: "string", default: "stream" } },
  });
  const [host = "127.0.0.1", port = "5000", ...surplus] = positionals;
  const echo = CONTRACTS.get(values.contract);
  if (echo === undefined) throw new Error(`no such contract: "${values.contract}"`);
  if (surplus.length > 0) throw new Error(`too many arguments: ${surplus.join(" ")}`);
  serve(host, readPort(port), echo);
} catch (error) {
  stop(error instanceof Error ? error.message : String(error));
}
