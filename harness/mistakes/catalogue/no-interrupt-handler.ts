import { breaksWhenInterrupted } from "../../checks/stopping.ts";
import { breaks } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { crashed, outlivesInterrupt } from "../signs/process.ts";
import { both, not } from "../signs/sign.ts";
import { slips } from "../signs/words.ts";
import { showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server", "udp-server"],
  title: { en: "Ctrl-C is not handled", id: "Ctrl-C tidak ditangani" },
  explanation: {
    en: "Ctrl-C sends the signal SIGINT. Python turns it into the exception KeyboardInterrupt: where nobody catches it, the server ends with a traceback; a Node program without a handler is killed on the spot. Catch it, close the server's socket and end with exit code 0: any other code says that something went wrong.",
    id: "Ctrl-C mengirim sinyal SIGINT. Python mengubahnya menjadi exception KeyboardInterrupt: jika tidak ada yang menangkapnya, server berakhir dengan traceback; program Node tanpa handler langsung dimatikan. Tangkap, tutup socket server, lalu berhenti dengan exit code 0: kode lain berarti ada yang salah.",
  },
  lookUp: {
    en: "`except KeyboardInterrupt: s.close(); sys.exit(0)` in the lecture's server example; Python docs, KeyboardInterrupt and signal; Node docs, process.on('SIGINT').",
    id: "`except KeyboardInterrupt: s.close(); sys.exit(0)` pada contoh server di kuliah; dokumentasi Python, KeyboardInterrupt dan signal; dokumentasi Node, process.on('SIGINT').",
  },
  wrong: {
    python: `while True:
    client_sock, client_addr = s.accept()     # Ctrl-C: KeyboardInterrupt
    serve(client_sock)`,
    typescript: `server.listen(5000, "127.0.0.1"); // no 'SIGINT' listener`,
  },
  repair: {
    python: `try:
    while True:
        client_sock, client_addr = s.accept()
        serve(client_sock)
except KeyboardInterrupt:
    s.close()
    sys.exit(0)`,
    typescript: `process.on("SIGINT", () => {
  server.close();
  process.exit(0);
});`,
  },
  inUdp: {
    wrong: {
      python: `while True:
    data, address = s.recvfrom(65535)     # Ctrl-C: KeyboardInterrupt
    s.sendto(data, address)`,
      typescript: `server.bind(5000, "127.0.0.1"); // no 'SIGINT' listener`,
    },
    repair: {
      python: `try:
    while True:
        data, address = s.recvfrom(65535)
        s.sendto(data, address)
except KeyboardInterrupt:
    s.close()
    sys.exit(0)`,
      typescript: `process.on("SIGINT", () => {
  server.close();
  process.exit(0);
});`,
    },
  },
  fault: breaks,
  diagnose(symptoms) {
    // Who catches it may still come to a line that cannot be carried out, or fail while it closes.
    const ends = both(crashed, not(outlivesInterrupt), not(slips), not(breaksWhenInterrupted));
    return suspect(0.95, showing(symptoms, ends, ["stops-on-sigint", "stops-with-a-client-connected"]));
  },
};
