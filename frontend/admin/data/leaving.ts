/** Signing out: the server forgets the session, every tab forgets what it showed. */
import { StaffSignOutDocument } from '../graph/documents.ts'
import { clock } from './clock.ts'
import { left, send } from './session.ts'

export async function signOut(): Promise<void> {
  await send(StaffSignOutDocument, {})
  clock.tell('out')
  await left()
}
