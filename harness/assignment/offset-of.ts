import { isMap, isNode, isPair, isScalar, isSeq, type Node } from "yaml";
import type { Problem } from "./problem.ts";

/** The character offset in the YAML text where a problem is; for something missing, where its parent begins. */
export function offsetOf({ path, at }: Pick<Problem, "path" | "at">, contents: unknown): number {
  let node: unknown = contents;
  let offset = startOf(contents, 0);
  for (const [depth, key] of path.entries()) {
    const step = child(node, key);
    if (step === undefined) return offset;
    const last = depth === path.length - 1;
    offset = last && at === "key" ? startOf(step.key, offset) : startOf(step.value, startOf(step.key, offset));
    node = step.value;
  }
  return offset;
}

function child(node: unknown, key: PropertyKey): { key: unknown; value: unknown } | undefined {
  if (isMap(node)) {
    const pair = node.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === key);
    return pair === undefined ? undefined : { key: pair.key, value: pair.value };
  }
  if (isSeq(node) && typeof key === "number") return { key: undefined, value: node.items[key] };
  return undefined;
}

function startOf(node: unknown, otherwise: number): number {
  return isNode(node) ? rangeStart(node, otherwise) : otherwise;
}

function rangeStart(node: Node, otherwise: number): number {
  return node.range?.[0] ?? otherwise;
}
