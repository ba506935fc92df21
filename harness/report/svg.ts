import { harmless } from "./harmless.ts";

/** A piece of a picture that is safe to put into another one. */
export interface Svg {
  readonly markup: string;
}

/** An element; attributes and texts are escaped, whoever chose them. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  ...children: readonly (Svg | string)[]
): Svg {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(String(value))}"`);
  const inside = children.map((child) => (typeof child === "string" ? escaped(child) : child.markup)).join("");
  return { markup: `<${name}${written.join("")}>${inside}</${name}>` };
}

/** Controls and what XML forbids are shown; a program's words are never markup. */
function escaped(text: string): string {
  return harmless(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
