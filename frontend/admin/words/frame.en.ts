/** Words of what stands around the pages, in English. */
import { plural } from '../../shared/words/numbers.ts'
import type { frame as russian } from './frame.ru.ts'

export const frame: typeof russian = {
  panel: {
    name: 'Panel',
    skip: 'Skip to content',
    menu: 'Menu',
    sections: 'Sections',
    home: 'Start',
    me: 'My access',
    signOut: 'Sign out',
    notFound: 'There is no such page',
    notFoundNote: 'The link may be old or mistyped.',
    toStart: 'To the start',
    more: 'Show more',
    shown: n => plural(n, { one: '# row shown', other: '# rows shown' }),
    cancel: 'Cancel',
    save: 'Save',
    reset: 'Reset',
    all: 'All',
    copied: 'Copied',
    copy: 'Copy',
    reason: 'Reason',
    reasonHint: 'It goes into the log. 3 characters or more.',
    required: 'Fill in this field',
    tooShortReason: 'Write three characters at least',
  },
  groups: { members: 'Members', partners: 'Partners', marketing: 'Marketing', content: 'Content', system: 'System' },
  sections: {
    claims: 'Claimed purchases', signals: 'Signals', people: 'Administrators', requests: 'Rights to approve', roles: 'Roles', journal: 'Log',
  },
  state: {
    loading: 'Loading',
    failed: 'Could not load',
    failedNote: 'Check your connection and try again.',
    retry: 'Try again',
    offline: at => `Offline. Data as of ${at}`,
    stale: at => `Could not refresh. Data as of ${at}`,
    moreFailed: 'The next page could not be loaded.',
    absent: 'There is no such record',
    absentNote: 'It may have been removed, or it lies outside your rights.',
  },
  noAccess: {
    title: right => `No access: you need “${right}”`,
    plain: 'No access',
    whom: names => `Ask somebody who grants rights: ${names}.`,
    ask: right => `An administrator who holds “${right}” can grant it.`,
  },
  ending: {
    soon: time => `Your session ends in ${time}: nothing was done for a while.`,
    day: time => `Your working session ends in ${time}. Save what you began; you will have to sign in again.`,
    stay: 'Stay',
    title: 'Your session has ended',
    note: 'Sign in again: what you typed is still on the page.',
    leave: 'Sign out for good',
  },
}
