/** What a tab and a device remember between loads: the open basket for a reload, the last choices for the next guest. */
import type { TillFactsFragment } from '../graph/documents.ts'
import type { Habits, Programme, Sale, Scan, State } from './state.ts'

const DRAFT = 'kunak.till.draft'
const HABITS = 'kunak.till.habits'
const HOME = 'kunak.till.home'

export interface Draft {
  readonly sale: Sale | null
  readonly scan: Scan
}

/** Which till this device was last: enough to go on without network, and nothing of any guest. */
export interface Home {
  readonly till: TillFactsFragment
  readonly programme: Programme
}

export class Memory {
  private readonly tab: Storage
  private readonly device: Storage

  constructor(tab: Storage, device: Storage) {
    this.tab = tab
    this.device = device
  }

  /** The basket and the scan under way. What is on its way to the server is not here: that lies with the attempts. */
  keep({ sale, scan }: State): void {
    if (sale === null && scan.phase === 'idle') return this.tab.removeItem(DRAFT)
    const draft: Draft = {
      sale:
        sale === null ? null : { ...sale, sending: { phase: 'idle' }, quoting: { phase: 'none' }, notice: null, earlier: null, undo: doneOnly(sale) },
      scan: scan.phase === 'idle' ? { phase: 'idle', notice: null } : scan,
    }
    this.tab.setItem(DRAFT, JSON.stringify(draft))
  }

  draft(): Draft | null {
    return read<Draft>(this.tab, DRAFT)
  }

  /** Null forgets: the device is no till any more. */
  settle(home: Home | null): void {
    if (home === null) this.device.removeItem(HOME)
    else this.device.setItem(HOME, JSON.stringify(home))
  }

  home(): Home | null {
    return read<Home>(this.device, HOME)
  }

  habits(): Habits {
    return { tender: 'CARD', channel: null, ...read<Partial<Habits>>(this.device, HABITS) }
  }

  remember(habits: Partial<Habits>): void {
    this.device.setItem(HABITS, JSON.stringify({ ...this.habits(), ...habits }))
  }
}

function doneOnly({ undo }: Sale): Sale['undo'] {
  return undo.phase === 'done' ? undo : { phase: 'over' }
}

function read<Shape>(storage: Storage, name: string): Shape | null {
  try {
    return JSON.parse(storage.getItem(name) ?? 'null') as Shape | null
  } catch {
    return null
  }
}
