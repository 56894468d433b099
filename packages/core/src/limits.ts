/** Every number the core decides by: its unit, and why it is what it is. */

/** Bytes of a full piece: the unit in which windows count. */
export const PIECE_BYTES = 64 * 1024

/**
 * Bytes in flight per uplink, as a time: about what an acknowledgement takes
 * under load. Less leaves the uplink empty, more only adds loss (shaped-lab
 * prototype: 75 → 130 ms gave 1.13 → 1.08 × the bound at 40 Mbit/s).
 */
export const WINDOW_MS = 130

/**
 * … for this part of a line's rate, 100 Mbit/s: at equal rates less gave 1.058 instead of 1.051 × the bound. Of what is
 * beyond, so many times what acknowledgements take at best: a chunk waits in the window of each server that passes it on,
 * and most pass those of the fast ones. Half of it more keeps lines busy that are 80 ms away.
 */
export const FULL_WINDOW_RATE = 12_500_000
export const FAST_WINDOW_ECHOES = 1.5
/** … unless the line, which always had more to send, did less than this share of its best: then all of it has its 130 ms for so long, and twice as long each time. */
export const STARVED_SHARE = 0.9
export const WHOLE_WINDOW_MS = 5_000
/** … but no less than this, however near receivers are: acknowledgements wait 20 ms for company, and busy processes look as often as they can. */
export const MIN_FAST_WINDOW_MS = 30

/** Where a window starts before anything was measured, and what it stays at on slow lines: 16 pieces = 1 MiB. */
export const INITIAL_WINDOW_PIECES = 16
/** … as long as that is no more than this time of the rate, below 8 Mbit/s: what is on so slow a line cannot be called back, and its own acknowledgements and requests stand behind it. */
export const SLOW_WINDOW_MS = 1_000
/** Never below this: one piece in flight and one behind it. With four a server that took with 20 Mbit/s and gave with 1 was done at 1.31 × the others' time. */
export const MIN_WINDOW_PIECES = 2
/**
 * A piece that is out of the line and not acknowledged after this, twice the longest of these windows, does not count
 * in a window of fewer pieces than it began with: with two a receiver whose own line was full kept the source from
 * all others for 15 s (seed 2358 of the random plans).
 */
export const OVERDUE_MS = 2 * SLOW_WINDOW_MS
/** Never above this, 8 MiB: what a source may have in the memory of its receivers. */
export const MAX_WINDOW_PIECES = 128

/**
 * What a receiver asks for ahead, as a time of its arrival rate: a request waits in its source's queue behind
 * those of others. In the simulator (100 Mbit/s, 64 nodes, 1, 2 and 5 times as fast up) 200, 250, 300, 400 ms
 * gave 1.060, 1.060, 1.066, 1.083 × the bound.
 */
export const REQUEST_AHEAD_MS = 250
/** … and of one source, as a time of its lane's rate: enough that it always finds something to send. */
export const LANE_AHEAD_MS = 500
/** … but at least this many chunks, one on its way and one behind it (64 nodes: 1 gave 1.14 where 2 gave 1.07). */
export const MIN_LANE_REQUESTS = 2
/**
 * What a receiver asks for at least, before any rate was measured: up to so many bytes, and so many chunks, however
 * large they are: of few sources at a time uplinks find nothing to do (16 nodes, 1 GiB in chunks of 1 MiB: 4, 6, 8, 12
 * gave 1.099, 1.073, 1.068, 1.074 × the bound).
 */
export const MIN_REQUEST_BYTES = 4 * 1024 * 1024
export const MIN_REQUESTS = 8
export const MAX_FIRST_REQUESTS = 16
/**
 * A source of which nothing was asked for this long is asked for one chunk, whatever was measured of it: that is what it
 * could do beside all who asked it then (16 nodes, 1 GiB: 1.067 → 1.058 × the bound). Only while as long is still to
 * come: one that is slow for good would bring the last chunk (64 nodes, a tenth of them slow: 1.163 → 1.201).
 */
