import { closesListener } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { endsAClientOnly, outlivesInterrupt } from "../signs/process.ts";
import { both, not } from "../signs/sign.ts";
import { isThreaded } from "../signs/waits.ts";
import { showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server"],
  title: { en: "server.close() waits for the clients", id: "server.close() menunggu para klien" },
  explanation: {
    en: "server.close() only stops accepting: the program goes on until the last client has left, and the callback comes only then. One client that stays connected makes Ctrl-C useless. Destroy the sockets that are still open, or call process.exit(0).",
    id: "server.close() hanya berhenti menerima koneksi baru: program tetap berjalan sampai klien terakhir pergi, dan callback baru dipanggil saat itu. Satu klien yang tetap terhubung membuat Ctrl-C tidak berguna. Hancurkan (destroy) socket yang masih terbuka, atau panggil process.exit(0).",
  },
  lookUp: {
    en: '`except KeyboardInterrupt` in the lecture\'s example, which ends at once; Node net docs, server.close(): "stops the server from accepting new connections and keeps existing connections"; Python docs, asyncio Server.wait_closed().',
    id: '`except KeyboardInterrupt` pada contoh kuliah, yang langsung berhenti; dokumentasi net Node, server.close(): "stops the server from accepting new connections and keeps existing connections"; dokumentasi Python, asyncio Server.wait_closed().',
  },
  wrong: {
    python: `try:
    server.serve_forever()
except KeyboardInterrupt:
    for worker in workers:
        worker.join()         # until the last client has left`,
    typescript: `process.on("SIGINT", () => {
  // called when the last client has left
  server.close(() => process.exit(0));
});`,
  },
  repair: {
    python: `try:
    server.serve_forever()
except KeyboardInterrupt:
    server.server_close()
    sys.exit(0)               # does not wait for the clients`,
    typescript: `process.on("SIGINT", () => {
  server.close();
  process.exit(0); // clients that are still there do not hold it up
});`,
  },
  fault: closesListener,
  diagnose(symptoms) {
    const deaf = showing(symptoms, outlivesInterrupt, ["stops-on-sigint"]).length > 0;
    if (deaf) return undefined;
    return suspect(
      0.9,
      showing(symptoms, both(outlivesInterrupt, not(isThreaded), not(endsAClientOnly)), [
        "stops-with-a-client-connected",
      ]),
    );
  },
};
