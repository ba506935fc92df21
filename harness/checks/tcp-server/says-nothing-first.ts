import { always, RFC862, type ServerCheck } from "../check.ts";
import { describeRefusal } from "../echo.ts";
import { fail, has, PASS, receivedFrom, show } from "../reading.ts";

export const check: ServerCheck = {
  title: { en: "sends nothing before the client does", id: "tidak mengirim apa pun sebelum klien" },
  why: {
    en: "An echo server only sends back what it received. A greeting ends up in the client's data.",
    id: "Server echo hanya mengirim balik apa yang diterimanya. Salam pembuka akan tercampur ke dalam data klien.",
  },
  requirement: "echoes",
  cites: [RFC862],
  level: always("must"),
  after: ["stays-on-tcp"],
  async stimulate({ connect, conversation, payload }) {
    const probe = await connect();
    // That nothing comes is proved where it can be; a program that polls has had its turn once it sleeps again.
    if ((await conversation.allSaid()) === "proved") await conversation.until(() => probe.received > 0 || probe.over);
    probe.send(payload.nonce());
    await conversation.receive(probe, probe.sent);
    probe.close();
  },
  judge(transcript) {
    const expected = {
      en: "Nothing arrives before the client has sent something.",
      id: "Tidak ada yang datang sebelum klien mengirim sesuatu.",
    };
    if (!has(transcript, "connected", "A")) return fail(expected, describeRefusal(transcript, "A"));
    const beforeSending = transcript.slice(
      0,
      transcript.findIndex(({ type }) => type === "sent"),
    );
    const early = receivedFrom(beforeSending, "A");
    if (early.length === 0) return PASS;
    return fail(expected, { en: `It received ${show(early)} first.`, id: `Klien lebih dulu menerima ${show(early)}.` });
  },
};
