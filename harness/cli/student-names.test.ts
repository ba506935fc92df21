import { describe, expect, test } from "vitest";
import type { UserError } from "../user-error.ts";
import { byStudent, type NameReader, namesBy, usualNames } from "./student-names.ts";

/** `name/` is a folder. */
function students(names: readonly string[], read: NameReader = usualNames) {
  const entries = names.map((name) => ({ name: name.replace(/\/$/, ""), isFolder: name.endsWith("/") }));
  const found = byStudent(entries, read);
  return {
    students: found.students.map(({ name, id, parts }) => [name, id, parts.map(({ file }) => file)]),
    leftOut: found.leftOut.map(({ name }) => name),
  };
}

describe("names without a system", () => {
  test("stay as they are", () => {
    const names = ["ani/", "budi.py", "citra_lestari/", "dedi_12.zip", "eka_1_2/", "kelompok_3_server.py", "12345"];
    expect(students(names)).toEqual({
      students: names.map((name) => [name.replace("/", ""), undefined, [name.replace("/", "")]]),
      leftOut: [],
    });
  });
});

describe("names of Moodle", () => {
  test.each([
    ["Ani Lestari_12345_assignsubmission_file_/", "Ani Lestari", "12345", "Ani Lestari_12345_assignsubmission_file_"],
    ["Ani Lestari_12345_assignsubmission_file/", "Ani Lestari", "12345", "Ani Lestari_12345_assignsubmission_file"],
    ["Ani_Lestari_12345_assignsubmission_file_server.py", "Ani Lestari", "12345", "server.py"],
    ["Ani_7_12345_assignsubmission_file_a_1.py", "Ani 7", "12345", "a_1.py"],
    ["Siti 'Ä' Nurhaliza-Ó_5_assignsubmission_file_x.zip", "Siti 'Ä' Nurhaliza-Ó", "5", "x.zip"],
    ["Participant 9_9_assignsubmission_file_/", "Participant 9", "9", "Participant 9_9_assignsubmission_file_"],
    ["A_1_assignsubmission_onlinetext_/", "A", "1", "A_1_assignsubmission_onlinetext_"],
  ])("%s", (entry, name, id, file) => {
    expect(students([entry]).students).toEqual([[name, id, [file]]]);
  });

  test("several files of one student are one submission", () => {
    const all = ["Ani_1_assignsubmission_file_server.py", "Ani_1_assignsubmission_file_client.py"];
    expect(students(all).students).toEqual([["Ani", "1", ["server.py", "client.py"]]]);
  });

  test("a text that was typed in beside files is left out", () => {
    const all = ["Ani_1_assignsubmission_onlinetext_/", "Ani_1_assignsubmission_file_/"];
    expect(students(all)).toEqual({
      students: [["Ani", "1", ["Ani_1_assignsubmission_file_"]]],
      leftOut: ["Ani_1_assignsubmission_onlinetext_"],
    });
  });
});

describe("names of Canvas", () => {
  test.each([
    ["lestariani_12345_67890_server.py", "lestariani", "12345", "server.py"],
    ["lestariani_LATE_12345_67890_server.py", "lestariani", "12345", "server.py"],
    ["lestariani_12345_67890_a_1_2_b.py", "lestariani", "12345", "a_1_2_b.py"],
    ["o_connor_12345_67890_my server-1.py", "o connor", "12345", "my server-1.py"],
    ["müllerjürgen_1_2_s.ts", "müllerjürgen", "1", "s.ts"],
    ["anon_aB3x9_67890_server.py", "anon", "aB3x9", "server.py"],
    ["LATE_anon_aB3x9_67890_server.py", "anon", "aB3x9", "server.py"],
    ["lestariani_LATE_12345_text.html", "lestariani", "12345", "text.html"],
  ])("%s", (entry, name, id, file) => {
    expect(students([entry]).students).toEqual([[name, id, [file]]]);
  });

  test("several files of one student are one submission, late or not", () => {
    const all = ["ani_1_10_server.py", "budi_2_11_server.py", "ani_LATE_1_12_client.py"];
    expect(students(all).students).toEqual([
      ["ani", "1", ["server.py", "client.py"]],
      ["budi", "2", ["server.py"]],
    ]);
  });

  test("a folder is nothing of Canvas's", () => {
    expect(students(["ani_1_2_server/"]).students).toEqual([["ani_1_2_server", undefined, ["ani_1_2_server"]]]);
  });

  test.each([".", "..", "..\\x", "a\\b"])("a file of the name %j keeps its name in the class", (file) => {
    expect(students([`ani_1_2_${file}`]).students).toEqual([["ani", "1", [`ani_1_2_${file}`]]]);
  });

  test("files that would overwrite each other, on any system, are all kept", () => {
    const all = ["ani_1_2_server.py", "ani_1_3_Server.py", "ani_LATE_1_3_SERVER.py", "ani_1_4_ani_1_3_server.py"];
    const [[, , files] = []] = students(all).students;
    expect(new Set((files as string[]).map((file) => file.toLowerCase())).size).toBe(4);
  });
});

