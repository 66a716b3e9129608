/** What a tab and a device remember between loads: the open basket for a reload, the last choices for the next guest. */
import type { Habits, Sale, Scan, State } from './state.ts'

const DRAFT = 'kunak.till.draft'
const HABITS = 'kunak.till.habits'

export interface Draft {
  readonly sale: Sale | null
  readonly scan: Scan
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
