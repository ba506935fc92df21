import { Command, type CommanderError, type HelpConfiguration, Option } from "commander";
import { PROGRAMS } from "../assignment/assignment.ts";
import { PRESETS } from "../assignment/presets/presets.ts";
import { gemaVersion } from "../grade/gema-version.ts";
import type { Language, Text } from "../text.ts";
import { EXIT } from "../user-error.ts";
import type { CheckOptions } from "./check.ts";
import { USUAL_ASSIGNMENT } from "./output.ts";
import { seconds, usageError, wholeNumber } from "./usage-error.ts";
import { OWN_ASSIGNMENT } from "./what-was-asked.ts";

const EXIT_CODES: Text = {
  en: `
Exit codes:
  0   every "must" passed
  1   something failed
  2   nothing failed, but something could not be told
  3   Gema or its setup broke (a taken port, a missing interpreter)
  64  wrong usage, or an input that cannot be read
  65  gema merge: these results are not one whole class; nothing was written
  130 interrupted by Ctrl-C; gema grade goes on when it is called again`,
  id: `
Kode keluar:
  0   semua "must" lulus
  1   ada yang gagal
  2   tidak ada yang gagal, tetapi ada yang tidak dapat dipastikan
  3   Gema atau lingkungannya bermasalah (port sedang dipakai, interpreter tidak ada)
  64  cara pakai salah, atau masukan tidak dapat dibaca
  65  gema merge: hasil-hasil ini bukan satu kelas yang utuh; tidak ada yang ditulis
  130 dihentikan dengan Ctrl-C; gema grade melanjutkannya bila dipanggil lagi`,
};

/** The command line, with its help in this language. A command is loaded when it is called. */
export function buildCommand(language: Language = "en"): Command {
  const say = sayIn(language);
  const gema = new Command("gema")
    .description(
      say(
        "Check and grade echo servers and clients over real sockets, and name the mistake.",
        "Memeriksa dan menilai server dan klien echo lewat socket sungguhan, dan menyebut kesalahannya.",
      ),
    )
    .version(gemaVersion(), "-V, --version", say("show the version", "menampilkan versi"))
    .configureHelp(helpIn(language))
    .helpOption("-h, --help", say("show this help", "menampilkan bantuan ini"))
    .helpCommand("help [command]", say("show the help of a command", "menampilkan bantuan sebuah perintah"))
    .addHelpText(
      "after",
      `${EXIT_CODES[language]}\n\n${say("Start with", "Mulailah dengan")}:  gema init
${say("then", "lalu").padStart(say("Start with", "Mulailah dengan").length)}:  gema check server.py`,
    )
    .configureOutput({ outputError: () => {} }); // told by main.ts, as all errors are

  addInit(gema, language);
  addCheck(gema, language);
  addGrade(gema, language);
  addMerge(gema, language);
  addList(gema, language);
  addExplain(gema, language);
  addRejudge(gema, language);
  addDoctor(gema, language);
  for (const command of [gema, ...gema.commands]) command.exitOverride((error) => end(error, command));
  return gema;
}

function addInit(gema: Command, language: Language): void {
  const say = sayIn(language);
  gema
    .command("init")
    .argument(
      "[folder]",
      say(
        "the folder to make (default: named after the assignment)",
        "folder yang dibuat (bawaan: bernama seperti tugasnya)",
      ),
    )
    .description(
      say(
        "make a folder to begin in: what is asked, an empty program, and how to check it",
        "membuat folder untuk memulai: apa yang diminta, program kosong, dan cara memeriksanya",
      ),
    )
    .addOption(assignmentOption(language, say(`default: ${USUAL_ASSIGNMENT}`, `bawaan: ${USUAL_ASSIGNMENT}`)))
    .addOption(
      new Option(
        "--language <language>",
        say("of the program (default: python)", "bahasa program (bawaan: python)"),
      ).choices(["python", "typescript"]),
    )
    .addOption(languageOption(language))
    .addHelpText("after", `\n${say("Example", "Contoh")}:\n  gema init --assignment tcp-echo-lecture --lang id`)
    .action(async (...given: Parameters<typeof import("./init.ts").init>) =>
      (await import("./init.ts")).init(...given),
    );
}