export const RESTED_MS = 10_000
/** A request that brought nothing for this long goes elsewhere even if its source brings other chunks: it evidently forgot. */
export const REQUEST_LOST_MS = 10_000
/** … and for this many of its lane's pauses a piece: it may wait behind others that we asked of the same source. */
export const REQUEST_LOST_GAPS = 8
/** A source is silent when it pauses this many times longer than it did lately; a long pause is forgotten by so much with each piece. */
export const STALL_GAPS = 3
export const GAP_DECAY = 0.9
/** How much one pause weighs in a lane's pace, and after how many pieces the pace replaces what the source claimed: two chunks of the smallest kind would be noise. */
export const PACE_WEIGHT = 0.1
export const PACE_PIECES = 8
/** How long the first piece of a lane may take: a full window may be ahead of it. */
export const FIRST_PIECE_MS = 5_000
/** Chunks that one receiver may have queued at a source: more is a peer's mistake. */
export const MAX_QUEUED_REQUESTS = 64

/** A request that brings nothing for this long goes elsewhere, at its offset. */
export const STALL_MS = 1_500
/** How long a source that stalled is asked only if nobody else has the chunk. */
export const QUARANTINE_MS = 5_000

/** What is rare is announced at once, and what comes soon after it in batches of this time. */
export const HAVE_BATCH_MS = 20
/**
 * What is not, in larger ones: nobody waits for it, and each message costs more than what it says (a tenth of a
 * node's processor time at 20 Mbit/s). 150 → 300 ms gave 1.052 → 1.054 × the bound for 64 nodes.
 */
export const HELD_BATCH_MS = 250
/** … or as long as so many pieces take to come, up to this: at 10 Mbit/s 250, 500, 750 ms gave 1.064, 1.068, 1.067 × the bound for 16 nodes, with 26, 17, 13 thousand messages. */
export const HELD_BATCH_PIECES = 10
export const SLOW_HELD_BATCH_MS = 500
/** … and not before a put had this long to fill the lines: in its first second all of them look slow. */
export const FILLED_MS = 2_000
/** … but sooner where somebody watches what comes: of a put without a known end. */
export const LIVE_HELD_BATCH_MS = 150
/**
 * Acknowledgements wait so long for other messages to the same peer, to go in one frame with them: little beside a
 * window's time (5 → 20 ms takes a fifth off all control bytes at 8 to 64 nodes; 30 ms costs 0.005 × the bound).
 */
export const ACKNOWLEDGE_COMPANY_MS = 20
/**
 * A receiver to whom one waits, of a large chunk, counts as having so many pieces fewer under way, so that the next one
 * takes it along: it is sooner there, and needs no packet (8 nodes, chunks of 1 MiB, six seeds: 0, 1, 2 pieces gave
 * 1.070, 1.065, 1.060 × the bound, and 0.164, 0.156, 0.151 % of control). Of smaller ones a slow server falls behind
 * by that: 64 nodes, `--slow`: 1.162.
 */
export const COMPANY_PIECES = 2
/** … and so long where chunks are large, of so many pieces (1 MiB), */
export const LARGE_CHUNK_PIECES = 16
export const LARGE_ACKNOWLEDGE_COMPANY_MS = 40
/**
 * … as the window that they come in is longer then, too. With 20 and 130 ms, 40 and 150, 40 and 170, 60 and 190 it is
 * 1.060, 1.069, 1.053, 1.061 × the bound at 8 nodes, and 0.151, 0.122, 0.121, 0.113 % of control. Of smaller chunks
 * more would be under way than can be taken back from a slow server (64 nodes, `--slow`, 30 and 140 ms: 1.112 → 1.133).
 */
