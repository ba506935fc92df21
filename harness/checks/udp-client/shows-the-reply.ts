import type { ClientCheck } from "../check.ts";
import { check as tcp } from "../tcp-client/shows-the-reply.ts";

export const check: ClientCheck = {
  ...tcp,
  requirement: "udp-client-receives",
  after: ["sends-where-asked"],
  stimulate: { observes: "sends-where-asked" },
};
