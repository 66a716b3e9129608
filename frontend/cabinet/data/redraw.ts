/** Grows when every screen has to be drawn anew, as after a change of language. */
import { Value } from './value.ts'

export const redraw = new Value(0)
