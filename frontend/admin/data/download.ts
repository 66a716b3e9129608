/** A file of the server's for somebody signed in: fetched with our headers, then handed to the browser. */
import { language } from '../../shared/words/language.ts'
import { words } from '../words/words.ts'

/** Nothing when the file was saved, else the sentence of the refusal. */
export async function download(path: string): Promise<string | undefined> {
  try {
    const answer = await fetch(path, { headers: { 'X-Kunak': '1', 'X-Kunak-Credential': 'staff', 'Accept-Language': language() } })
    if (!answer.ok) return (await answer.text()).trim() || words.state.failed
    const name = /filename="([^"]+)"/.exec(answer.headers.get('Content-Disposition') ?? '')?.[1] ?? 'kunak.csv'
    save(await answer.blob(), name)
    return undefined
  } catch {
    return words.state.failedNote
  }
}

/** A text that the page has, as a file. */
export function saveText(text: string, name: string, type = 'text/csv'): void {
  save(new Blob([text], { type: `${type};charset=utf-8` }), name)
}

function save(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob)
  Object.assign(document.createElement('a'), { href: address, download: name }).click()
  URL.revokeObjectURL(address)
}
