import { defineConfig } from "vitest/config";

/** Tests that run the built program, as its users do. */
const BUILT = ["harness/cli/**/*.test.ts", "bench/kill-matrix.test.ts", "bench/kill-matrix/grade-fixtures.test.ts"];

export default defineConfig({
  test: {
    // A program under test may own 127.0.0.1:5000, and only one can.
    fileParallelism: false,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    projects: [
      {
        extends: true,
        test: {
          name: "sources",
          include: ["harness/**/*.test.ts", "reference/**/*.test.ts", "bench/**/*.test.ts"],
          exclude: BUILT,
        },
      },
      { extends: true, test: { name: "built", include: BUILT, globalSetup: "vitest.global-setup.ts" } },
    ],
  },
});
