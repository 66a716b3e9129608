/** Words of the start page, in English. */
import { plural } from '../../shared/words/numbers.ts'
import type { start as russian } from './start.ru.ts'

export const start: typeof russian = {
  start: {
    hello: name => `Hello, ${name}`,
    first: 'First steps',
    firstDone: (done, all) => `${done} of ${all} done`,
    steps: {
      second: 'Invite a second administrator',
      secondNote: 'Otherwise nobody can approve rights or give you your access back.',
      codes: 'Keep recovery codes at hand',
      codesNote: n => plural(n, { one: '# code left', other: '# codes left' }),
    },
    done: 'done',
    nothing: 'No rights yet',
    nothingNote: 'Once an administrator grants them, sections appear here by themselves.',
    rights: 'Your rights',
    rightsNote: 'The panel has no pages for them yet.',
    waiting: n => plural(n, { one: '# request waits for your decision', other: '# requests wait for your decision' }),
    about: {
      members: 'Tier, points, family and consents of one member',
      twins: 'Two profiles of one person: compare and make them one',
      campaigns: 'What campaigns give, promo codes, and a test on past receipts',
      cards: 'A member by card, phone or e-mail',
      operations: 'Receipts and returns by partner, day and number',
      money: 'Payments and refunds that wait for a person',
      tills: 'Which tills are in use, a new one and its key',
      plugins: 'Contact with tills of restaurants',
      webhooks: 'Servers that hear of receipts, and deliveries',
      restaurants: 'Restaurants of the cloud, what was put aside, the comparison',
      messages: 'What guests are told, in which words, at which price',
      status: 'Whether outside systems work, and what to do if not',
      settlement: 'Who owes whom for points, and how many guests hold',
      people: 'Who works in the panel and what they may do',
      roles: 'Ready sets of rights',
      claims: 'Receipts guests ask to be counted',
      goodwill: 'What the staff gave and took, and what waits for a second person',
      requests: 'Rights that two people grant',
      journal: 'Who changed what, and when',
      signals: 'What looks like fraud, and what is decided',
    },
  },
}
