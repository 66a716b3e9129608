/** Signing in: the same steps from the sign-in page and after a confirmation. */
import { attempt, type Attempt } from '../../shared/data/attempt.ts'
import { signedIn } from './session.ts'
import { SignInByCodeDocument, SignInDocument, type SignInByCodeMutation, type SignInMutation } from '../graph/documents.ts'
import { dropDraft, tell } from '../joining/draft.ts'

export async function enter(login: string, password: string): Promise<Attempt<SignInMutation['signIn']>> {
  const answer = await attempt(SignInDocument, { login, password })
  if ('done' in answer) await entered(login)
  return answer
}

export async function enterByCode(login: string, request: string, code: string): Promise<Attempt<SignInByCodeMutation['signInByCode']>> {
  const answer = await attempt(SignInByCodeDocument, { request, code })
  if ('done' in answer) await entered(login)
  return answer
}

async function entered(login: string): Promise<void> {
  dropDraft()
  await signedIn()
  tell({ kind: 'signed-in', email: login })
}