function addCheck(gema: Command, language: Language): void {
  const say = sayIn(language);
  gema
    .command("check")
    .argument(
      "[program]",
      say(
        "a file, or a folder or archive with the server and the client",
        "sebuah berkas, atau folder atau arsip berisi server dan klien",
      ),
      ".",
    )
    .description(
      say(
        "check one submission and show the mistake that matters",
        "memeriksa satu tugas dan menunjukkan kesalahan yang terpenting",
      ),
    )
    .addOption(
      assignmentOption(
        language,
        say(
          `default: ${OWN_ASSIGNMENT} beside the program, else ${USUAL_ASSIGNMENT}, or udp-echo for UDP programs`,
          `bawaan: ${OWN_ASSIGNMENT} di samping program, jika tidak ada ${USUAL_ASSIGNMENT}, atau udp-echo untuk program UDP`,
        ),
      ),
    )
    .option(
      "--only <id...>",
      say(
        "only these checks, and what they depend on (see gema list)",
        "hanya pemeriksaan ini, dan yang menjadi dasarnya (lihat gema list)",
      ),
    )
    .addOption(
      new Option("--program <kind>", say("what the file is", "jenis program dalam berkas itu")).choices(PROGRAMS),
    )
    .option("--entry <file>", say("the file to run, in the folder", "berkas yang dijalankan, di dalam folder"))
    .addOption(seedOption(language))
    .addOption(
      new Option(
        "--explore [seconds]",
        say(
          "make up conversations, a fixed number or for so long, and show the shortest in which the server does not echo",
          "mengarang percakapan, dalam jumlah tetap atau selama sekian detik, dan menampilkan yang terpendek yang membuat server gagal melakukan echo",
        ),
      ).argParser(seconds("--explore", 1, 3600)),
    )
    .option("--junit <file>", say("write a JUnit report", "menulis laporan JUnit"))
    .option(
      "--evidence <file>",
      say(
        "write the evidence (JSON), to judge again with gema rejudge",
        "menulis bukti (JSON), untuk dinilai ulang dengan gema rejudge",
      ),
    )
    .option(
      "--diagram <folder>",
      say(
        "draw the conversation of each failure as a picture (SVG)",
        "menggambar percakapan dari setiap kegagalan (SVG)",
      ),
    )
    .option("--verbose", say("show every check", "menampilkan semua pemeriksaan"))
    .addOption(
      new Option(
        "--watch",
        say(
          "check again whenever a file of it is saved; a terminal's keys say what else",
          "memeriksa lagi setiap kali berkasnya disimpan; tombol di terminal mengatur yang lain",
        ),
      ).conflicts(["junit", "evidence", "diagram", "verbose"]),
    )
    .addOption(isolationOption(language))
    .addOption(languageOption(language))
    .addHelpText(
      "after",
      `
${say("Examples", "Contoh")}:
  gema check
  gema check server.py
  gema check server.py --assignment tcp-echo-lecture
  gema check . --only tcp-server/keeps-the-connection --seed 42
  gema check server.py --explore
  gema check server.py --explore=60 --seed 42
  gema check --watch

${say(
  `Keys of --watch: a checks everything, f only what failed, Enter what was checked last; d draws the conversation of one
failure after another, e explains the mistake, q quits.`,
  `Tombol pada --watch: a memeriksa semuanya, f hanya yang gagal, Enter yang terakhir diperiksa; d menggambar percakapan
kegagalan satu per satu, e menjelaskan kesalahannya, q keluar.`,
)}
${EXIT_CODES[language]}`,
    )
    .action(async (path: string, options: CheckOptions) => {
      if (options.watch) return (await import("./watch/watch.ts")).watch(path, options);
      const opened = await (await import("./surroundings.ts")).openSlot(options.isolation);
      // The slot starts while the rest is loaded.
      return (await import("./check.ts")).check(path, options, opened);
    });
}

