/** Grows when every screen has to say itself anew, as after a change of language; what has the focus keeps it. */
import { Value } from '../../shared/data/value.ts'

export const redraw = new Value(0)