export const LARGE_WINDOW_MS = 170
/** … and so long haves that nobody waits for: what is rare is announced with its first piece. */
export const HAVE_COMPANY_MS = 100
/** … of large chunks, which take 84 ms each at 100 Mbit/s, more: 0.170 → 0.162 % of control (16 nodes, 1 GiB), at 1.068 and 1.070 × the bound. */
export const LARGE_HAVE_COMPANY_MS = 300
/** A receiver that is so much behind the others has more of an uplink: less may be the noise of what was asked for when. */
export const CATCH_UP_FROM_MS = 100
/** … and by the time of so many chunks, where these take long: receivers differ by some at any time. */
export const CATCH_UP_FROM_CHUNKS = 4
/** … as much again as it has for each time that it is so much further behind … */
export const CATCH_UP_MS = 300
/** … and no more than this: one that cannot take more fills no window with what it was sent. */
export const MAX_CATCH_UP = 3
/** What a receiver said that it holds counts for so long: who lacks something asks each of its sources a few times a second. */
export const STANDING_MS = 1_000
/** A chunk that fewer partners than this have announced is rare. */
export const RARE_ANNOUNCERS = 3
/**
 * … and than this, to one whose uplink has room: of 64 servers, half of them five times or twice as fast as the
 * others, slow uplinks were idle for 15 % of the time, since most partners had asked the fast ones before they heard
 * of what the slow ones have.
 */
export const IDLE_ANNOUNCERS = 5
/**
 * … where chunks are single pieces: fewer than this share of the servers. Of 16 servers it takes only one to feed
 * them all. An eighth: as fast, with twice to three times as many announcements (16 to 32 nodes).
 */
export const RARE_SHARE = 1 / 16

/**
 * Job hand-overs under way at once: as many copies as come to so many bytes, 42 ms of 100 Mbit/s. With less the way to
 * the last server has more steps, of 93 ms each at a round trip of 20 where they dial; more keeps the base from its media.
 */
export const ERRAND_BYTES = 512 * 1024
/** … a copy naming each server in so many: key and rate; */
export const JOB_BYTES_PER_SERVER = 62
/** … but some of the largest jobs, too, as dials overlap, and of small ones no more than a host should dial at once. */
export const MIN_ERRANDS = 4
export const MAX_ERRANDS = 64
/** An unacknowledged hand-over is taken back after this. */
export const ERRAND_TIMEOUT_MS = 10_000
/** New commands that are not acknowledged in this time are sent again: they are small, and durable in a moment. */
export const RESEND_MS = 3_000
/** A server that took its ranges and lost its connection may come back this long before they are taken back. */
export const TAKE_BACK_MS = 5_000
/** After this many failed approaches a rank is left to the base, which sees the missing receipt. */
export const MAX_APPROACHES = 3
/** Wait before a failed rank is tried again, doubled each time. */
export const APPROACH_RETRY_MS = 2_000

/** A server that does not know a job this long after it was opened fell through the hand-over: the base approaches it at once. */
export const UNKNOWN_AFTER_MS = 10_000
/** Partners that were not reached are dialled again this often. */
export const MEET_RETRY_MS = 10_000

/** Lanes into one receiver: everyone up to ~24 nodes, the view beyond. */
export const MAX_INBOUND_LANES = 24
/** A lane must be this much faster than the slowest to replace it: rates are noisy. */
export const SWITCH_GAIN = 1.3
/** … and a chunk must be here this much sooner from another source: a few round trips, so that a switch is worth its messages. */
export const SWITCH_SAVING_MS = 250
/** … and by the time of so many pieces, where these take long: what is on its way from the old source comes twice. */
export const SWITCH_SAVING_PIECES = 2
/** A chunk is late when it took this many times what its source's rate promised: below, the noise of shared uplinks would make it switch for nothing. */
export const LATE_FACTOR = 2
/** What a slow source is expected to take counts only as far as it is usual; but what is sooner than this is never late. */
export const LEAST_EXPECTED_MS = 500
/**
 * In the end of a put, when nothing is left to be asked for, what is not late goes to another source, too, if that
 * saves as much; but no more of its chunks than this share, since of each what is on its way comes twice.
 */
