/** What each restaurant's plugin last said of itself. */
import { Panel } from '../../../shared/parts/Panel.tsx'
import { dayTime } from '../../../shared/words/numbers.ts'
import { useAnswer } from '../../data/query.ts'
import { Screen } from '../../frame/Screen.tsx'
import { PlacesDocument, PluginsDocument, type PluginsQuery } from '../../graph/documents.ts'
import { Badge } from '../../parts/Badge.tsx'
import { Empty, Rows, Shown } from '../../parts/states.tsx'
import css from '../../parts/table.module.css'
import { words } from '../../words/words.ts'

type Plugin = PluginsQuery['plugins'][number]

const NOTHING = {}
/** A plugin calls with every order and at least each minute; nobody is served for hours at night. */
const SILENT_MS = 24 * 3_600_000
const SKEW_SECONDS = 30

export function PluginsScreen() {
  const answer = useAnswer(PluginsDocument, NOTHING)
  return (
    <Screen title={words.plugins.title} right="plugin.view">
      <Shown answer={answer} skeleton={<Rows />}>
        {({ plugins }) => plugins.length === 0 ? <Panel><Empty title={words.plugins.empty} note={words.plugins.emptyNote} /></Panel> : <Table plugins={plugins} />}
      </Shown>
    </Screen>
  )
}

function Table({ plugins }: { plugins: readonly Plugin[] }) {
  const houses = useAnswer(PlacesDocument, NOTHING).data?.programme.partners ?? []
  const place = (plugin: Plugin): string => {
    const house = houses.find(one => one.id === plugin.partner)
    return [house?.name ?? plugin.partner, house?.outlets.find(one => one.id === plugin.outlet)?.name ?? plugin.outlet].join(', ')
  }
  return (
    <div class={css['box']}>
      <table class={css['table']}>
        <thead>
          <tr>
            <th scope="col">{words.plugins.terminal}</th><th scope="col">{words.plugins.place}</th><th scope="col">{words.plugins.version}</th>
            <th scope="col">{words.plugins.queue}</th><th scope="col">{words.plugins.clock}</th><th scope="col">{words.plugins.seen}</th><th scope="col">{words.plugins.state}</th>
          </tr>
        </thead>
        <tbody>
          {plugins.map(plugin => (
            <tr key={plugin.id}>
              <th scope="row"><span class={css['main']}>{plugin.terminal}</span><span class={css['sub']}>{plugin.tillName}</span></th>
              <td data-name={words.plugins.place}>{place(plugin)}</td>
              <td data-name={words.plugins.version}>{plugin.version}{plugin.frontVersion && <span class={css['sub']}>{words.plugins.front(plugin.frontVersion)}</span>}</td>
              <td data-name={words.plugins.queue}>{plugin.queue > 0 ? <Badge tone="warning">{words.plugins.queued(plugin.queue)}</Badge> : words.plugins.noQueue}</td>
              <td data-name={words.plugins.clock}>{clockText(plugin.clockAheadSeconds)}</td>
              <td data-name={words.plugins.seen} class={css['when']}>{dayTime(plugin.lastSeenAt)}</td>
              <td><State plugin={plugin} /></td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function State({ plugin }: { plugin: Plugin }) {
  if (plugin.isEnded) return <Badge tone="danger">{words.plugins.keyEnded}</Badge>
  const silent = Date.now() - Date.parse(plugin.lastSeenAt) > SILENT_MS
  return <Badge tone={silent ? 'warning' : 'success'}>{silent ? words.plugins.silent : words.plugins.onAir}</Badge>
}

function clockText(ahead: number): string {
  if (Math.abs(ahead) < SKEW_SECONDS) return words.plugins.clockRight
  return ahead > 0 ? words.plugins.ahead(ahead) : words.plugins.behind(-ahead)
}
