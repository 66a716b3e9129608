/** The programme's name, as the server wrote it into the page. */
export function programmeName(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="application-name"]')?.content ?? ''
}
