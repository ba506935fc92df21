/** Words for people, in the two languages Gema speaks, side by side. */
export interface Text {
  readonly en: string;
  readonly id: string;
}

export type Language = keyof Text;