describe("students of the same name", () => {
  test("are told apart by id, and nobody else is renamed", () => {
    const all = ["ani_1_10_server.py", "ani_2_11_server.py", "budi_3_12_server.py"];
    expect(students(all).students.map(([name]) => name)).toEqual(["ani (1)", "ani (2)", "budi"]);
  });

  test("are the same after cleaning, too", () => {
    const all = ["Ani  Lestari_1_assignsubmission_file_/", "Ani_Lestari_2_assignsubmission_file_/"];
    expect(students(all).students.map(([name]) => name)).toEqual(["Ani Lestari (1)", "Ani Lestari (2)"]);
    const composed = ["caf\u00e9_1_assignsubmission_file_/", "cafe\u0301_2_assignsubmission_file_/"];
    expect(students(composed).students.map(([name]) => name)).toEqual(["café (1)", "café (2)"]);
  });

  test("cannot take a name that was made for another", () => {
    const all = ["ani (1)/", "ani (2)/", "2-ani (2)/", "ani_1_10_s.py", "ani_2_11_s.py", "ani/"];
    const names = students(all).students.map(([name]) => name);
    expect(new Set(names).size).toBe(6);
    expect(names).toContain("ani");
  });

  test("without ids are told apart by what they handed in", () => {
    const read = namesBy("^\\d+-(?<name>\\w+)$");
    expect(students(["1-budi/", "2-budi/"], read).students.map(([name]) => name)).toEqual([
      "budi (1-budi)",
      "budi (2-budi)",
    ]);
  });

  test("are one student where the id is the same and two where only the id is", () => {
    const read = namesBy("^(?<id>\\d+)-(?<name>[a-z]+)-(?<file>.+)$");
    expect(students(["1-ani-a.py", "1-ani-b.py", "1-budi-a.py"], read).students).toEqual([
      ["ani", "1", ["a.py", "b.py"]],
      ["budi", "1", ["a.py"]],
    ]);
  });
});

describe("a pattern", () => {
  test("reads names its own way, and no other", () => {
    const read = namesBy("^(?<id>[0-9]{9}) (?<name>.+)$");
    expect(students(["210012345 Ani Lestari/", "budi_1_2_server.py"], read).students).toEqual([
      ["Ani Lestari", "210012345", ["210012345 Ani Lestari"]],
      ["budi_1_2_server.py", undefined, ["budi_1_2_server.py"]],
    ]);
  });

  test("without ids puts files of one name together", () => {
    const read = namesBy("^(?<name>[^-]+)-(?<file>.+)$");
    expect(students(["ani-server.py", "ani-client.py"], read).students).toEqual([
      ["ani", undefined, ["server.py", "client.py"]],
    ]);
  });

  test("that finds an empty name has read nothing", () => {
    expect(students(["___-a.py"], namesBy("^(?<name>.*)-(?<file>.*)$")).students).toEqual([
      ["___-a.py", undefined, ["___-a.py"]],
    ]);
  });

  test.each([
    ["(", /Unterminated group|Invalid/],
    [".+", /\(\?<name>/],
    ["(?<nama>.+)", /\(\?<nama>/],
    ["(?<name>.+)_(?<nim>.+)", /\(\?<nim>/],
    ["(?<name>a)(?<name>b)", /Duplicate/],
    ["\x1b[31m(", /\\x1b/],
  ])("%j is refused", (pattern, reason) => {
    let error: UserError | undefined;
    try {
      namesBy(pattern);
    } catch (thrown) {
      error = thrown as UserError;
    }
    expect(error?.code).toBe("names-pattern");
    expect(error?.what.en).toMatch(reason);
    expect(error?.what.id).toMatch(reason);
  });
});
