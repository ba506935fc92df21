import type { Mistake } from "../mistake.ts";
import { exited } from "../signs/process.ts";
import { anyExchange, both, not } from "../signs/sign.ts";
import { EVENT_LOOP, waitsIn } from "../signs/waits.ts";
import { showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server"],
  title: {
    en: "Stops receiving for a slow client, and never goes on",
    id: "Berhenti menerima demi klien yang lambat, lalu tidak melanjutkan",
  },
  explanation: {
    en: "When a client reads slowly, the send buffer fills up, and it is right to stop receiving for a while: pause() in Node, pause_reading() in asyncio, no more waiting for reads in a selector. But somebody has to say when to go on. The program never does: once the buffer is empty again, the rest of the message lies unread, and both sides wait for ever.",
    id: "Ketika klien lambat membaca, buffer pengiriman penuh, dan memang tepat berhenti menerima sejenak: pause() di Node, pause_reading() di asyncio, atau tidak lagi menunggu pembacaan di selector. Tetapi harus ada yang memberi tahu kapan melanjutkan. Program tidak melakukannya: setelah buffer kosong lagi, sisa pesan tetap tidak dibaca, dan kedua pihak saling menunggu selamanya.",
  },
  lookUp: {
    en: "send and recv on the lecture's slides, which wait by themselves; Node docs, stream backpressure: pause(), the event 'drain', resume(), pipe(); Python asyncio docs, resume_writing() and resume_reading(); selectors docs, modify().",
    id: "send dan recv pada slide kuliah, yang menunggu dengan sendirinya; dokumentasi Node, backpressure pada stream: pause(), event 'drain', resume(), pipe(); dokumentasi asyncio Python, resume_writing() dan resume_reading(); dokumentasi selectors, modify().",
  },
  wrong: {
    python: `# asyncio.Protocol
def pause_writing(self):
    self.transport.pause_reading()
# and nothing that reads on`,
    typescript: `socket.on("data", (data) => {
  if (!socket.write(data)) socket.pause(); // until when?
});`,
  },
  repair: {
    python: `def pause_writing(self):
    self.transport.pause_reading()

def resume_writing(self):             # the buffer has room again
    self.transport.resume_reading()`,
    typescript: `socket.on("data", (data) => {
  if (!socket.write(data)) socket.pause();
});
// the buffer is empty again
socket.on("drain", () => socket.resume());`,
  },
  diagnose(symptoms) {
    const stands = anyExchange(
      ({ sentBytes, receivedBytes, bodyDiffers, end, unread }) =>
        unread > 0 && 0 < receivedBytes && receivedBytes < sentBytes && !bodyDiffers && end === undefined,
    );
    const explains = showing(symptoms, both(stands, waitsIn(EVENT_LOOP), not(exited)), [
      "survives-a-stalled-reader",
      "sends-everything",
      "echoes-a-large-body",
    ]);
    return suspect(0.93, explains);
  },
};
