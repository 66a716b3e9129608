/** A trusted document: the client sends its hash, the server holds its text. */

export interface Trusted<Data, Variables> {
  readonly kind: 'Document'
  readonly definitions: readonly []
  readonly documentId: string
  /** Carries the types only; never filled. */
  readonly __apiType?: (variables: Variables) => Data
}

export function trusted<Data, Variables>(hash: string): Trusted<Data, Variables> {
  return { kind: 'Document', definitions: [], documentId: hash }
}
