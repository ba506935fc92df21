import { expect, test, vi } from "vitest";
import { ProcessSubject, spawn } from "./process-subject.ts";

const nobody = (): number[] => [];

test("a program that ended before its id was known is sent no signal, which would reach Gema's own group", async () => {
  const child = spawn([process.execPath, "-e", "process.stdin.resume()"], process.cwd(), {});
  const tree = { pid: 0, some: nobody, all: nobody, kill: () => child.kill("SIGKILL") };
  const plan = { command: [], cwd: process.cwd(), readable: [], env: {} };
  const subject = new ProcessSubject(child, child.stdin, tree, plan);
  const kill = vi.spyOn(process, "kill").mockReturnValue(true);
  subject.signal("SIGTERM");
  expect(kill).not.toHaveBeenCalled();
  kill.mockRestore();
  await subject.stop();
  expect(subject.exit).toEqual({ code: null, signal: "SIGKILL" });
});
