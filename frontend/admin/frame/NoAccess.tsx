/** A deep link without its right: which right it is and who can give it. */
import { Link } from 'wouter'
import { Empty } from '../parts/states.tsx'
import { useAnswer } from '../data/query.ts'
import { useViewer } from '../data/rights.ts'
import { RightsDocument } from '../graph/documents.ts'
import { words } from '../words/words.ts'

const NOTHING = {}
const GIVES_RIGHTS = 'grant.manage'

export function NoAccess({ right }: { right: string }) {
  const table = useAnswer(RightsDocument, NOTHING).data?.rights
  const whom = useViewer()?.administrators ?? []
  const name = (code: string): string => table?.find(one => one.code === code)?.name ?? code
  return (
    <div role="alert">
      <Empty
        title={table ? words.noAccess.title(name(right)) : words.noAccess.plain}
        {...(table && { note: whom.length > 0 ? words.noAccess.whom(whom.join(', ')) : words.noAccess.ask(name(GIVES_RIGHTS)) })}
        action={<Link href="/">{words.panel.toStart}</Link>}
        heading
      />
    </div>
  )
}
