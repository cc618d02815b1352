/** The shape of an area's English texts with any words: every key must be there, none may be new. */
export type Translation<Texts> = {
  readonly [Key in keyof Texts]: Texts[Key] extends string ? string : Translation<Texts[Key]>
}
