import { fileURLToPath } from "node:url";
import getPort from "get-port";
import { waitUntilListening } from "../launch/ready.ts";
import type { Launcher } from "../launch/subject.ts";
import { ownFile } from "../own-file.ts";
import { Conversation } from "../wire/conversation.ts";
import { Patience } from "../wire/patience.ts";
import { Payload } from "../wire/payload.ts";
import { Recorder } from "../wire/recorder.ts";

const ECHOES = 20;
const START_MS = 30_000;
/** Seen from the sources, as in the tests, or from beside it. */
const BUILT = import.meta.url.endsWith(".ts") ? "../dist/reference/tcp-server.js" : "../reference/tcp-server.js";

/** Milliseconds that the reference server's slowest of some echoes takes on this machine, now. */
export async function slowestReferenceEcho(launcher: Launcher): Promise<number> {
  const address = { host: "127.0.0.1", port: await getPort({ host: "127.0.0.1" }) };
  const script = fileURLToPath(ownFile(BUILT));
  const command = [process.execPath, script, address.host, String(address.port)];
  const subject = await launcher.launch({ command, cwd: process.cwd(), readable: [], env: {} });
  const conversation = new Conversation(new Recorder(0), new Patience(async () => 0));
  try {
    await waitUntilListening(subject, address, START_MS);
    conversation.attach(subject);
    const probe = await conversation.connect("A", address);
    let slowest = 0;
    for (let echo = 0; echo < ECHOES && !probe.over; echo++) {
      const start = performance.now();
      probe.send(new Payload(echo, "calibration").nonce());
      await conversation.receive(probe, probe.sent);
      slowest = Math.max(slowest, performance.now() - start);
    }
    return slowest;
  } finally {
    conversation.close();
    await subject.stop();
  }
}
