/** Everything the panel says, in Russian: the text that English follows. */
import { people } from './people.ru.ts'
import { rights } from './rights.ru.ts'
import { doors } from './doors.ru.ts'
import { signals } from './signals.ru.ts'
import { start } from './start.ru.ts'
import { work } from './work.ru.ts'
import { frame } from './frame.ru.ts'

export const ru = { ...frame, ...doors, ...people, ...rights, ...signals, ...start, ...work }

export type Words = typeof ru
