import type { Contract, Level } from "../../assignment/assignment.ts";
import { passedTo } from "../../assignment/passing.ts";
import { formatAddress } from "../../kernel/address.ts";
import type { ClientCheck } from "../check.ts";
import { describeStay } from "../client-reading.ts";
import { talk } from "../client-talk.ts";
import { fail, has, join, last, PASS } from "../reading.ts";

export const check: ClientCheck = {
  title: { en: "connects wherever it is told to", id: "terhubung ke alamat mana pun yang diberikan" },
  why: {
    en: "The address is passed to the program. One that ignores it works only by chance.",
    id: "Alamat diberikan kepada program. Program yang mengabaikannya hanya bekerja secara kebetulan.",
  },
  requirement: "client-connects",
  cites: [{ source: "lecture", quote: "Koneksi ke server dengan alamat IP dan port yang sudah disepakati" }],
  level: (contract: Contract): Level | undefined => (passedTo("client", contract).by === "fixed" ? undefined : "must"),
  after: ["connects-where-asked"],
  stimulate: (scene) => talk({ ...scene, serve: (serve) => scene.serveElsewhere("other-address", serve) }),
  judge(transcript) {
    if (has(transcript, "connected")) return PASS;
    const asked = last(transcript, "asked")?.address;
    const where = asked ? formatAddress(asked) : "";
    return fail(
      {
        en: `Told another address, the client connects to ${where}.`,
        id: `Ketika diberi alamat lain, klien terhubung ke ${where}.`,
      },
      join(
        { en: "No TCP connection arrived there.", id: "Tidak ada koneksi TCP yang tiba di sana." },
        describeStay(transcript),
      ),
    );
  },
};
