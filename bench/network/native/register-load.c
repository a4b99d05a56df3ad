// Devices that say they are still there: keeps INFLIGHT RegisterPeer unanswered at a time and counts the answers.
// register-load PORT SECONDS INFLIGHT SOCKETS PEERS [--register]
// Prints one line of JSON. With SECONDS 0 it only registers.
//
// Every peer has a loopback address of its own, like the devices of the world: a server that counts by address
// counts what it would count there, and the address of an answer says whose it is, so that losses are seen exactly.
#include "measure.h"
#include <poll.h>

#define BATCH 64
#define MAX_DATAGRAM 128
#define MAX_SOCKETS 64
/** 127.1.0.0: peer number n has the n-th address from here. */
#define FIRST_ADDRESS 0x7f010000u
/** An answer that took longer than this will not come any more, s. */
#define LOST_AFTER 0.2
/** Before anything is counted, s: the server's code gets compiled, its tables fill. */
#define WARM_UP 1.0
/** Registrations go on for as long as there is at least one in this time, s. */
#define PATIENCE 10.0
/** More than what can be sent while the oldest one counts as unanswered. */
#define QUEUE (1u << 20)

enum phase { REGISTERING, LIVING };

static int sockets[MAX_SOCKETS];
static int socket_count;
static struct sockaddr_in server;
static uint32_t peers;
/** When a peer's request went out, s; 0 when none is open. */
static double *sent_at;
static uint8_t *registered;
static uint32_t registered_count;
static int last_result;
/** Peers whose requests are open, oldest first; those answered meanwhile are skipped. */
static uint32_t queue[QUEUE];
static uint32_t queue_head, queue_tail;
static uint32_t open_requests, window;
static uint64_t answered, lost, strangers;
static struct samples delays;
static uint32_t next_peer;

static int id_of(uint32_t peer, uint8_t *out) { return sprintf((char *)out, "%09u", 100000000u + peer); }

/** RendezvousMessage.register_peer: id, serial. */
static size_t register_peer(uint32_t peer, uint8_t *out) {
  int id = id_of(peer, out + 4);
  uint8_t tail[] = {0x10, 0x03};
  memcpy(out + 4 + id, tail, sizeof tail);
  out[0] = 0x32;
  out[1] = (uint8_t)(2 + id + (int)sizeof tail);
  out[2] = 0x0a;
  out[3] = (uint8_t)id;
  return 2u + out[1];
}

/** RendezvousMessage.register_pk: id, uuid, pk. The same bytes for the same peer, as one that asks again sends them. */
static size_t register_pk(uint32_t peer, uint8_t *out) {
  int id = id_of(peer, out + 4);
  uint8_t *at = out + 4 + id;
  *at++ = 0x12;
  *at++ = 16;
  for (int i = 0; i < 16; i++) *at++ = (uint8_t)((peer >> (8 * (i & 3))) + (uint32_t)i);
  *at++ = 0x1a;
  *at++ = 32;
  for (int i = 0; i < 32; i++) *at++ = (uint8_t)((peer >> (8 * (i & 3))) * 31u + (uint32_t)i);
  out[0] = 0x7a;
  out[1] = (uint8_t)(at - out - 2);
  out[2] = 0x0a;
  out[3] = (uint8_t)id;
  return (size_t)(at - out);
}

/** Neighbours share a socket, so that they can be sent in one call. */
static int socket_of(uint32_t peer) { return (int)(peer / BATCH) % socket_count; }

/** The next peer whose turn it is; `peers` when there is none. */
static uint32_t take_peer(enum phase phase) {
  for (uint32_t tries = 0; tries < peers; tries++) {
    uint32_t peer = next_peer;
    next_peer = peer + 1 == peers ? 0 : peer + 1;
    if (sent_at[peer] == 0 && !(phase == REGISTERING && registered[peer])) return peer;
  }
  return peers;
}

