import { bytesText, peerText, percentText } from './figures.ts'

/** What `/api/v1/media/PATH` says; described in packages/edge/src/media-facts.ts. */
export interface MediaFacts {
  readonly state: 'arriving' | 'complete'
  readonly size: number | null
  readonly heldBytes: number
  /** How much of each of equal parts is here, 0 to 1. */
  readonly heldParts: readonly number[]
  readonly origin: {
    readonly job: string
    readonly switches: number
    readonly sources: ReadonlyArray<{ readonly peer: string, readonly role: 'base' | 'node', readonly bytes: number }>
  } | null
}

const STATES = { arriving: 'still arriving', complete: 'complete', live: 'live' } as const

/** The part of the page that tells of this server. */
export class ServerFacts {
  readonly #find: <T extends HTMLElement>(id: string) => T

  constructor (find: <T extends HTMLElement>(id: string) => T) {
    this.#find = find
  }

  /** @param live - whether it goes on, though its playlist is whole at every time */
  show ({ state, size, heldBytes, heldParts, origin }: MediaFacts, live: boolean): void {
    const seen = live ? 'live' : state
    const badge = this.#find('state')
    badge.hidden = false
    badge.dataset.state = seen
    badge.textContent = STATES[seen]
    this.#data('held', heldBytes, size == null ? bytesText(heldBytes) : state === 'complete' ? bytesText(size) : `${bytesText(heldBytes)} of ${bytesText(size)}`)
    this.#parts(state === 'arriving' ? heldParts : [], size == null ? 0 : heldBytes / size)
    this.#data('switches', origin?.switches ?? '', origin == null ? 'not known' : String(origin.switches))
    this.#find('job').textContent = origin?.job ?? 'not known'
    this.#sources(origin?.sources ?? [])
  }

  #data (id: string, value: number | string, text: string): void {
    const element = this.#find<HTMLDataElement>(id)
    element.value = String(value)
    element.textContent = text
  }

  #parts (parts: readonly number[], share: number): void {
    const bar = this.#find('parts')
    bar.hidden = parts.length === 0
    bar.setAttribute('aria-label', `${percentText(share)} of it is here`)
    bar.replaceChildren(...parts.map(held => {
      const part = document.createElement('span')
      part.style.opacity = String(held)
      return part
    }))
  }

  #sources (sources: readonly { readonly peer: string, readonly role: string, readonly bytes: number }[]): void {
    const table = this.#find<HTMLTableElement>('sources')
    table.hidden = sources.length === 0
    const all = sources.reduce((sum, { bytes }) => sum + bytes, 0)
    table.tBodies[0]?.replaceChildren(...sources.map(({ peer, role, bytes }) => {
      const row = document.createElement('tr')
      const name = row.insertCell()
      name.textContent = role === 'base' ? 'base' : `node ${peerText(peer)}`
      name.title = peer
      const count = row.insertCell()
      count.className = 'number'
      count.textContent = bytesText(bytes)
      const bar = document.createElement('span')
      bar.className = 'share'
      bar.style.width = `${all === 0 ? 0 : bytes / all * 100}%`
      const said = document.createElement('span')
      said.className = 'said'
      said.textContent = percentText(all === 0 ? 0 : bytes / all)
      row.insertCell().append(bar, said)
      return row
    }))
  }
}
