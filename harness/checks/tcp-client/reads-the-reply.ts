import { always, type ClientCheck } from "../check.ts";
import { describeStay, leftUnread, speaker } from "../client-reading.ts";
import { fail, has, join, PASS, plural, sentTo } from "../reading.ts";

export const check: ClientCheck = {
  title: { en: "waits for the reply and reads it", id: "menunggu balasan dan membacanya" },
  why: {
    en: "An echo has two halves: send() and then recv(). A client that closes before it has received never learns whether its message came back.",
    id: "Echo terdiri dari dua bagian: send() lalu recv(). Klien yang menutup socket sebelum menerima tidak pernah tahu apakah pesannya kembali.",
  },
  requirement: "client-receives",
  cites: [{ source: "lecture", quote: "recv_data = socket_client.recv(buffer)" }],
  level: always("must"),
  after: ["connects-where-asked"],
  stimulate: { observes: "connects-where-asked" },
  judge(transcript) {
    const peer = speaker(transcript);
    const expected = {
      en: "After sending, the client waits until the reply is there and reads it.",
      id: "Setelah mengirim, klien menunggu sampai balasan datang lalu membacanya.",
    };
    if (!has(transcript, "received", peer)) {
      const nothing = {
        en: "It sent no message, so no reply could follow.",
        id: "Klien tidak mengirim pesan, jadi tidak ada balasan.",
      };
      return fail(expected, join(nothing, describeStay(transcript)));
    }
    if (sentTo(transcript, peer).length === 0) {
      const early = {
        en: "The client finished before any reply was on its way.",
        id: "Klien selesai sebelum ada balasan yang dikirim.",
      };
      return fail(expected, join(early, describeStay(transcript)));
    }
    const unread = leftUnread(transcript, peer);
    if (unread === 0) return PASS;
    const left = {
      en: `${plural(unread, "byte")} of the reply lay in the client's socket and were never received.`,
      id: `${unread} byte balasan ada di socket klien dan tidak pernah diterima dengan recv().`,
    };
    return fail(expected, join(left, describeStay(transcript)));
  },
};
