/** Everything the panel says, in English. */
import { operations } from './operations.en.ts'
import { people } from './people.en.ts'
import { places } from './places.en.ts'
import { rights } from './rights.en.ts'
import { doors } from './doors.en.ts'
import { settlement } from './settlement.en.ts'
import { signals } from './signals.en.ts'
import { start } from './start.en.ts'
import { work } from './work.en.ts'
import { frame } from './frame.en.ts'
import type { Words } from './ru.ts'

export const en: Words = { ...frame, ...doors, ...operations, ...people, ...places, ...rights, ...settlement, ...signals, ...start, ...work }
