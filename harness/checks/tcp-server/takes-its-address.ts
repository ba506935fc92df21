import type { Contract, Level } from "../../assignment/assignment.ts";
import { formatAddress } from "../../kernel/address.ts";
import type { ServerCheck } from "../check.ts";
import { describeExit, judgeAchieved } from "../echo.ts";
import { fail, PASS } from "../reading.ts";
import { askedAddress, describeListening, serves, tcpSockets } from "../server-launch.ts";

export const check: ServerCheck = {
  title: { en: "listens wherever it is told to", id: "listen di alamat mana pun yang diberikan" },
  why: {
    en: "The address is passed to the program. One that ignores it works only by chance.",
    id: "Alamat diberikan kepada program. Program yang mengabaikannya hanya bekerja secara kebetulan.",
  },
  requirement: "listens",
  cites: [{ source: "lecture", quote: "Koneksi ke server dengan alamat IP dan port yang sudah disepakati" }],
  level: ({ address }: Contract): Level | undefined => (address.passed.by === "fixed" ? undefined : "must"),
  after: ["stays-on-tcp"],
  process: "own",
  turn: 6,
  stimulate: (scene) => scene.launch("other-address"),
  judge(transcript, contract) {
    const notAchieved = judgeAchieved(transcript);
    if (notAchieved) return notAchieved;
    const asked = askedAddress(transcript, contract);
    const sockets = tcpSockets(transcript);
    if (sockets.some((socket) => serves(socket, asked, contract))) return PASS;
    return fail(
      {
        en: `Told another address, the server listens on ${formatAddress(asked)}.`,
        id: `Ketika diberi alamat lain, server listen di ${formatAddress(asked)}.`,
      },
      sockets.length === 0
        ? (describeExit(transcript) ?? { en: "It does not listen.", id: "Server tidak melakukan listen." })
        : describeListening(sockets),
    );
  },
};