function addGrade(gema: Command, language: Language): void {
  const say = sayIn(language);
  gema
    .command("grade")
    .argument(
      "<folder>",
      say(
        "one submission a sub-folder, file or archive, or what Moodle or Canvas exports",
        "satu tugas per subfolder, berkas, atau arsip, atau hasil ekspor Moodle atau Canvas",
      ),
    )
    .description(
      say(
        "grade a class; results, gradebook, JUnit and evidence go to a folder",
        "menilai satu kelas; hasil, daftar nilai, JUnit, dan bukti ditulis ke sebuah folder",
      ),
    )
    .addOption(assignmentOption(language).makeOptionMandatory())
    .requiredOption("--out <folder>", say("where the results go", "tempat hasil ditulis"))
    .option(
      "--names <pattern>",
      say(
        "how to read students from the names in the folder: a regular expression with (?<name>...), (?<id>...), (?<file>...)",
        "cara membaca mahasiswa dari nama-nama di folder: ekspresi reguler dengan (?<name>...), (?<id>...), (?<file>...)",
      ),
    )
    .option(
      "--jobs <number>",
      say(
        "submissions graded at once, where they can be isolated (default: one a core)",
        "banyaknya tugas yang dinilai sekaligus, bila dapat diisolasi (bawaan: satu per inti prosesor)",
      ),
      wholeNumber("--jobs", 1),
    )
    .addOption(
      new Option(
        "--retry <verdict...>",
        say(
          "grade again what was graded before with such a verdict",
          "menilai ulang yang sebelumnya mendapat hasil seperti ini",
        ),
      ).choices(["inconclusive", "error"]),
    )
    .addOption(isolationOption(language))
    .option(
      "--allow-unsafe",
      say(
        "grade without isolation although the environment seems to hold secrets",
        "menilai tanpa isolasi walaupun lingkungan tampaknya berisi rahasia",
      ),
    )
    .addOption(seedOption(language))
    .option(
      "--shard <i/n>",
      say(
        "only the i-th of n parts of the class, for several machines (see gema merge)",
        "hanya bagian ke-i dari n bagian kelas, untuk beberapa komputer (lihat gema merge)",
      ),
    )
    .addOption(languageOption(language))
    .addHelpText(
      "after",
      `\n${say("Example", "Contoh")}:\n  gema grade submissions/ --assignment tcp-echo.yaml --out results/\n${EXIT_CODES[language]}`,
    )
    .action(async (...given: Parameters<typeof import("./grade.ts").grade>) =>
      (await import("./grade.ts")).grade(...given),
    );
}

function addMerge(gema: Command, language: Language): void {
  const say = sayIn(language);
  gema
    .command("merge")
    .argument("<folder...>", say("the results of all shards", "hasil dari semua bagian"))
    .description(
      say(
        "put the shards of a class together, as if one machine had graded it",
        "menggabungkan bagian-bagian sebuah kelas, seolah dinilai oleh satu komputer",
      ),
    )
    .requiredOption(
      "--out <folder>",
      say("where the whole goes: a new or empty folder", "tempat gabungannya: folder baru atau kosong"),
    )
    .addOption(languageOption(language))
    .addHelpText(
      "after",
      `\n${say("Example", "Contoh")}:\n  gema merge shards/* --out results/\n${EXIT_CODES[language]}`,
    )
    .action(async (...given: Parameters<typeof import("./merge.ts").merge>) =>
      (await import("./merge.ts")).merge(...given),
    );
}

function addList(gema: Command, language: Language): void {
  const say = sayIn(language);
  gema
    .command("list")
    .description(
      say(
        "the checks of an assignment, with level and citation",
        "pemeriksaan sebuah tugas, dengan tingkat dan rujukannya",
      ),
    )
    .addOption(
      assignmentOption(
        language,
        say(
          `default: ${OWN_ASSIGNMENT} in this folder, else ${USUAL_ASSIGNMENT}`,
          `bawaan: ${OWN_ASSIGNMENT} di folder ini, jika tidak ada ${USUAL_ASSIGNMENT}`,
        ),
      ),
    )
    .addOption(languageOption(language))
    .action(async (...given: Parameters<typeof import("./list.ts").list>) =>
      (await import("./list.ts")).list(...given),
    );
}

function addExplain(gema: Command, language: Language): void {
  const say = sayIn(language);
  gema
    .command("explain")
    .argument(
      "[id]",
      say("a check or a mistake, e.g. single-recv", "sebuah pemeriksaan atau kesalahan, misalnya single-recv"),
    )
    .description(
      say(
        "explain a check or a mistake, for a beginner; without an id, list the mistakes",
        "menjelaskan pemeriksaan atau kesalahan untuk pemula; tanpa id, menampilkan daftar kesalahan",
      ),
    )
    .addOption(languageOption(language))
    .action(async (...given: Parameters<typeof import("./explain.ts").explain>) =>
      (await import("./explain.ts")).explain(...given),
    );
}

