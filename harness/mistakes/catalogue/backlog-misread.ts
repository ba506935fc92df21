import { exchanges } from "../exchange.ts";
import { listens } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import { exited } from "../signs/process.ts";
import { anyExchange, both, not } from "../signs/sign.ts";
import { complains, meetsBadValue } from "../signs/words.ts";
import { passes, showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server"],
  title: { en: "Takes the backlog for a limit of clients", id: "Mengira backlog adalah batas jumlah klien" },
  explanation: {
    en: "The number in listen(n) is the length of the queue in which connections wait for accept(); it does not limit how many clients are served. The program turns clients away once that many are connected: they are accepted and closed at once, without an echo.",
    id: "Angka dalam listen(n) adalah panjang antrean koneksi yang menunggu accept(), bukan batas jumlah klien yang dilayani. Program menolak klien begitu jumlah itu tercapai: koneksi diterima lalu langsung ditutup, tanpa echo.",
  },
  lookUp: {
    en: "listen(1) in the lecture's example, which serves any number of clients; the man page listen(2), backlog; Python socket docs, listen(); Node net docs, server.listen(backlog), which is not server.maxConnections.",
    id: "listen(1) pada contoh kuliah, yang tetap melayani klien sebanyak apa pun; halaman manual listen(2), backlog; dokumentasi socket Python, listen(); dokumentasi net Node, server.listen(backlog), yang berbeda dari server.maxConnections.",
  },
  wrong: {
    python: `s.listen(5)
while True:
    client_sock, client_addr = s.accept()
    if len(clients) >= 5:
        client_sock.close()   # turned away`,
    typescript: `server.maxConnections = 5; // the sixth client is turned away
server.listen(5000, "127.0.0.1");`,
  },
  repair: {
    python: `s.listen(5)                   # five may wait in the queue
while True:
    client_sock, client_addr = s.accept()   # and all of them are served
    threading.Thread(target=serve, args=(client_sock,), daemon=True).start()`,
    typescript: `// no server.maxConnections
// five may wait, all are served
server.listen({ port: 5000, host: "127.0.0.1", backlog: 5 });`,
  },
  fault: listens,
  diagnose(symptoms) {
    const turnedAway = anyExchange(({ connected, hungUp, sentBytes, receivedBytes, peer }, transcript) => {
      const served = exchanges(transcript).some((other) => other.peer !== peer && other.receivedBytes > 0);
      return connected && hungUp && sentBytes > 0 && receivedBytes === 0 && (served || peer === "B");
    });
    const names = ["serves-many-clients", "does-not-wait-for-a-silent-client", "survives-a-slow-client"];
    if (!passes(symptoms, "accepts-the-next-client")) return undefined;
    return suspect(
      0.9,
      showing(symptoms, both(turnedAway, not(exited), not(meetsBadValue), not(complains(/MemoryError/))), names),
    );
  },
};
