import type { ClientCheck } from "../check.ts";
import { serve } from "../datagram-talk.ts";
import { check as tcp } from "../tcp-client/believes-the-wire.ts";

export const check: ClientCheck = {
  ...tcp,
  requirement: "udp-client-receives",
  after: ["shows-the-reply"],
  async stimulate(scene) {
    let reply: Buffer | undefined;
    await scene.serveDatagrams(() => {});
    await serve(
      scene,
      ({ length }) => {
        reply ??= scene.payload.nonce(length);
        return reply;
      },
      () => reply,
    );
  },
};
