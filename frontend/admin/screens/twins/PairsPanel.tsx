/** Pairs that the server found among all members, and what they have in common. */
import { Link } from 'wouter'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { dayTime } from '../../../shared/words/numbers.ts'
import { usePages } from '../../data/query.ts'
import type { LikelyPairsQuery, PairedProfileRowFragment } from '../../graph/documents.ts'
import { LikelyPairsDocument } from '../../graph/late.ts'
import { More } from '../../parts/More.tsx'
import { Empty, Rows, Shown } from '../../parts/states.tsx'
import table from '../../parts/table.module.css'
import { DismissButton } from './apart.tsx'
import css from './twins.module.css'
import { twinWords } from './words.ts'

const PAGE_ROWS = 10

export function PairsPanel() {
  const text = twinWords()
  const pages = usePages(LikelyPairsDocument, { first: PAGE_ROWS }, data => data.likelyPairs)
  return (
    <Panel title={text.pairs}>
      <p class={css['note']}>{text.pairsNote}</p>
      <Shown answer={pages.answer} skeleton={<Rows count={4} />}>
        {({ items, next }) => (
          <>
            {items.length === 0
              // One question looks at so many members and no more: there may be pairs behind them.
              ? next ? <Empty title={text.pairsNoneYet} /> : <Empty title={text.pairsNone} note={text.pairsNoneNote} />
              : <Table pairs={items} />}
            {(items.length > 0 || next) && <More pages={pages} />}
          </>
        )}
      </Shown>
    </Panel>
  )
}

function Table({ pairs }: { pairs: LikelyPairsQuery['likelyPairs']['items'] }) {
  const text = twinWords()
  return (
    <table class={`${table['table']} ${css['flat']}`}>
      <thead>
        <tr>
          <th scope="col">{text.older}</th><th scope="col">{text.newer}</th><th scope="col">{text.common}</th>
          <th scope="col"><span class="unseen">{text.compare}</span></th>
        </tr>
      </thead>
      <tbody>
        {pairs.map(({ older, newer, signs }) => (
          <tr key={older.member + newer.member}>
            <th scope="row"><Profile profile={older} /></th>
            <td data-name={text.newer}><Profile profile={newer} /></td>
            <td data-name={text.common}>{signs.map(sign => text.signs[sign]).join(', ')}</td>
            <td>
              <div class={css['ways']}>
                <Link href={`/twins/${older.member}/${newer.member}`} class={table['main']} aria-label={text.compareOf(older.number, newer.number)}>{text.compare}</Link>
                <DismissButton one={{ id: older.member, number: older.number }} other={{ id: newer.member, number: newer.number }} />
              </div>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Profile({ profile }: { profile: PairedProfileRowFragment }) {
  const text = twinWords()
  return (
    <>
      <span class={table['main']}>{profile.firstName} {profile.lastName}</span>
      <span class={table['sub']}>{[profile.number, profile.phone, profile.email].filter(Boolean).join(' · ')}</span>
      <span class={table['sub']}>{text.joined(dayTime(profile.joinedAt, true))}</span>
    </>
  )
}
