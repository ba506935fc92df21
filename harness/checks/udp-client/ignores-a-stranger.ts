import type { Text } from "../../text.ts";
import type { ClientCheck } from "../check.ts";
import { shown, showsText, whereShown } from "../client-reading.ts";
import { serve } from "../datagram-talk.ts";
import { all, fail, inconclusive, PASS, sentTo, show } from "../reading.ts";

export const check: ClientCheck = {
  title: {
    en: "does not take a stranger's datagram for the reply",
    id: "tidak menganggap datagram orang lain sebagai balasan",
  },
  why: {
    en: "Anybody can send a datagram to the client's port. recvfrom() says who sent it: compare that with the server's address, or connect() the UDP socket, which then hears only the server.",
    id: "Siapa pun bisa mengirim datagram ke port klien. recvfrom() memberi tahu pengirimnya: bandingkan dengan alamat server, atau pakai connect() pada socket UDP, yang lalu hanya mendengar server.",
  },
  requirement: "udp-client-receives",
  cites: [
    {
      source: "connect(2)",
      quote:
        "the address to which datagrams are sent by default, and the only address from which datagrams are received",
    },
  ],
  level: whereShown("info"),
  after: ["believes-the-wire", "ends-on-its-own"],
  async stimulate(scene) {
    const { conversation, payload } = scene;
    await scene.serveDatagrams(() => {});
    await serve(scene, async (bytes, probe) => {
      const stranger = await conversation.open(probe.remote);
      stranger.send(payload.nonce(bytes.length));
      await conversation.rest();
      return bytes;
    });
  },
  judge(transcript) {
    const [server, stranger] = all(transcript, "connected").map(({ peer }) => peer);
    const expected: Text = {
      en: "A datagram from another address comes before the reply: the client waits on for the server's.",
      id: "Sebelum balasan, tiba datagram dari alamat lain: klien tetap menunggu datagram dari server.",
    };
    if (server === undefined || stranger === undefined) {
      return inconclusive(expected, { en: "The client sent nothing.", id: "Klien tidak mengirim apa pun." });
    }
    const strange = sentTo(transcript, stranger);
    if (!showsText(shown(transcript), strange)) return PASS;
    return fail(expected, {
      en: `It showed ${show(strange)}, which another port sent.`,
      id: `Klien menampilkan ${show(strange)}, yang dikirim oleh port lain.`,
    });
  },
};
