/** Signing in: the same steps from the sign-in page and after a confirmation. */
import { attempt, type Attempt } from '../../shared/data/attempt.ts'
import { signedIn } from './session.ts'
import { SignInByCodeDocument, SignInDocument, type SignInByCodeMutation, type SignInMutation } from '../graph/documents.ts'
import { dropDraft, tell } from '../joining/draft.ts'

export async function enter(login: string, password: string): Promise<Attempt<SignInMutation['signIn']>> {
  return entered(login, await attempt(SignInDocument, { login, password }))
}

export async function enterByCode(login: string, request: string, code: string): Promise<Attempt<SignInByCodeMutation['signInByCode']>> {
  return entered(login, await attempt(SignInByCodeDocument, { request, code }))
}

async function entered<Result>(login: string, answer: Attempt<Result>): Promise<Attempt<Result>> {
  if ('done' in answer) {
    dropDraft()
    await signedIn()
    tell({ kind: 'signed-in', email: login })
  }
  return answer
}
