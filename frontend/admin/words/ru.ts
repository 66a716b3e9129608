/** Everything the panel says, in Russian: the text that English follows. */
import { operations } from './operations.ru.ts'
import { people } from './people.ru.ts'
import { places } from './places.ru.ts'
import { rights } from './rights.ru.ts'
import { doors } from './doors.ru.ts'
import { settlement } from './settlement.ru.ts'
import { signals } from './signals.ru.ts'
import { start } from './start.ru.ts'
import { work } from './work.ru.ts'
import { frame } from './frame.ru.ts'

export const ru = { ...frame, ...doors, ...operations, ...people, ...places, ...rights, ...settlement, ...signals, ...start, ...work }

export type Words = typeof ru
