import type { Mistake } from "../mistake.ts";
import { tookItsReply } from "../signs/client.ts";
import { exitedWithZero } from "../signs/process.ts";
import { both } from "../signs/sign.ts";
import { fails, showing, suspect } from "../symptoms.ts";

export const mistake: Mistake = {
  programs: ["tcp-client"],
  title: { en: "Shows only a part of the reply", id: "Hanya menampilkan sebagian balasan" },
  explanation: {
    en: "The client received the whole reply and showed its beginning only: something cuts what is printed, a slice such as [:100] perhaps. Whoever looks at the screen cannot know whether the rest got lost on its way. A client shows all that it received.",
    id: "Klien menerima seluruh balasan, tetapi hanya menampilkan bagian awalnya: ada yang memotong teks yang dicetak, mungkin slice seperti [:100]. Orang yang melihat layar tidak tahu apakah sisanya hilang di jalan. Klien menampilkan semua yang diterimanya.",
  },
  lookUp: {
    en: 'The lecture\'s client, which shows what recv() gave it; Python tutorial, "Text": slicing; Node docs and MDN, String.prototype.slice().',
    id: 'Klien pada kuliah, yang menampilkan hasil recv(); tutorial Python, "Text": slicing; dokumentasi Node dan MDN, String.prototype.slice().',
  },
  wrong: {
    python: "print(reply.decode()[:100])   # the first 100 letters",
    typescript: "console.log(reply.toString().slice(0, 100)); // the first 100 letters",
  },
  repair: {
    python: "print(reply.decode())         # all of them",
    typescript: "console.log(reply.toString()); // all of them",
  },
  diagnose(symptoms) {
    // Whoever shows half of a short reply has not kept what came later.
    if (["shows-the-reply", "reads-a-fragmented-reply"].some((name) => fails(symptoms, name))) return undefined;
    return suspect(0.85, showing(symptoms, both(tookItsReply, exitedWithZero), ["reads-a-long-reply"]));
  },
};
