/** Words of the list of operations, in English. */
import type { operations as russian } from './operations.ru.ts'

export const operations: typeof russian = {
  operations: {
    title: 'Operations',
    ofMember: 'Purchases of one member',
    channel: 'Channel',
    anyChannel: 'Any',
    receipt: 'Receipt',
    returns: 'Returns',
    anyReturns: 'Any',
    returned: 'With a return',
    notReturned: 'Without returns',
    when: 'When',
    place: 'Where',
    card: 'Card',
    gross: 'Sum',
    discount: 'Discount',
    net: 'Due',
    accumulated: 'Counted',
    refunded: 'Returned',
    points: (earned, spent) => [earned > 0 && `${earned} earned`, spent > 0 && `${spent} spent`].filter(Boolean).join(', '),
    open: number => `Open receipt ${number}`,
    sheet: 'Receipt',
    lines: 'Lines',
    empty: 'No operations yet',
    filterEmpty: 'No operations by these filters',
    download: 'Download CSV',
  },
}
