import { describe, expect, test } from "vitest";
import { nearest } from "./nearest.ts";

describe("nearest", () => {
  test.each([
    ["adress", ["address", "name"], "address"],
    ["STREAM", ["one-shot", "stream"], "stream"],
    ["tcp-ecko", ["tcp-echo-lecture", "tcp-echo"], "tcp-echo"],
    ["tcp-server/echos-a-message", ["tcp-server/echoes-a-message", "tcp-client/ends"], "tcp-server/echoes-a-message"],
    ["a", ["b"], "b"],
  ])("%s among %j is %s", (word, options, expected) => {
    expect(nearest(word, options)).toBe(expected);
  });

  test("nothing is near enough", () => {
    expect(nearest("zebra", ["address", "name"])).toBeUndefined();
    expect(nearest("zebra", [])).toBeUndefined();
  });
});
