// The native baseline of an ID server: takes RegisterPeer, keeps where the device is, answers. One thread.
// register-echo recvfrom|recvmmsg PORT
#include "measure.h"

#define BATCH 64
#define MAX_DATAGRAM 256
#define MAX_ID 15
/** A power of two, twice the million devices that are measured with. */
#define SLOTS (1u << 21)

struct peer {
  char id[MAX_ID + 1];
  struct sockaddr_in address;
  uint64_t seen;
};

static struct peer *peers;
static const uint8_t REGISTER_PEER_RESPONSE[] = {0x3a, 0x00};
static const uint8_t REGISTER_PK_RESPONSE[] = {0x82, 0x01, 0x00};

/** The slot of an ID: its own or the first free one after where it belongs (open addressing, FNV-1a). */
static struct peer *slot_of(const uint8_t *id, int length) {
  uint32_t hash = 2166136261u;
  for (int i = 0; i < length; i++) hash = (hash ^ id[i]) * 16777619u;
  for (;; hash++) {
    struct peer *peer = &peers[hash & (SLOTS - 1)];
    if (peer->id[0] == 0) memcpy(peer->id, id, (size_t)length);
    if (memcmp(peer->id, id, (size_t)length) == 0 && peer->id[length] == 0) return peer;
  }
}

/** Takes a datagram in; what it is answered with, or nothing. */
static struct iovec handle(const uint8_t *data, int length, const struct sockaddr_in *from) {
  // RegisterPeer and RegisterPk are fields 6 and 15; both begin with the ID.
  int known = length > 4 && (data[0] == 0x32 || data[0] == 0x7a) && data[2] == 0x0a;
  if (!known || data[3] == 0 || data[3] > MAX_ID || 4 + data[3] > length) return (struct iovec){NULL, 0};
  struct peer *peer = slot_of(data + 4, data[3]);
  peer->address = *from;
  peer->seen++;
  if (data[0] == 0x7a) return (struct iovec){(void *)REGISTER_PK_RESPONSE, sizeof REGISTER_PK_RESPONSE};
  return (struct iovec){(void *)REGISTER_PEER_RESPONSE, sizeof REGISTER_PEER_RESPONSE};
}

static void serve_one_by_one(int fd) {
  uint8_t data[MAX_DATAGRAM];
  for (;;) {
    struct sockaddr_in from;
    socklen_t size = sizeof from;
    ssize_t length = recvfrom(fd, data, sizeof data, 0, (struct sockaddr *)&from, &size);
    if (length <= 0) continue;
    struct iovec reply = handle(data, (int)length, &from);
    if (reply.iov_len > 0) sendto(fd, reply.iov_base, reply.iov_len, 0, (struct sockaddr *)&from, size);
  }
}

static void serve_in_batches(int fd) {
  static uint8_t data[BATCH][MAX_DATAGRAM];
  struct sockaddr_in from[BATCH];
  struct iovec parts[BATCH];
  struct iovec replies[BATCH];
  struct mmsghdr in[BATCH];
  struct mmsghdr out[BATCH];
  for (;;) {
    // The kernel writes into the headers what it received, so they are set anew every time.
    for (int i = 0; i < BATCH; i++) {
      parts[i] = (struct iovec){data[i], MAX_DATAGRAM};
      in[i] = (struct mmsghdr){
          .msg_hdr = {.msg_name = &from[i], .msg_namelen = sizeof from[i], .msg_iov = &parts[i], .msg_iovlen = 1}};
    }
    int received = recvmmsg(fd, in, BATCH, MSG_WAITFORONE, NULL);
    int answered = 0;
    for (int i = 0; i < received; i++) {
      struct iovec reply = handle(data[i], (int)in[i].msg_len, &from[i]);
      if (reply.iov_len == 0) continue;
      replies[answered] = reply;
      out[answered] = (struct mmsghdr){.msg_hdr = {.msg_name = &from[i],
                                                   .msg_namelen = sizeof from[i],
                                                   .msg_iov = &replies[answered],
                                                   .msg_iovlen = 1}};
      answered++;
    }
    if (answered > 0) sendmmsg(fd, out, (unsigned)answered, 0);
  }
}

int main(int count, char **arguments) {
  if (count != 3) {
    fprintf(stderr, "usage: register-echo recvfrom|recvmmsg PORT\n");
    return 2;
  }
  peers = calloc(SLOTS, sizeof *peers);
  if (peers == NULL) fail("calloc");
  int fd = socket(AF_INET, SOCK_DGRAM, 0);
  int buffer = 4 << 20;
  setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
  struct sockaddr_in address = ipv4(INADDR_LOOPBACK, atoi(arguments[2]));
  if (bind(fd, (struct sockaddr *)&address, sizeof address) != 0) fail("bind");
  printf("ready\n");
  fflush(stdout);
  if (strcmp(arguments[1], "recvfrom") == 0) serve_one_by_one(fd);
  if (strcmp(arguments[1], "recvmmsg") == 0) serve_in_batches(fd);
  fprintf(stderr, "no such mode: %s\n", arguments[1]);
  return 2;
}
