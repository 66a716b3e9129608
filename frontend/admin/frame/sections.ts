/** The sections that have pages, in the order of the rail; each is there for whoever holds its right. */
import { ReceiptIcon, ReturnIcon } from '../../shared/parts/icons.tsx'
import { AlertIcon, CardIcon, CloudIcon, CoinsIcon, GiftIcon, InboxIcon, JournalIcon, LetterIcon, MemberIcon, OperationIcon, PeopleIcon, PlugIcon, PulseIcon, RolesIcon, TillIcon, TwinsIcon, WebhookIcon } from '../parts/icons.tsx'
import { holds, type Held } from '../data/rights.ts'
import type { words } from '../words/words.ts'

interface Section {
  href: string
  name: keyof (typeof words)['sections']
  group: keyof (typeof words)['groups']
  /** The right without which the section is absent. */
  right: string
  /** Its right opens it only where it is held for the whole programme. */
  whole?: true
  Icon: () => preact.JSX.Element
}

const SECTIONS: readonly Section[] = [
  { href: '/members', name: 'members', group: 'members', right: 'user.manage', Icon: MemberIcon },
  { href: '/cards', name: 'cards', group: 'members', right: 'card.view', Icon: CardIcon },
  { href: '/twins', name: 'twins', group: 'members', right: 'merge.decide', Icon: TwinsIcon },
  { href: '/claims', name: 'claims', group: 'members', right: 'operation.view', Icon: ReceiptIcon },
  { href: '/goodwill', name: 'goodwill', group: 'members', right: 'operation.manage', whole: true, Icon: CoinsIcon },
  { href: '/signals', name: 'signals', group: 'members', right: 'signal.review', Icon: AlertIcon },
  { href: '/operations', name: 'operations', group: 'partners', right: 'operation.view', Icon: OperationIcon },
  { href: '/money', name: 'money', group: 'partners', right: 'operation.view', Icon: ReturnIcon },
  { href: '/tills', name: 'tills', group: 'partners', right: 'pos.manage', Icon: TillIcon },
  { href: '/plugins', name: 'plugins', group: 'partners', right: 'plugin.view', Icon: PlugIcon },
  { href: '/restaurants', name: 'restaurants', group: 'partners', right: 'plugin.view', Icon: CloudIcon },
  { href: '/webhooks', name: 'webhooks', group: 'partners', right: 'pos.manage', Icon: WebhookIcon },
  { href: '/settlement', name: 'settlement', group: 'partners', right: 'settlement.view', Icon: CoinsIcon },
  { href: '/campaigns', name: 'campaigns', group: 'marketing', right: 'campaign.approve', Icon: GiftIcon },
  { href: '/messages', name: 'messages', group: 'content', right: 'settings.manage', Icon: LetterIcon },
  { href: '/people', name: 'people', group: 'system', right: 'admin.manage', Icon: PeopleIcon },
  { href: '/roles', name: 'roles', group: 'system', right: 'admin.manage', Icon: RolesIcon },
  { href: '/requests', name: 'requests', group: 'system', right: 'grant.manage', Icon: InboxIcon },
  { href: '/status', name: 'status', group: 'system', right: 'settings.manage', Icon: PulseIcon },
  { href: '/journal', name: 'journal', group: 'system', right: 'admin.manage', Icon: JournalIcon },
]

export function opened(rights: readonly Held[]): readonly Section[] {
  return SECTIONS.filter(one => holds(rights, one.right, one.whole && { kind: 'PROGRAMME' }))
}

export const GROUPS = ['members', 'partners', 'marketing', 'content', 'system'] as const