/** Sends until the window is full. */
static void fill(enum phase phase) {
  static uint8_t data[BATCH][MAX_DATAGRAM];
  static char control[BATCH][CMSG_SPACE(sizeof(struct in_pktinfo))];
  uint32_t batch[BATCH];
  struct iovec parts[BATCH];
  struct mmsghdr out[BATCH];
  while (open_requests < window) {
    int size = 0;
    while (size < BATCH && open_requests + (uint32_t)size < window) {
      uint32_t peer = take_peer(phase);
      if (peer == peers) break;
      if (size > 0 && socket_of(peer) != socket_of(batch[0])) {
        next_peer = peer;
        break;
      }
      batch[size] = peer;
      parts[size].iov_base = data[size];
      parts[size].iov_len = phase == REGISTERING ? register_pk(peer, data[size]) : register_peer(peer, data[size]);
      struct cmsghdr *header = (struct cmsghdr *)control[size];
      *header = (struct cmsghdr){CMSG_LEN(sizeof(struct in_pktinfo)), IPPROTO_IP, IP_PKTINFO};
      struct in_pktinfo from = {.ipi_spec_dst.s_addr = htonl(FIRST_ADDRESS + peer)};
      memcpy(CMSG_DATA(header), &from, sizeof from);
      out[size] = (struct mmsghdr){.msg_hdr = {.msg_name = &server,
                                               .msg_namelen = sizeof server,
                                               .msg_iov = &parts[size],
                                               .msg_iovlen = 1,
                                               .msg_control = control[size],
                                               .msg_controllen = sizeof control[size]}};
      size++;
    }
    if (size == 0) return;
    double time = now();
    int sent = sendmmsg(sockets[socket_of(batch[0])], out, (unsigned)size, 0);
    if (sent < 0 && errno != EAGAIN) fail("sendmmsg");
    for (int i = 0; i < sent; i++) {
      sent_at[batch[i]] = time;
      queue[queue_tail++ % QUEUE] = batch[i];
    }
    open_requests += sent > 0 ? (uint32_t)sent : 0;
    if (sent < size) {
      next_peer = batch[sent > 0 ? sent : 0];
      return;
    }
  }
}

/** Gives up on what is too old. Afterwards the queue begins with a request that is open. */
static void expire(double time) {
  while (queue_head != queue_tail) {
    uint32_t peer = queue[queue_head % QUEUE];
    // One that was answered may be open again; then its newer entry is judged instead, a moment later.
    if (sent_at[peer] != 0) {
      if (time - sent_at[peer] < LOST_AFTER) return;
      sent_at[peer] = 0;
      open_requests--;
      lost++;
    }
    queue_head++;
  }
}

static void take_answer(enum phase phase, const uint8_t *data, size_t length, uint32_t peer, double time) {
  int to_peer = length >= 2 && data[0] == 0x3a;
  int to_pk = length >= 3 && data[0] == 0x82 && data[1] == 0x01;
  if (peer >= peers || sent_at[peer] == 0 || !(phase == REGISTERING ? to_pk : to_peer)) return;
  double delay = time - sent_at[peer];
  sent_at[peer] = 0;
  open_requests--;
  if (phase == REGISTERING) {
    // A result of 0 (OK) is left out, as Protobuf does with what is 0.
    last_result = length >= 5 && data[3] == 0x08 ? data[4] : 0;
    if (last_result != 0 || registered[peer]) return;
    registered[peer] = 1;
    registered_count++;
    return;
  }
  answered++;
  // request_pk: the server does not know this peer, and did less than it should have.
  if (data[1] != 0) strangers++;
  add_sample(&delays, delay);
}

static void drain(enum phase phase, int fd) {
  static uint8_t data[BATCH][MAX_DATAGRAM];
  static char control[BATCH][CMSG_SPACE(sizeof(struct in_pktinfo))];
  struct iovec parts[BATCH];
  struct mmsghdr in[BATCH];
  for (int received = BATCH; received == BATCH;) {
    for (int i = 0; i < BATCH; i++) {
      parts[i] = (struct iovec){data[i], MAX_DATAGRAM};
      in[i] = (struct mmsghdr){.msg_hdr = {.msg_iov = &parts[i],
                                           .msg_iovlen = 1,
                                           .msg_control = control[i],
                                           .msg_controllen = sizeof control[i]}};
    }
    received = recvmmsg(fd, in, BATCH, MSG_DONTWAIT, NULL);
    double time = now();
    for (int i = 0; i < received; i++) {
      struct cmsghdr *header = CMSG_FIRSTHDR(&in[i].msg_hdr);
      if (header == NULL || header->cmsg_type != IP_PKTINFO) continue;
      struct in_pktinfo to;
      memcpy(&to, CMSG_DATA(header), sizeof to);
      take_answer(phase, data[i], in[i].msg_len, ntohl(to.ipi_addr.s_addr) - FIRST_ADDRESS, time);
    }
  }
}

