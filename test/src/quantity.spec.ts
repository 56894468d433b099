import { expect } from 'chai'
import { parseDuration, parseRate, parseSize } from '../../src/quantity.ts'

describe('quantity', () => {
  const RATES: Array<[string | number, number | undefined]> = [
    ['20Mbit/s', 2_500_000], ['800 kbit/s', 100_000], ['5MB/s', 5_000_000], ['1MiB/s', 2 ** 20], ['1Gibit/s', 2 ** 27], [125, 125], ['8bit/s', 1],
    ['20Mb/s', undefined], ['20mbps', undefined], ['20MB', undefined], ['20', undefined], ['0B/s', undefined], ['1bit/s', undefined]
  ]
  for (const [text, rate] of RATES) it(`reads the rate ${JSON.stringify(text)}`, () => expect(parseRate(text)).to.equal(rate))

  const SIZES: Array<[string | number, number | undefined]> = [['10GB', 10e9], ['4 GiB', 2 ** 32], ['1.5kB', 1_500], [77, 77], ['7B', 7], ['10G', undefined], ['10Gb', undefined], ['0B', undefined]]
  for (const [text, bytes] of SIZES) it(`reads the size ${JSON.stringify(text)}`, () => expect(parseSize(text)).to.equal(bytes))

  const DURATIONS: Array<[string, number | undefined]> = [
    ['500ms', 500], ['30s', 30_000], ['1.5m', 90_000], ['24h', 86_400_000], ['7d', 604_800_000],
    ['30', undefined], ['0s', undefined], ['-1s', undefined], ['1w', undefined], ['', undefined]
  ]
  for (const [text, ms] of DURATIONS) it(`reads the duration ${JSON.stringify(text)}`, () => expect(parseDuration(text)).to.equal(ms))
})
