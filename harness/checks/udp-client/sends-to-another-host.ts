import type { ClientCheck } from "../check.ts";
import { talkInDatagrams } from "../datagram-talk.ts";
import { check as tcp } from "../tcp-client/connects-to-another-host.ts";
import { check as here } from "./sends-where-asked.ts";

export const check: ClientCheck = {
  ...tcp,
  title: { en: "sends to a server on another host", id: "mengirim ke server di host lain" },
  requirement: here.requirement,
  after: ["sends-where-asked"],
  stimulate: (scene) => talkInDatagrams({ ...scene, serveDatagrams: scene.serveDatagramsOnAnotherHost }),
  judge: here.judge,
};
