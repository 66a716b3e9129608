/** Partners with the full rules: cards on a phone, one true table on a wide screen. */
import { useEffect, useState } from 'preact/hooks'
import { classes } from '../../../shared/parts/classes.ts'
import { Skeleton } from '../../../shared/parts/Skeleton.tsx'
import { TierSwatch } from '../../../shared/parts/Tier.tsx'
import { percent } from '../../../shared/words/numbers.ts'
import { holder } from '../../code/holder.ts'
import { useAnswer } from '../../data/session.ts'
import { Frame } from '../../frame/Frame.tsx'
import { Empty, Shown } from '../../frame/states.tsx'
import { PartnersDocument, type PartnersQuery } from '../../graph/documents.ts'
import { words } from '../../words/words.ts'
import { CountMark, PointsMarks, RateMark } from './marks.tsx'
import { matrixOf, onlyPoints, type MatrixRow } from './matrix.ts'
import css from './PartnersScreen.module.css'
import { Places } from './Places.tsx'

type Programme = PartnersQuery['programme']

const NOTHING = {}
const WIDE = '(min-width: 900px)'

export function PartnersScreen() {
  const answer = useAnswer(PartnersDocument, NOTHING)
  const wide = useMedia(WIDE)
  return (
    <Frame title={words.partners.title} broad guest={answer.data?.me === null && !holder.live()}>
      <Shown answer={answer} skeleton={<div class={css['cards']}><Skeleton height={220} /><Skeleton height={180} /><Skeleton height={140} /></div>}>
        {({ me, programme }) => {
          const mine = me?.progress.tier
          if (programme.partners.length === 0) return <Empty title={words.partners.empty} />
          return (
            <>
              {!onlyPoints(programme) && <p class={css['note']}>{mine ? words.partners.note(mine.name) : words.partners.guest} {words.partners.legend}</p>}
              {wide && !onlyPoints(programme)
                ? <Table programme={programme} mine={mine?.id} />
                : <div class={css['cards']}>{programme.partners.map(partner => <PartnerCard key={partner.id} partner={partner} programme={programme} mine={mine?.id} />)}</div>}
            </>
          )
        }}
      </Shown>
    </Frame>
  )
}

function useMedia(query: string): boolean {
  const [matches, setMatches] = useState(() => matchMedia(query).matches)
  useEffect(() => {
    const media = matchMedia(query)
    const heard = (): void => setMatches(media.matches)
    media.addEventListener('change', heard)
    return () => media.removeEventListener('change', heard)
  }, [query])
  return matches
}

/** «По телефону, по e-mail, на стойке» */
function channelsOf(row: MatrixRow): string {
  const text = row.channels.map(channel => words.channels[channel]).join(', ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** «Курорт · Ленинградская область» */
function place(partner: Programme['partners'][number]): string {
  return [words.partners.kinds[partner.kind], partner.city].filter(Boolean).join(' · ')
}

function PartnerCard({ partner, programme, mine }: { partner: Programme['partners'][number]; programme: Programme; mine: string | undefined }) {
  const { tiers, points } = programme
  const rows = matrixOf(partner)
  const discounts = !onlyPoints(programme)
  const others = tiers.filter(tier => tier.id !== mine)
  return (
    <section class={css['card']} aria-labelledby={`partner-${partner.id}`}>
      <h2 class={css['name']} id={`partner-${partner.id}`}>{partner.name}</h2>
      <p class={css['about']}>{place(partner)}</p>
      {partner.about && <p class={css['more']}>{partner.about}</p>}
      {partner.places > 0 && <Places partner={partner.id} count={partner.places} />}
      <ul>
        {rows.map((row, index) => (
          <li key={index} class={css['rule']}>
            <p class={css['service']}>{row.service}</p>
            <p class={css['channels']}>{channelsOf(row)}</p>
            <p class={css['marks']}>
              {mine && discounts && <RateMark rate={row.rates[mine]} />}
              {discounts && <CountMark counts={row.accumulates} />}
              {points && <PointsMarks row={row} tier={mine ?? tiers[0]!.id} name={points.unit.name} />}
            </p>
            {others.length > 0 && discounts && (
              <details class={css['others']}>
                <summary>{mine ? words.partners.others : words.tier.all}</summary>
                <dl>{others.map(tier => <div key={tier.id}><dt>{tier.name}</dt><dd>{percent(row.rates[tier.id] ?? '0')}</dd></div>)}</dl>
              </details>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

function Table({ programme, mine }: { programme: Programme; mine: string | undefined }) {
  const ranks = programme.tiers.length
  return (
    <div class={css['scroll']} tabIndex={0} role="region" aria-label={words.partners.caption}>
      <table class={css['table']}>
        <caption class="unseen">{words.partners.caption}</caption>
        <thead>
          <tr>
            <th scope="col" class={css['first']}>{words.partners.service}</th>
            <th scope="col">{words.partners.how}</th>
            {programme.tiers.map((tier, index) => (
              <th key={tier.id} scope="col" class={classes(css['tier'], tier.id === mine && css['mine'])}>
                <TierSwatch rank={index + 1} ranks={ranks} />{tier.name}{tier.id === mine && <span class={css['yours']}>{words.tier.mine}</span>}
              </th>
            ))}
            <th scope="col">{words.partners.counts}</th>
          </tr>
        </thead>
        {programme.partners.map(partner => (
          <tbody key={partner.id}>
            <tr><th scope="rowgroup" colSpan={3 + ranks} class={css['partner']}><h2 class={css['name']}>{partner.name}</h2> <span class={css['about']}>{place(partner)}</span>{partner.places > 0 && <Places partner={partner.id} count={partner.places} />}</th></tr>
            {matrixOf(partner).map((row, index) => (
              <tr key={index}>
                <th scope="row" class={css['first']}>{row.service}</th>
                <td class={css['how']}>{channelsOf(row)}</td>
                {programme.tiers.map(tier => <td key={tier.id} class={classes(css['rate'], tier.id === mine && css['mine'])}>{percent(row.rates[tier.id] ?? '0')}</td>)}
                <td><CountMark counts={row.accumulates} short />{programme.points && <PointsMarks row={row} tier={mine ?? programme.tiers[0]!.id} name={programme.points.unit.name} />}</td>
              </tr>
            ))}
          </tbody>
        ))}
      </table>
    </div>
  )
}