export const EARLY_SWITCHES_SHARE = 1 / 64
/** The base takes over what nobody else could only when it is late by this: it is there to give everything once. */
export const ORIGIN_TAKES_OVER_MS = 5_000
/** Whether a chunk is better taken over by another source is looked at this often. */
export const SWITCH_INTERVAL_MS = 100

/** Up to this many members everybody is in everybody's view. */
export const FULL_MESH_MEMBERS = 24
/** Random ranks in a view beside the circulant skips: stragglers 1.5 → 1.06 × the bound in simulation. */
export const VIEW_RANDOM = 8

/** A fresh chunk whose first holder does not announce it in this time is given to another. */
export const FIRST_HOLDER_TIMEOUT_MS = 5_000
/** … and in the time of so many windows: what is in a full one takes its time on a slow uplink. */
export const FIRST_HOLDER_WINDOWS = 3

/**
 * When all chunks went out once, one that is with fewer than this share of the source's receivers, this long and this
 * many times the usual time to a second holder after it went out, goes out again: a healthy one is with half of them.
 */
export const SPREAD_SHARE = 0.25
export const SPREAD_TIMEOUT_MS = 1_000
export const SPREAD_TIMEOUT_FACTOR = 2
/** … and for so many windows' time of the source: where a piece takes long nobody spreads a chunk in a second. */
export const SPREAD_WINDOWS = 2
/** One that its first holder alone has for longer than it may take to announce it, than so many times what is usual until a second one has it, and than all it alone has would take to everybody, goes out again at once. */
export const KEPT_FACTOR = 8
/** How much one chunk weighs in what is usual, and in what is usual for its holder. */
export const SPREAD_WEIGHT = 0.1
export const SPREAD_WEIGHT_OF_ONE = 0.3
/** A chunk that so many first holders never announced is given to no other: whoever wants it can ask. */
export const MAX_GIVEN = 3
/** Fresh chunks being sent at once: with one the uplink waits for a single lane, with many all of them are late. */
export const FRESH_AT_ONCE = 2
/** While lanes are being offered, for so long at most, each receiver of fresh chunks has one at a time: the answers of a fleet come within one round trip. */
export const OPENING_MS = 500
/** … for each time that its rate is so much of the mean; below it none at all (16 nodes of three rates, live, 64 MiB, seeds 1 to 3: p99 2.5 to 2.9 s with one for each of them, 0.55 to 0.62 by rate). */
export const OPENING_WEIGHT = 0.95
/** How much of the window one receiver of fresh chunks may fill: no more than a third, so that a slow one does not clog it. */
export const FRESH_SHARE = 0.34
/** … and if it is the only one more than half, which leaves room for what a viewer wants (a third gave 1.28 × the bound). */
export const FRESH_SHARE_OF_ONE = 0.6

/**
 * A source whose chunks are all with others repeats itself only after this, or after a quarter of
 * the time it took to give them out: where the fleet's own uplinks are fast enough it is done by
 * then, and the source has sent every byte once; where they are not, the source's help is worth more
 * than its egress.
 */
export const RELAY_AFTER_MS = 1_000
export const RELAY_AFTER_SHARE = 0.25

/**
 * A live piece that one server passes on can be passed on by the next so many pieces later: one to send it, and 10 ms
 * of way at 100 Mbit/s and 80 % load. Where a hop takes more or less, pieces wait for each other at times.
 */
export const PUSH_HOP_SLOTS = 3
/** Distances over which live pieces are pushed beside the circulant's (prototype, 256 servers: 0, 8 gave a p99 of 230, 165 ms). */
export const PUSH_RANDOM = 8
/**
 * Pushes may fill the window so many times: they come in bursts, a first holder's to all its children, and they are no
 * more than the media's own rate. With one window 64 nodes at 80 % load passed on a tenth of all pieces too late.
 */
