/** Words of the log, in English. */
import type { work as russian } from './work.ru.ts'

export const work: typeof russian = {
  journal: {
    title: 'Log',
    who: 'Who',
    anyone: 'Everybody',
    right: 'Right',
    anyRight: 'Any',
    object: 'Object',
    objectHint: 'Number, e-mail or code',
    from: 'From',
    to: 'To',
    when: 'When',
    act: 'Act',
    on: 'On what',
    outcome: 'Outcome',
    outcomes: { DONE: 'done', REFUSED: 'refused' },
    before: 'Before',
    after: 'After',
    nothing: 'empty',
    reason: 'Reason',
    address: 'From where',
    request: 'Request',
    empty: 'No entries',
    filterEmpty: 'No entries match',
    details: 'Details',
  },
}
