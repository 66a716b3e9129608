/** Grows when every screen has to be drawn anew, as after a change of language. */
import { Value } from '../../shared/data/value.ts'

export const redraw = new Value(0)
