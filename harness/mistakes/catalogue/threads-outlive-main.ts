import type { Mistake } from "../mistake.ts";
import { outlivesInterrupt } from "../signs/process.ts";
import { both } from "../signs/sign.ts";
import { isThreaded } from "../signs/waits.ts";
import { showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server", "udp-server"],
  title: { en: "Threads keep the program alive", id: "Thread membuat program tidak berhenti" },
  explanation: {
    en: "After Ctrl-C the main program has ended, but Python waits for every thread that is not a daemon, and those wait in recv() for their clients. The program hangs, the port stays taken. Start threads with daemon=True, or close the clients' sockets when the server stops.",
    id: "Setelah Ctrl-C program utama sudah selesai, tetapi Python menunggu setiap thread yang bukan daemon, dan thread itu menunggu kliennya di recv(). Program menggantung dan port tetap terpakai. Jalankan thread dengan daemon=True, atau tutup socket klien saat server berhenti.",
  },
  lookUp: {
    en: "`except KeyboardInterrupt` in the lecture's server example; Python docs, threading.Thread, daemon, and concurrent.futures shutdown(cancel_futures); Node docs, process.exit() and server.closeAllConnections.",
    id: "`except KeyboardInterrupt` pada contoh server di kuliah; dokumentasi Python, threading.Thread, daemon, dan shutdown(cancel_futures) pada concurrent.futures; dokumentasi Node, process.exit() dan server.closeAllConnections.",
  },
  wrong: {
    python: `worker = threading.Thread(target=serve, args=(client_sock,))
worker.start()                # Ctrl-C ends the main thread only`,
    typescript: `// open sockets keep the program alive
process.on("SIGINT", () => server.close());`,
  },
  repair: {
    python: `worker = threading.Thread(target=serve, args=(client_sock,), daemon=True)
worker.start()                # ends together with the program`,
    typescript: `process.on("SIGINT", () => {
  server.close();
  // nobody keeps the program alive
  for (const socket of clients) socket.destroy();
});`,
  },
  inUdp: {
    explanation: {
      en: "After Ctrl-C the main program has ended, but Python waits for every thread that is not a daemon, and those wait in recvfrom() for datagrams. The program hangs, the port stays taken. Start threads with daemon=True, or close the socket when the server stops.",
      id: "Setelah Ctrl-C program utama sudah selesai, tetapi Python menunggu setiap thread yang bukan daemon, dan thread itu menunggu datagram di recvfrom(). Program menggantung dan port tetap terpakai. Jalankan thread dengan daemon=True, atau tutup socket saat server berhenti.",
    },
    wrong: {
      python: `worker = threading.Thread(target=serve, args=(s,))
worker.start()                # Ctrl-C ends the main thread only`,
      typescript: `// a timer keeps the program alive
process.on("SIGINT", () => server.close());
setInterval(report, 1000);`,
    },
    repair: {
      python: `worker = threading.Thread(target=serve, args=(s,), daemon=True)
worker.start()                # ends together with the program`,
      typescript: `process.on("SIGINT", () => {
  server.close();
  clearInterval(timer); // nothing keeps the program alive
});
const timer = setInterval(report, 1000);`,
    },
  },
  diagnose(symptoms) {
    const names = ["stops-on-sigint", "stops-with-a-client-connected"];
    return suspect(0.88, showing(symptoms, both(outlivesInterrupt, isThreaded), names));
  },
};
