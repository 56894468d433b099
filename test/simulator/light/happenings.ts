/** What can happen, and what the two numbers of each event are. */

/** node: the last byte of a parcel left its uplink. */
export const SERVED = 1
/** parcel under way: it is here. */
export const ARRIVE = 2
/** half-edge of the sender, pieces: they were acknowledged. */
export const ACKNOWLEDGED = 3
/** half-edge of the sender, chunk and parcel: it is asked for them. */
export const REQUESTED = 4
/** half-edge of the sender, chunk: it is asked for no longer. */
export const CANCELLED = 5
/** node: its news is due. */
export const ANNOUNCE = 6
/** news that is at its receivers. */
export const NEWS = 7
/** node: its timers. */
export const TICK = 8
/** half-edge of who dialled: the connection is there. */
export const CONNECTED = 9
/** half-edge of who offers, whether it knows the command: a lane is offered. */
export const OFFER = 10
/** half-edge of who offered, the new state of its lane. */
export const ANSWER = 11
/** half-edge of who learns what its peer has announced. */
export const KNOWN = 12
/** half-edge of who hands over, what it brings: the job, the command, or both. */
export const HANDED = 13
/** half-edge of who handed over: it is acknowledged. */
export const HANDED_ACK = 14
/** message to the base, by its number in the source's book. */
export const TO_BASE = 15
/** the base's own timers. */
export const BASE_TICK = 16
/** half-edge of who acknowledges: what waits for company waits no longer. */
export const ACKNOWLEDGE = 17
