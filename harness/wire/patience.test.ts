import { describe, expect, test, vi } from "vitest";
import { Patience } from "./patience.ts";

describe("patience", () => {
  test("is three seconds for an answer, and twice that to confirm a failure", () => {
    const patience = new Patience(async () => 0);
    expect(patience.replyMs).toBe(3000);
    expect(patience.longer().replyMs).toBe(6000);
    expect(patience.longer().longer().replyMs).toBe(12_000);
    expect(new Patience(async () => 0, 0.1).replyMs).toBeCloseTo(300);
  });

  test("is two seconds of a processor's time, also to confirm a failure; less for looking once more", () => {
    const patience = new Patience(async () => 0);
    expect(patience.runMs).toBe(2000);
    expect(patience.longer().runMs).toBe(2000);
    expect(patience.shorter().runMs).toBeCloseTo(667, 0);
  });

  test("grows with a machine whose reference server is slow, once measured", async () => {
    const patience = new Patience(async () => 40);
    expect(patience.replyMs).toBe(3000);
    expect(await patience.reconsider()).toBe(true);
    expect(patience.replyMs).toBe(8000);
    expect(patience.runMs).toBe(2000);
    expect(patience.longer().replyMs).toBe(16_000);
    expect(await patience.reconsider()).toBe(false);
  });

  test("is no longer than twelve seconds on the slowest machine, and twice that to confirm a failure", async () => {
    const patience = new Patience(async () => 190);
    await patience.reconsider();
    expect(patience.replyMs).toBe(12_000);
    expect(patience.longer().replyMs).toBe(24_000);
  });

  test("stays as it is on a quick machine", async () => {
    const patience = new Patience(async () => 0.4);
    expect(await patience.reconsider()).toBe(false);
    expect(patience.replyMs).toBe(3000);
  });

  test("measures once a run, also when asked twice at once or by another one's heir", async () => {
    const calibrate = vi.fn(async () => 50);
    const patience = new Patience(calibrate);
    const longer = patience.longer();
    await Promise.all([patience.reconsider(), patience.reconsider(), longer.reconsider()]);
    expect(calibrate).toHaveBeenCalledTimes(1);
    expect(patience.replyMs).toBe(10_000);
    expect(longer.replyMs).toBe(20_000);
    expect(patience.longer().replyMs).toBe(20_000);
  });

  test("a measurement that breaks is not swallowed", async () => {
    const patience = new Patience(async () => {
      throw new Error("no reference server");
    });
    await expect(patience.reconsider()).rejects.toThrow("no reference server");
  });
});
