import { always, type ClientCheck } from "../check.ts";
import { describeStay, exitOf } from "../client-reading.ts";
import { endTerminal } from "../client-talk.ts";
import { fail, join, PASS, printed } from "../reading.ts";

export const check: ClientCheck = {
  title: { en: "reports a server that is not there", id: "melaporkan server yang tidak ada" },
  why: {
    en: "When nobody listens, connect() fails (ConnectionRefusedError). The user must see that, and scripts learn it from an exit code other than 0.",
    id: "Jika tidak ada yang listen, connect() gagal (ConnectionRefusedError). Pengguna harus melihatnya, dan skrip mengetahuinya dari kode keluar selain 0.",
  },
  requirement: "client-endures",
  cites: [
    {
      source: "RFC 9293 section 3.10.7.3",
      quote: 'If the ACK was acceptable, then signal to the user "error: connection reset"',
    },
    { source: "connect(2)", quote: "A connect() on a stream socket found no one listening on the remote address." },
  ],
  level: always("must"),
  after: ["connects-where-asked"],
  async stimulate(scene) {
    await scene.refuse();
    await scene.run();
    if ((await scene.conversation.exit()) !== "met") await endTerminal(scene);
  },
  judge(transcript) {
    const expected = {
      en: "Nobody listens at the address: the client says so and ends with an exit code other than 0.",
      id: "Tidak ada yang listen di alamat itu: klien memberi tahu dan berhenti dengan kode selain 0.",
    };
    const exit = exitOf(transcript);
    if (!exit) return fail(expected, describeStay(transcript));
    if (exit.code === 0) {
      const zero = {
        en: "It ended with exit code 0, which means success.",
        id: "Program berhenti dengan kode 0, yang berarti berhasil.",
      };
      return fail(expected, join(zero, describeStay(transcript)));
    }
    // A client that talks to its user on stdout has told them, too.
    if ((printed(transcript, "stderr") + printed(transcript, "stdout")).trim() !== "") return PASS;
    return fail(expected, { en: "It ended without a word.", id: "Program berhenti tanpa pesan apa pun." });
  },
};
