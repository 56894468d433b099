/**
 * The newest chunk: where what is late is left out, whoever cannot have
 * everything is to have what is still worth showing (Liang, Kumar and Ross 2007
 * compare the orders of live streaming: latest useful keeps the delay short
 * where bandwidth is scarce).
 */
export function newestFirst (candidates: Iterable<number>): number | undefined {
  let newest: number | undefined
  for (const chunk of candidates) if (newest == null || chunk > newest) newest = chunk
  return newest
}
