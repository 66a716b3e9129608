/** Whether the programme has hotels that are booked here: the server wrote it into the page. */
export function booksHotels(): boolean {
  return document.querySelector<HTMLMetaElement>('meta[name="kunak-hotels"]')?.content === 'yes'
}

/** Whether partners sell something in the programme's shop. */
export function sellsServices(): boolean {
  return document.querySelector<HTMLMetaElement>('meta[name="kunak-shop"]')?.content === 'yes'
}

/** The programme's name as the server wrote it into the page; screens that load nothing else need it too. */
export function programmeName(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="application-name"]')?.content ?? ''
}
