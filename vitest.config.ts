import { defineConfig } from "vitest/config";

/** Tests that run the built program, as its users do. */
const BUILT = ["harness/cli/**/*.test.ts", "bench/kill-matrix/grade-fixtures.test.ts"];
/** Every fixture against every check, minutes on all cores. */
const MATRIX = ["bench/kill-matrix.test.ts"];
const globalSetup = "vitest.global-setup.ts";

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
          exclude: [...BUILT, ...MATRIX],
        },
      },
      { extends: true, test: { name: "built", include: BUILT, globalSetup } },
      { extends: true, test: { name: "matrix", include: MATRIX, globalSetup } },
    ],
  },
});
