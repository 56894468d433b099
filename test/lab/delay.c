/*
 * A wire with a length: every frame that hosts send into the bridge is held for
 * a fixed time. The ports of the hosts are isolated from each other, so that
 * nothing passes the bridge by itself; what comes in at them is read here
 * (AF_PACKET) and put back, after its time, through a TAP device that is a port
 * of the same bridge and not isolated. From there the bridge forwards it.
 *
 * usage: delay MICROSECONDS TAP PORT...     until SIGTERM; then a line of JSON
 *
 * Frames carry a virtio_net_hdr on both sides: without offloads a veth still
 * leaves checksums to whoever reads the frame, and the header says so.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <linux/virtio_net.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <arpa/inet.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* A frame of 1514 bytes, its header, and room to align. */
#define SLOT_BYTES 1600
/* Frames on their way at once: 40 ms at 4 Gbit/s. */
#define SLOTS 16384
#define MAX_PORTS 256
/* Frames taken from one port at a time. */
#define BATCH 64
/* How often ports and clock are looked at: 1 % of a delay of 40 ms. */
#define STEP_NS 400000
/* Frames that arrive while this process is not scheduled wait here. */
#define RECEIVE_BYTES (4 * 1024 * 1024)

static struct { uint64_t due_ns; size_t length; uint8_t frame[SLOT_BYTES]; } ring[SLOTS];
static uint64_t head, tail;
static volatile sig_atomic_t stopping;

static void stop(int signal) { (void)signal; stopping = 1; }

static uint64_t now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static void must(int ok, const char *what) {
  if (ok) return;
  fprintf(stderr, "delay: %s: %s\n", what, strerror(errno));
  exit(1);
}

static int open_tap(const char *name) {
  int tap = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
  must(tap >= 0, "/dev/net/tun");
  struct ifreq request = { .ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR };
  strncpy(request.ifr_name, name, IFNAMSIZ - 1);
  must(ioctl(tap, TUNSETIFF, &request) == 0, name);
  return tap;
}

static int open_port(const char *name) {
  int port = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  must(port >= 0, "AF_PACKET");
  int one = 1, bytes = RECEIVE_BYTES;
  must(setsockopt(port, SOL_PACKET, PACKET_VNET_HDR, &one, sizeof one) == 0, "PACKET_VNET_HDR");
  must(setsockopt(port, SOL_PACKET, PACKET_IGNORE_OUTGOING, &one, sizeof one) == 0, "PACKET_IGNORE_OUTGOING");
  must(setsockopt(port, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes) == 0, "SO_RCVBUFFORCE");
  struct sockaddr_ll address = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL), .sll_ifindex = (int)if_nametoindex(name) };
  must(address.sll_ifindex != 0, name);
  must(bind(port, (struct sockaddr *)&address, sizeof address) == 0, name);
  return port;
}

int main(int argc, char **argv) {
  if (argc < 4 || argc - 3 > MAX_PORTS) {
    fprintf(stderr, "usage: delay MICROSECONDS TAP PORT...\n");
    return 2;
  }
  uint64_t delay_ns = strtoull(argv[1], NULL, 10) * 1000u;
  int tap = open_tap(argv[2]), ports[MAX_PORTS], count = argc - 3;
  for (int i = 0; i < count; i++) ports[i] = open_port(argv[i + 3]);
  signal(SIGTERM, stop);
  signal(SIGINT, SIG_IGN); /* the lab's keystroke: the lab ends us */
  prctl(PR_SET_TIMERSLACK, 1UL);
  setpriority(PRIO_PROCESS, 0, -20); /* a wire does not wait for its turn */
  printf("{\"msg\":\"ready\"}\n");
  fflush(stdout);

  uint64_t frames = 0, full = 0, refused = 0, late_sum = 0, late_max = 0;
  struct mmsghdr messages[BATCH];
  struct iovec vectors[BATCH];
  while (!stopping) {
    for (int i = 0; i < count; i++) {
      for (;;) {
        uint64_t room = SLOTS - (tail - head);
        int wanted = room < BATCH ? (int)room : BATCH;
        if (wanted == 0) { full++; break; }
        for (int j = 0; j < wanted; j++) {
          vectors[j] = (struct iovec){ ring[(tail + (uint64_t)j) % SLOTS].frame, SLOT_BYTES };
          messages[j] = (struct mmsghdr){ .msg_hdr = { .msg_iov = &vectors[j], .msg_iovlen = 1 } };
        }
        int got = recvmmsg(ports[i], messages, (unsigned)wanted, MSG_DONTWAIT, NULL);
        if (got <= 0) break;
        uint64_t due = now_ns() + delay_ns;
        for (int j = 0; j < got; j++, tail++) {
          ring[tail % SLOTS].due_ns = due;
          ring[tail % SLOTS].length = messages[j].msg_len;
        }
        if (got < wanted) break;
      }
    }
    uint64_t now = now_ns();
    for (; head != tail && ring[head % SLOTS].due_ns <= now; head++) {
      uint64_t late = now - ring[head % SLOTS].due_ns;
      late_sum += late;
      if (late > late_max) late_max = late;
      frames++;
      if (write(tap, ring[head % SLOTS].frame, ring[head % SLOTS].length) < 0) refused++;
    }
    struct timespec step = { 0, STEP_NS };
    nanosleep(&step, NULL);
  }

  uint64_t dropped = 0;
  for (int i = 0; i < count; i++) {
    struct tpacket_stats stats;
    socklen_t size = sizeof stats;
    if (getsockopt(ports[i], SOL_PACKET, PACKET_STATISTICS, &stats, &size) == 0) dropped += stats.tp_drops;
  }
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  printf("{\"msg\":\"stopped\",\"frames\":%llu,\"dropped\":%llu,\"refused\":%llu,\"full\":%llu,\"lateMeanUs\":%.0f,\"lateMaxUs\":%.0f,\"cpuS\":%.2f}\n",
    (unsigned long long)frames, (unsigned long long)dropped, (unsigned long long)refused, (unsigned long long)full,
    frames == 0 ? 0 : (double)late_sum / (double)frames / 1000, (double)late_max / 1000,
    (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6);
  return 0;
}
