import { describe, expect, test } from "vitest";
import { breaches, killsOf } from "./breaches.ts";
import { CORRECT, graded, mistaken } from "./graded.test-helper.ts";

const NONE: ReadonlyMap<string, string> = new Map();

describe("a correct fixture", () => {
  test("may fail what is for information, and what it warns of", () => {
    const header = { kind: "correct", warns: ["waits"] } as const;
    expect(breaches([graded("ok.py", header, { ports: "info", waits: "should" })], [])).toEqual([]);
  });

  test("may fail nothing else, and no must at all", () => {
    const header = { kind: "correct", warns: ["echoes"] } as const;
    expect(breaches([graded("ok.py", header, { echoes: "must", waits: "should" })], [])).toEqual([
      "echo/ok.py is correct and fails echoes",
      "echo/ok.py is correct and fails waits",
    ]);
  });

  test("is given no mistake, and may be given advice", () => {
    const header = { kind: "correct", warns: ["waits"] } as const;
    expect(breaches([graded("ok.py", header, { waits: "should" }, "banner")], [])).toEqual([
      "echo/ok.py is correct, and the report names banner",
    ]);
    expect(breaches([{ ...graded("ok.py", header, { waits: "should" }), advice: ["banner"] }], [])).toEqual([]);
  });

  test("leaves nothing open", () => {
    const checks = {
      echoes: ["must", "inconclusive"],
      waits: ["should", "error"],
      ports: ["info", "skipped"],
    } as const;
    expect(breaches([graded("ok.py", CORRECT, checks)], [])).toEqual([
      "echo/ok.py is inconclusive at echoes",
      "echo/ok.py is error at waits",
    ]);
  });

  test("has to be graded at all", () => {
    expect(breaches([{ ...graded("ok.py", CORRECT, {}), broke: "exit 70" }], [])).toEqual([
      "echo/ok.py was not graded: exit 70",
    ]);
  });

  test("has to have some check tried", () => {
    const skipped = graded("skipped.py", CORRECT, { echoes: ["must", "skipped"] });
    expect(breaches([graded("none.py", CORRECT, {}), skipped], [])).toEqual([
      "echo/none.py is correct, and nothing was tried",
      "echo/skipped.py is correct, and nothing was tried",
    ]);
  });
});

describe("a mistake", () => {
  test("fails what its header says, and is named", () => {
    expect(breaches([mistaken("banner", { silent: "must", echoes: "must" }, ["silent"])], [])).toEqual([]);
  });

  test("that is not caught, or not surely, is a breach", () => {
    const checks = { silent: ["must", "pass"], echoes: ["must", "inconclusive"] } as const;
    expect(breaches([mistaken("banner", checks)], [])).toEqual([
      "echo/banner is inconclusive at echoes",
      "echo/banner does not fail silent",
      "echo/banner does not fail echoes",
    ]);
  });

  test("with another name, or with none, is a breach", () => {
    const header = { kind: "mistake", mistakes: ["banner"], fails: ["silent"], sometimes: [] } as const;
    const other = graded("a.py", header, { silent: "must" }, "adds-prefix");
    expect(breaches([other, graded("b.py", header, { silent: "must" })], [])).toEqual([
      "echo/a.py makes banner, and the report names adds-prefix",
      "echo/b.py makes banner, and the report names none",
    ]);
  });
});

describe("two mistakes", () => {
  const header = { kind: "mistake", mistakes: ["banner", "no-echo"], fails: ["silent"], sometimes: [] } as const;
  const named = (...mistakes: string[]) => graded("two.py", header, { silent: "must" }, ...mistakes);

  test("are both named, in any order, and a piece of advice may follow", () => {
    expect(breaches([named("banner", "no-echo"), named("no-echo", "banner")], [])).toEqual([]);
    expect(breaches([{ ...named("banner", "no-echo"), advice: ["one-client-at-a-time"] }], [])).toEqual([]);
    expect(breaches([{ ...named("banner"), advice: ["no-echo"] }], [])).toEqual([]);
  });

  test("of which one is not named, or not before others, are a breach, and so is a third", () => {
    const other = { ...named("banner"), advice: ["one-client-at-a-time", "no-echo"] };
    const all = [named("banner"), other, named("banner", "fixed-reply"), named("banner", "no-echo", "fixed-reply")];
    expect(breaches(all, [])).toEqual(
      ["banner", "banner, one-client-at-a-time, no-echo", "banner, fixed-reply", "banner, no-echo, fixed-reply"].map(
        (names) => `echo/two.py makes banner, no-echo, and the report names ${names}`,
      ),
    );
  });
});

test("a line that is marked has to be the one that the report shows", () => {
  const { fixture, ...rest } = mistaken("banner", { silent: "must" });
  const marked = { ...fixture, faults: [{ mistake: "banner", place: "a.py:7" }] };
  const shown = (place?: string) => [{ ...rest, fixture: marked, places: new Map(place ? [["banner", place]] : []) }];
  expect(breaches(shown("a.py:7"), [])).toEqual([]);
  expect([...breaches(shown("a.py:8"), []), ...breaches(shown(), [])]).toEqual([
    "echo/banner makes banner at a.py:7, and the report shows a.py:8",
    "echo/banner makes banner at a.py:7, and the report shows no line",
  ]);
});

test("a mistake without a name is given none", () => {
  const header = { kind: "mistake", mistakes: [], fails: ["silent"], sometimes: [] } as const;
  expect(breaches([graded("a.py", header, { silent: "must" })], [])).toEqual([]);
  expect(breaches([graded("a.py", header, { silent: "must" }, "banner")], [])).toEqual([
    "echo/a.py makes a mistake without a name, and the report names banner",
  ]);
});

describe("a check", () => {
  const matrix = [
    mistaken("one", { ports: "info", alone: "should" }),
    mistaken("many", { first: "must", later: "must" }),
    graded("ok.py", { kind: "correct", warns: ["warned"] }, { warned: "should" }),
  ];

  test("is told apart by what fails before it and beside it", () => {
    const how = (check: string): string[] => killsOf(check, matrix).map((kill) => kill.how);
    expect(["alone", "first", "later", "ports", "warned"].map(how)).toEqual([
      ["alone"],
      ["first"],
      ["later"],
      ["later"],
      [],
    ]);
  });

  test("has to come first for some mistake", () => {
    expect(breaches(matrix, ["alone", "first", "later", "warned"], NONE)).toEqual([
      "later is never the first to fail: a fixture is missing",
      "warned is never the first to fail: a fixture is missing",
    ]);
  });

  test("is excused while it fails later, and neither when it is dead nor when it comes first", () => {
    const excused = new Map(["first", "later", "warned"].map((check) => [check, "a reason"]));
    expect(breaches(matrix, ["first", "later", "warned"], excused)).toEqual([
      "first is the first to fail, and is listed as one that never is",
      "warned fails for no fixture",
    ]);
  });
});