/** One turn: gives up, sends, waits a little, takes what came. */
static void turn(enum phase phase) {
  expire(now());
  fill(phase);
  struct pollfd ready[MAX_SOCKETS];
  for (int i = 0; i < socket_count; i++) ready[i] = (struct pollfd){.fd = sockets[i], .events = POLLIN};
  if (poll(ready, (nfds_t)socket_count, 20) < 0) fail("poll");
  for (int i = 0; i < socket_count; i++) {
    if (ready[i].revents & POLLIN) drain(phase, sockets[i]);
  }
}

static void register_all(void) {
  registered = calloc(peers, 1);
  double progress = now();
  for (uint32_t before = 0; registered_count < peers;) {
    turn(REGISTERING);
    if (registered_count > before) progress = now();
    before = registered_count;
    if (now() - progress < PATIENCE) continue;
    fprintf(stderr, "%u of %u peers registered, last result %d\n", registered_count, peers, last_result);
    exit(1);
  }
}

static void open_sockets(void) {
  for (int i = 0; i < socket_count; i++) {
    sockets[i] = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    int on = 1;
    int buffer = 4 << 20;
    setsockopt(sockets[i], IPPROTO_IP, IP_PKTINFO, &on, sizeof on);
    // Cheaper: the load shall not be what is slow. A packet that can't be cut needs no number to put it together by.
    int never_cut = IP_PMTUDISC_DO;
    setsockopt(sockets[i], IPPROTO_IP, IP_MTU_DISCOVER, &never_cut, sizeof never_cut);
    setsockopt(sockets[i], SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
    struct sockaddr_in any = ipv4(INADDR_ANY, 0);
    if (bind(sockets[i], (struct sockaddr *)&any, sizeof any) != 0) fail("bind");
  }
}

int main(int count, char **arguments) {
  int registers = count == 7 && strcmp(arguments[6], "--register") == 0;
  if (count != 6 && !registers) {
    fprintf(stderr, "usage: register-load PORT SECONDS INFLIGHT SOCKETS PEERS [--register]\n");
    return 2;
  }
  server = ipv4(INADDR_LOOPBACK, atoi(arguments[1]));
  double seconds = atof(arguments[2]);
  window = (uint32_t)atoi(arguments[3]);
  socket_count = atoi(arguments[4]);
  peers = (uint32_t)atoi(arguments[5]);
  // The last address of 127.0.0.0/8 is the end of the peers that can be told apart.
  if (window < 1 || socket_count < 1 || socket_count > MAX_SOCKETS || peers < window || peers > 0xfe0000u) return 2;
  sent_at = calloc(peers, sizeof *sent_at);
  delays = new_samples(seconds > 0 ? 1u << 25 : 1);
  open_sockets();
  if (registers) register_all();
  double start = now();
  while (seconds > 0 && now() - start < WARM_UP) turn(LIVING);
  answered = lost = strangers = 0;
  delays.count = 0;
  double from = now();
  double cpu = cpu_seconds();
  while (now() - from < seconds) turn(LIVING);
  double elapsed = now() - from;
  sort_samples(&delays);
  printf("{\"perSecond\":%.0f,\"p50Us\":%.0f,\"p99Us\":%.0f,\"lost\":%lu,\"strangers\":%lu,\"cpuSeconds\":%.3f}\n",
         elapsed > 0.001 ? (double)answered / elapsed : 0, at_share(&delays, 0.5), at_share(&delays, 0.99),
         (unsigned long)lost, (unsigned long)strangers, cpu_seconds() - cpu);
  return 0;
}
