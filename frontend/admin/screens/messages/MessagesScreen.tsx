/** Every message that the programme sends: to whom, how long it is as an SMS, and what it costs. */
import { Link } from 'wouter'
import { language } from '../../../shared/words/language.ts'
import { money } from '../../../shared/words/numbers.ts'
import { useAnswer } from '../../data/query.ts'
import { useRight } from '../../data/rights.ts'
import { Screen } from '../../frame/Screen.tsx'
import type { MessagePreviewsQuery } from '../../graph/documents.ts'
import { MessagePreviewsDocument } from '../../graph/late.ts'
import { Rows, Shown } from '../../parts/states.tsx'
import table from '../../parts/table.module.css'
import css from './messages.module.css'
import { messageWords } from './words.ts'

export const RIGHT = 'settings.manage'
export const NOTHING = {}
export type Preview = MessagePreviewsQuery['messagePreviews'][number]

export function MessagesScreen() {
  const allowed = useRight(RIGHT)
  const text = messageWords()
  return (
    <Screen title={text.title} right={RIGHT}>
      <p class={css['intro']}>{text.note}</p>
      {allowed && <Messages />}
    </Screen>
  )
}

function Messages() {
  const answer = useAnswer(MessagePreviewsDocument, NOTHING)
  const text = messageWords()
  return (
    <Shown answer={answer} skeleton={<Rows count={10} />}>
      {({ messagePreviews }) => (
        <div class={table['box']}>
          <table class={table['table']}>
            <thead><tr><th scope="col">{text.message}</th><th scope="col">{text.sort}</th><th scope="col">{text.sms}</th><th scope="col">{text.price}</th></tr></thead>
            <tbody>
              {messagePreviews.map(one => (
                <tr key={one.id}>
                  <th scope="row"><Link class={table['main']} href={`/messages/${one.id}`}>{one.name}</Link><span class={table['sub']}>{one.texts.find(each => each.locale.toLowerCase() === language())?.subject}</span></th>
                  <td data-name={text.sort}>{text.sorts[one.sort]}</td>
                  <td data-name={text.sms}>{partsText(one)}</td>
                  <td data-name={text.price}>{priceText(one)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Shown>
  )
}

function partsText(one: Preview): string {
  const text = messageWords()
  const [ru, en] = one.texts.map(each => each.short?.parts)
  return ru === undefined || en === undefined ? text.onlyLetter : text.partsOf(ru, en)
}

/** What the first gateway of each channel takes for it in Russian: the one that is asked first. */
function priceText(one: Preview): string {
  const text = messageWords()
  const costs = one.texts[0]?.short?.costs ?? []
  const first = costs.filter((cost, place) => costs.findIndex(each => each.channel === cost.channel) === place)
  return first.map(cost => `${text.channels[cost.channel]} ${cost.cost ? money(cost.cost) : `— ${text.noPrice}`}`).join(', ') || '—'
}
