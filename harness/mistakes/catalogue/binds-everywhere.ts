import { last } from "../../checks/reading.ts";
import { isWildcard } from "../../kernel/address.ts";
import { binds } from "../fault.ts";
import type { Mistake } from "../mistake.ts";
import type { Sign } from "../signs/sign.ts";
import { showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-server"],
  title: { en: "Listens on every address of the computer", id: "Melakukan listen di semua alamat komputer" },
  explanation: {
    en: "The server listens on 0.0.0.0 (or ::), that is on all network cards, and not only on 127.0.0.1 as asked. Everybody in the same network can connect to it. While you practise, that opens a door that you did not mean to open. An empty host in bind(('', 5000)), or none in listen(5000), means the same.",
    id: "Server melakukan listen di 0.0.0.0 (atau ::), yaitu di semua kartu jaringan, bukan hanya di 127.0.0.1 seperti yang diminta. Semua orang di jaringan yang sama bisa terhubung. Saat berlatih, itu membuka pintu yang tidak Anda maksudkan. Host kosong pada bind(('', 5000)), atau tanpa host pada listen(5000), berarti sama.",
  },
  lookUp: {
    en: "bind(('127.0.0.1', 5000)) on the lecture's slides; Python socket docs, the address '' and INADDR_ANY; Node net docs, server.listen(): what happens when host is omitted.",
    id: "bind(('127.0.0.1', 5000)) pada slide kuliah; dokumentasi socket Python, alamat '' dan INADDR_ANY; dokumentasi net Node, server.listen(): apa yang terjadi jika host tidak ditulis.",
  },
  wrong: {
    python: `s.bind(("", 5000))`,
    typescript: `server.listen(5000);`,
  },
  repair: {
    python: `s.bind(("127.0.0.1", 5000))           # not "" and not "0.0.0.0"`,
    typescript: `server.listen(5000, "127.0.0.1"); // with the host`,
  },
  fault: binds,
  diagnose(symptoms) {
    const wildcard: Sign = (transcript) =>
      last(transcript, "listening")?.sockets.some(({ host }) => isWildcard(host)) ?? false;
    return suspect(0.97, showing(symptoms, wildcard, ["listens-only-where-asked"]));
  },
};
