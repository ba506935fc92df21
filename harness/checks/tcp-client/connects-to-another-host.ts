import type { Contract, Level } from "../../assignment/assignment.ts";
import { passedTo } from "../../assignment/passing.ts";
import { formatAddress } from "../../kernel/address.ts";
import type { ClientCheck } from "../check.ts";
import { describeStay } from "../client-reading.ts";
import { talk } from "../client-talk.ts";
import { fail, has, join, last, PASS } from "../reading.ts";

export const check: ClientCheck = {
  title: { en: "connects to a server on another host", id: "terhubung ke server di host lain" },
  why: {
    en: "Client and server are made to run on different computers. A client that always talks to 127.0.0.1 finds servers on its own computer only.",
    id: "Klien dan server dibuat untuk berjalan di komputer yang berbeda. Klien yang selalu menghubungi 127.0.0.1 hanya menemukan server di komputernya sendiri.",
  },
  requirement: "client-connects",
  cites: [{ source: "lecture", quote: "Bisa berjalan pada host yang sama atau berbeda" }],
  level: (contract: Contract): Level | undefined =>
    contract.address.reach === "network" && passedTo("client", contract).by !== "fixed" ? "must" : undefined,
  after: ["connects-where-asked"],
  needsAnotherHost: true,
  stimulate: (scene) => talk({ ...scene, serve: (serve) => scene.serveElsewhere("another-host", serve) }),
  judge(transcript) {
    if (has(transcript, "connected")) return PASS;
    const asked = last(transcript, "asked")?.address;
    const where = asked ? formatAddress(asked) : "";
    return fail(
      {
        en: `Told the address ${where} of another computer, the client connects to it.`,
        id: `Ketika diberi alamat ${where} milik komputer lain, klien terhubung ke sana.`,
      },
      join(
        { en: "No TCP connection arrived there.", id: "Tidak ada koneksi TCP yang tiba di sana." },
        describeStay(transcript),
      ),
    );
  },
};
