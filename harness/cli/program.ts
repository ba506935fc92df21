import { Command, type CommanderError, InvalidArgumentError, Option } from "commander";
import { PROGRAMS } from "../assignment/assignment.ts";
import { gemaVersion } from "../grade/gema-version.ts";
import { EXIT } from "../user-error.ts";
import { USUAL_ASSIGNMENT } from "./output.ts";

const EXIT_CODES = `
Exit codes:
  0   every "must" passed
  1   something failed
  2   nothing failed, but something could not be told
  3   Gema or its setup broke (a taken port, a missing interpreter)
  64  wrong usage, or an input that cannot be read
  65  gema merge: these results are not one whole class; nothing was written`;

/** The command line. Words are English here; what students read follows --lang. A command is loaded when it is called. */
export function buildCommand(): Command {
  const gema = new Command("gema")
    .description("Check and grade echo servers and clients over real sockets, and name the mistake.")
    .version(gemaVersion())
    .configureHelp({ showGlobalOptions: true })
    .addHelpText("after", `${EXIT_CODES}\n\nStart with:  gema check server.py`)
    .showHelpAfterError("(gema --help shows what there is)");

  gema
    .command("check")
    .argument("[program]", "a file, or a folder with the server and the client", ".")
    .description("check one submission and show the mistake that matters")
    .addOption(assignmentOption().default(USUAL_ASSIGNMENT))
    .option("--only <id...>", "only these checks, and what they depend on (see gema list)")
    .addOption(new Option("--program <kind>", "what the file is").choices(PROGRAMS))
    .option("--entry <file>", "the file to run, in the folder")
    .option("--seed <number>", "replay the payloads of an earlier run", seed)
    .addOption(
      new Option(
        "--explore [seconds]",
        "make up conversations, a fixed number or for so long, and show the shortest in which the server does not echo",
      ).argParser(seconds),
    )
    .option("--junit <file>", "write a JUnit report")
    .option("--evidence <file>", "write the evidence (JSON), to judge again with gema rejudge")
    .option("--verbose", "show every check")
    .addOption(languageOption())
    .addHelpText(
      "after",
      `
Examples:
  gema check server.py
  gema check server.py --assignment tcp-echo-lecture
  gema check . --only tcp-server/keeps-the-connection --seed 42
  gema check server.py --explore
  gema check server.py --explore=60 --seed 42
${EXIT_CODES}`,
    )
    .action(async (...given: Parameters<typeof import("./check.ts").check>) =>
      (await import("./check.ts")).check(...given),
    );

  gema
    .command("grade")
    .argument("<folder>", "one submission a sub-folder, file or archive, or what Moodle or Canvas exports")
    .description("grade a class; results, gradebook, JUnit and evidence go to a folder")
    .addOption(assignmentOption().makeOptionMandatory())
    .requiredOption("--out <folder>", "where the results go")
    .option(
      "--names <pattern>",
      "how to read students from the names in the folder: a regular expression with (?<name>...), (?<id>...), (?<file>...)",
    )
    .option("--jobs <number>", "submissions graded at once, where they can be isolated (default: one a core)", jobs)
    .addOption(
      new Option("--retry <verdict...>", "grade again what was graded before with such a verdict").choices([
        "inconclusive",
        "error",
      ]),
    )
    .addOption(
      new Option(
        "--isolation <wish>",
        "keep programs from the machine and from each other: as well as it can be had, or not at all",
      )
        .choices(["auto", "require", "none"])
        .default("auto"),
    )
    .option("--allow-unsafe", "grade without isolation although the environment seems to hold secrets")
    .option("--seed <number>", "replay the payloads of an earlier run", seed)
    .option("--shard <i/n>", "only the i-th of n parts of the class, for several machines (see gema merge)")
    .addOption(languageOption())
    .addHelpText(
      "after",
      `\nExample:\n  gema grade submissions/ --assignment tcp-echo.yaml --out results/\n${EXIT_CODES}`,
    )
    .action(async (...given: Parameters<typeof import("./grade.ts").grade>) =>
      (await import("./grade.ts")).grade(...given),
    );

  gema
    .command("merge")
    .argument("<folder...>", "the results of all shards")
    .description("put the shards of a class together, as if one machine had graded it")
    .requiredOption("--out <folder>", "where the whole goes: a new or empty folder")
    .addOption(languageOption())
    .addHelpText("after", `\nExample:\n  gema merge shards/* --out results/\n${EXIT_CODES}`)
    .action(async (...given: Parameters<typeof import("./merge.ts").merge>) =>
      (await import("./merge.ts")).merge(...given),
    );

  gema
    .command("list")
    .description("the checks of an assignment, with level and citation")
    .addOption(assignmentOption().default(USUAL_ASSIGNMENT))
    .addOption(languageOption())
    .action(async (...given: Parameters<typeof import("./list.ts").list>) =>
      (await import("./list.ts")).list(...given),
    );

  gema
    .command("explain")
    .argument("[id]", "a check or a mistake, e.g. single-recv")
    .description("explain a check or a mistake, for a beginner; without an id, list the mistakes")
    .addOption(languageOption())
    .action(async (...given: Parameters<typeof import("./explain.ts").explain>) =>
      (await import("./explain.ts")).explain(...given),
    );

  gema
    .command("rejudge")
    .argument("<evidence...>", "evidence files, or folders with them")
    .description("judge stored evidence again, without running anything")
    .addOption(languageOption())
    .addHelpText("after", "\nExit code: 0 when every stored verdict and the points stand, 1 when something differs.")
    .action(async (...given: Parameters<typeof import("./rejudge.ts").rejudge>) =>
      (await import("./rejudge.ts")).rejudge(...given),
    );

  gema
    .command("doctor")
    .description("check this machine: what is there, what is missing, and how far programs can be isolated")
    .addOption(languageOption())
    .addHelpText("after", "\nExit code: 0 when grading is possible, 3 when not.")
    .action(async (...given: Parameters<typeof import("./doctor.ts").doctor>) =>
      (await import("./doctor.ts")).doctor(...given),
    );

  for (const command of [gema, ...gema.commands]) command.exitOverride(exitAsUsage);
  return gema;
}

function exitAsUsage(error: CommanderError): never {
  process.exit(error.exitCode === 0 ? EXIT.passed : EXIT.usage);
}

function assignmentOption(): Option {
  return new Option("-a, --assignment <name|file>", "a preset (tcp-echo, tcp-echo-lecture) or a YAML file");
}

function languageOption(): Option {
  return new Option("--lang <language>", "language of the words for students (default: from the environment)").choices([
    "en",
    "id",
  ]);
}

function jobs(value: string): number {
  const parsed = Number(value);
  if (!Number.isSafeInteger(parsed) || parsed < 1)
    throw new InvalidArgumentError("It must be a whole number, 1 or more.");
  return parsed;
}

function seconds(value: string): number {
  const parsed = Number(value);
  if (!(parsed >= 1 && parsed <= 3600))
    throw new InvalidArgumentError("It must be a number of seconds, 1 to 3600; write the program before it.");
  return parsed;
}

function seed(value: string): number {
  const parsed = Number(value);
  if (!Number.isSafeInteger(parsed) || parsed < 0)
    throw new InvalidArgumentError("It must be a whole number, 0 or more.");
  return parsed;
}
