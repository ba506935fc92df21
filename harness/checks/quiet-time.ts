import type { Text } from "../text.ts";
import type { Conversation } from "../wire/conversation.ts";

/** So long at least, where nothing is seen of what the server waits for. */
const QUIET_MS = 100;
/** A time limit of the program's own, where it can be seen, is outlasted up to this. */
const OUTLASTED_MS = 5000;

/** Nobody comes, until each time limit with which the server waits has passed once and it has done what it does then. */
export async function comeLate(conversation: Conversation): Promise<void> {
  await conversation.sayNothing(QUIET_MS, OUTLASTED_MS);
  await conversation.rest();
}

export const AFTER_QUIET_TIME: Text = {
  en: "Nobody came for a while, and then client A was not served.",
  id: "Beberapa saat tidak ada yang datang, lalu klien A tidak dilayani.",
};
