import { always, type ServerCheck } from "../check.ts";
import { describeExit, judgeAchieved } from "../echo.ts";
import { fail, has, join, last, PASS, printed } from "../reading.ts";

export const check: ServerCheck = {
  title: { en: "says so when the port is already in use", id: "memberi tahu jika port sudah dipakai" },
  why: {
    en: "bind() fails when another program has the port. A server that hides this error seems to run, but serves nobody.",
    id: "bind() gagal jika port dipakai program lain. Server yang menyembunyikan error ini tampak berjalan, tetapi tidak melayani siapa pun.",
  },
  requirement: "stops",
  cites: [{ source: "bind(2)", quote: "The given address is already in use." }],
  level: always("should"),
  after: ["listens-where-asked"],
  process: "own",
  turn: 5,
  stimulate: (scene) =>
    scene.occupying(async () => {
      await scene.launch("same-address");
      await scene.conversation.rest();
    }),
  judge(transcript) {
    const notAchieved = judgeAchieved(transcript);
    if (notAchieved) return notAchieved;
    const expected = {
      en: "With the port in use, the program ends with an error message and an exit code that is not 0.",
      id: "Jika port sedang dipakai, program berakhir dengan pesan error dan exit code bukan 0.",
    };
    const exit = last(transcript, "exited")?.exit;
    if (!exit) {
      const elsewhere = has(transcript, "listening");
      return fail(
        expected,
        elsewhere
          ? { en: "It goes on and listens somewhere else.", id: "Program berlanjut dan listen di tempat lain." }
          : { en: "It goes on running without a port.", id: "Program terus berjalan tanpa port." },
      );
    }
    const words = printed(transcript, "stderr") + printed(transcript, "stdout");
    if (exit.code !== 0 && words.trim() !== "") return PASS;
    const silent =
      words.trim() === "" ? { en: "It printed nothing.", id: "Program tidak mencetak apa pun." } : undefined;
    return fail(expected, join(describeExit(transcript), silent));
  },
};