function addRejudge(gema: Command, language: Language): void {
  const say = sayIn(language);
  gema
    .command("rejudge")
    .argument(
      "<evidence...>",
      say("evidence files, or folders with them", "berkas bukti, atau folder yang berisi berkas bukti"),
    )
    .description(
      say(
        "judge stored evidence again, without running anything",
        "menilai ulang bukti yang tersimpan, tanpa menjalankan apa pun",
      ),
    )
    .option(
      "--diagram <folder>",
      say(
        "draw the conversation of each failure as a picture (SVG), one folder a submission",
        "menggambar percakapan dari setiap kegagalan (SVG), satu folder per tugas",
      ),
    )
    .addOption(languageOption(language))
    .addHelpText(
      "after",
      say(
        "\nExit code: 0 when every stored verdict and the points stand, 1 when something differs.",
        "\nKode keluar: 0 bila semua hasil dan nilai yang tersimpan tetap sama, 1 bila ada yang berbeda.",
      ),
    )
    .action(async (...given: Parameters<typeof import("./rejudge.ts").rejudge>) =>
      (await import("./rejudge.ts")).rejudge(...given),
    );
}

function addDoctor(gema: Command, language: Language): void {
  const say = sayIn(language);
  gema
    .command("doctor")
    .description(
      say(
        "check this machine: what is there, what is missing, and how far programs can be isolated",
        "memeriksa komputer ini: apa yang ada, apa yang kurang, dan seberapa jauh program dapat diisolasi",
      ),
    )
    .addOption(languageOption(language))
    .addHelpText(
      "after",
      say(
        "\nExit code: 0 when grading is possible, 3 when not.",
        "\nKode keluar: 0 bila penilaian dapat dilakukan, 3 bila tidak.",
      ),
    )
    .action(async (...given: Parameters<typeof import("./doctor.ts").doctor>) =>
      (await import("./doctor.ts")).doctor(...given),
    );
}

function sayIn(language: Language): (en: string, id: string) => string {
  return (en, id) => ({ en, id })[language];
}

/** How help is laid out, and Commander's own words, which it does not let us write ourselves, in Indonesian. */
function helpIn(language: Language): HelpConfiguration {
  const translated = (text: string): string =>
    language === "en" ? text : Object.entries(HELP_WORDS).reduce((said, [en, id]) => said.replace(en, id), text);
  return {
    showGlobalOptions: true,
    styleTitle: translated,
    styleOptionDescription: translated,
    styleArgumentDescription: translated,
  };
}

const HELP_WORDS: Readonly<Record<string, string>> = {
  "Usage:": "Cara pakai:",
  "Arguments:": "Argumen:",
  "Options:": "Opsi:",
  "Commands:": "Perintah:",
  "choices: ": "pilihan: ",
  "default: ": "bawaan: ",
};

/** After the version or the help, which is also what a call without a command gets. */
function end(error: CommanderError, command: Command): never {
  if (!/^commander\.(version|help|helpDisplayed)$/.test(error.code)) throw usageError(error, command);
  process.exit(error.exitCode === 0 ? EXIT.passed : EXIT.usage);
}

/** @param whenLeftOut what is taken then */
function assignmentOption(language: Language, whenLeftOut?: string): Option {
  const presets = [...PRESETS.keys()].join(", ");
  const what: Text = {
    en: `a preset (${presets}) or a YAML file`,
    id: `tugas bawaan (${presets}) atau berkas YAML`,
  };
  const more = whenLeftOut === undefined ? "" : ` (${whenLeftOut})`;
  return new Option("-a, --assignment <name|file>", `${what[language]}${more}`);
}

function isolationOption(language: Language): Option {
  const what: Text = {
    en: "keep programs from the machine and from each other: as well as it can be had, or not at all",
    id: "memisahkan program dari komputer ini dan dari program lain: sebaik mungkin, wajib penuh, atau tidak sama sekali",
  };
  return new Option("--isolation <wish>", what[language]).choices(["auto", "require", "none"]).default("auto");
}

function seedOption(language: Language): Option {
  const what: Text = {
    en: "replay the payloads of an earlier run",
    id: "mengulang data kiriman dari pemeriksaan sebelumnya",
  };
  return new Option("--seed <number>", what[language]).argParser(wholeNumber("--seed", 0));
}

function languageOption(language: Language): Option {
  const what: Text = {
    en: "language: English or Indonesian (default: from the environment)",
    id: "bahasa: Inggris atau Indonesia (bawaan: dari lingkungan)",
  };
  return new Option("--lang <language>", what[language]).choices(["en", "id"]);
}