export const PUSH_WINDOW = 1.25
/**
 * While a live piece waits to be passed on so much stands in the line, at most, in ms: what stands there goes in the
 * order in which it was sent. Less leaves it idle between two of the driver's ticks (prototype, 256 servers at 100
 * Mbit/s: 3, 8, 16 ms and no bound gave a p99 of 155, 149, 152 and 181 ms).
 */
export const PUSH_LINE_MS = 8
/** A line that did more than it was said to do may do so many times as much. */
export const LINE_PROBE = 1.25
/** Pushes of one peer that may wait for its window: as many as it has children in one tree, and a few. What is more is pulled from others. */
export const MAX_WAITING_PUSHES = 16
/** A first holder of live pieces counts as slow, and has its turn less often, when it takes so many times the usual to spread one: what is less is noise of announcements. */
export const RING_SLOW = 2
/**
 * What will be pushed is asked for only when it is later, after it was first heard of, than pushes usually are. Before
 * anything came: so much, or as long as a tree takes at the rates of the fleet …
 */
export const GRACE_START_MS = 400
/** … at least a few times what a push takes beyond its announcement in a fleet that has no queues, so that one that grows is borne for a while, and at most what the first piece of a lane may take. */
export const GRACE_MIN_MS = 200
export const GRACE_MAX_MS = 5_000
/** … and as long as so many trees at the pace at which pieces come: one that waits behind another at a slow uplink comes twice if it is asked for (seeds 304, 700, 933 of the random plans: with one, up to an eighth of the pieces). */
export const GRACE_TREES = 2
/** Mean and deviation of that lag weigh as in TCP's timer (RFC 6298). */
export const GRACE_MEAN_WEIGHT = 1 / 8
export const GRACE_DEVIATION_WEIGHT = 1 / 4
export const GRACE_DEVIATIONS = 4

/** While nothing of a lossy put comes, pages that had no piece to come with are asked for this often: the put may have ended. */
export const PAGES_MS = 1_000

/** The largest chunk index anybody may name: 4 TiB of 4 MiB chunks. */
export const MAX_CHUNKS = 1 << 20
/** Commands in one job's queue. */
export const MAX_COMMANDS = 1 << 20
/** Commands that a partner may know and we do not: its haves for later ones are not kept. */
export const MAX_COMMANDS_AHEAD = 1024
/** A job whose node has no lane for this long looks for sources in the DHT. */
export const LOST_MS = 5_000
/** So many servers of a job announce it there, the first on its list: whoever finds one of them hears of the others, and each announcement is a search through the fleet. */
export const JOB_PROVIDERS = 4

/** A viewer's want is forgotten after this: whoever still waits says so again, and who left is not worked for. */
export const WANT_MS = 10_000
/** What nobody has come up with is asked for again this often: a message, a source or an upload may have been lost meanwhile. */
export const WANT_REPEAT_MS = 1_000
/** As much of a want as is moved to the front at once: some seconds of a film. Whoever plays further wants further. */
export const WANT_BYTES = 8 * 1024 * 1024
/** Wants of one peer, or of one's own viewers, that are kept for a put; the oldest gives way. */
export const MAX_WANTS_OF_ONE = 16
/** … and of all together: at most so many places of a film are at its front at once. */
export const MAX_WANTS = 64
/** Wanted bytes that may be asked for beyond all else that is: two of the largest chunks, so that the next is on its way when one is here. */
export const WANTED_AHEAD_BYTES = 8 * 1024 * 1024
/** A peer without a lane from the base tells so many of its sources what is wanted. */
export const WANT_RELAYS = 3
/** How much of an uplink wanted pieces get beside others: most of it, and never all. */
export const WANTED_WEIGHT = 8
