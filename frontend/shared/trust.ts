/** The one place where an address becomes a script: the content policy refuses plain strings. */

interface ScriptPolicy {
  createScriptURL: (address: string) => string
}

interface TrustedTypesHost {
  trustedTypes?: { createPolicy: (name: string, rules: ScriptPolicy) => ScriptPolicy }
}

let policy: ScriptPolicy | undefined

/** Own scripts only: any other address is refused before the browser sees it. */
export function scriptUrl(address: string): string {
  const rules: ScriptPolicy = {
    createScriptURL(candidate) {
      if (new URL(candidate, location.href).origin !== location.origin) throw new TypeError(`not our script: ${candidate}`)
      return candidate
    },
  }
  policy ??= (globalThis as TrustedTypesHost).trustedTypes?.createPolicy('kunak', rules) ?? rules
  return policy.createScriptURL(address)
}
