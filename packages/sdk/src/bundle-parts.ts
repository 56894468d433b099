/** What a bundle is made of: signed envelopes, verbatim. */
export interface BundleParts {
  /** The base's signed Job; the provider's signed request is inside it. */
  readonly job: Uint8Array
  /** The whole queue, in order. */
  readonly commands: Array<{ readonly command: Uint8Array, readonly acceptance: Uint8Array }>
  /** The base's seals of the puts that were sealed, by seq. */
  readonly seals: Uint8Array[]
  /** The provider's final page under each seal. With them a bundle proves that the content is the provider's, without them only that the base says so. */
  readonly finalPages?: Uint8Array[] | undefined
  /** By rank of the server, then by number. */
  readonly receipts: Uint8Array[]
  /** The base's signed Report; none while the job is open. */
  readonly report: Uint8Array | null
}

/** A text is no bundle, or cannot become one. */
export class BundleError extends Error {
  override readonly name = 'BundleError'
  /** The part of the bundle that is wrong. */
  readonly where: string

  constructor (message: string, where = 'bundle', options?: ErrorOptions) {
    super(message, options)
    this.where = where
  }
}
