/** A purchase that is missing: the way to say so, and what became of what was said. */
import { Link } from 'wouter'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { Skeleton } from '../../../shared/parts/Skeleton.tsx'
import { day, money } from '../../../shared/words/numbers.ts'
import { useAnswer } from '../../data/session.ts'
import { Frame } from '../../frame/Frame.tsx'
import { Empty, Shown } from '../../frame/states.tsx'
import { ClaimsDocument, type ClaimFragment } from '../../graph/documents.ts'
import css from './Claims.module.css'
import { ClaimForm } from './ClaimForm.tsx'
import { claimWords } from './words.ts'

const NOTHING = {}

export function ClaimsScreen() {
  const text = claimWords()
  const answer = useAnswer(ClaimsDocument, NOTHING)
  return (
    <Frame title={text.title}>
      <p class={css['intro']}>{text.note} <Link href="/purchases">{text.back}</Link></p>
      <Shown answer={answer} skeleton={<><Skeleton height={420} /><Skeleton height={120} /></>}>
        {({ me, programme }) => me && (
          <div class={css['stack']}>
            <Panel><ClaimForm partners={programme.partners} /></Panel>
            <Panel title={text.mine}>
              {me.claims.length === 0 ? <Empty title={text.none} /> : <ul>{me.claims.map(one => <Claim key={one.id} claim={one} />)}</ul>}
            </Panel>
          </div>
        )}
      </Shown>
    </Frame>
  )
}

function Claim({ claim }: { claim: ClaimFragment }) {
  const text = claimWords()
  return (
    <li class={css['claim']}>
      <div class={css['head']}><strong>{claim.partner.name}</strong><span class="sum">{money(claim.net)}</span></div>
      <p class={css['note']}>{claim.outlet.name} · {text.receipt(claim.receiptNumber, day(claim.businessDate))}</p>
      <p class={css[claim.status.toLowerCase()] ?? css['note']}>{text.states[claim.status]}{claim.reason && `. ${claim.reason}`}</p>
      {claim.purchase && <Link class={css['link']!} href={`/purchases?purchase=${claim.purchase}`}>{text.open}</Link>}
    </li>
  )
}
