// Pairs of parties that a relay or proxy joins; this program is both ends of all of them.
// relay-load bulk PORT PAIRS SECONDS  (--pulpit KEY | --direct SINKPORT)   one way, as fast as it goes
// relay-load ping PORT SIZE SECONDS   (--pulpit KEY | --direct SINKPORT)   round trips of SIZE bytes through one pair
// relay-load idle PORT PAIRS SECONDS  (--pulpit KEY | --direct SINKPORT)   joined and silent
// --pulpit: both parties connect to PORT and name the same relay session. --direct: the second party is what arrives
// at SINKPORT, where the proxy on PORT leads; with PORT = SINKPORT nothing is in between.
// Each mode prints one line of JSON.
#include "measure.h"
#include <fcntl.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/epoll.h>

#define CHUNK 65536
/** Received at once at most: what a call costs should not be what is measured. */
#define READ_SIZE (1 << 20)
/** Before anything is counted, s. */
#define WARM_UP 1.0
/** A party that is not joined by then never will be, s. */
#define JOIN_WITHIN 10
/** Addresses the parties come from: relays count waiting parties by address. */
#define ADDRESSES 200
#define MARKER 'm'
/** Longest key that keeps all lengths of a first message in one byte. */
#define MAX_KEY 80

struct pair {
  int first;
  int second;
};

static int port;
static const char *key;
static int listener = -1;
static uint8_t buffer[READ_SIZE];

static void no_delay(int fd) {
  int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

/** From here on calls that wait for the other side fail when it takes too long. */
static void join_within(int fd) {
  struct timeval limit = {.tv_sec = JOIN_WITHIN};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
}

static int connect_from(int number) {
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  if (fd < 0) fail("socket");
  // The port is chosen when connecting: every address has all ports for itself.
  int on = 1;
  setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  struct sockaddr_in local = ipv4(INADDR_LOOPBACK + 1 + (uint32_t)(number % ADDRESSES), 0);
  struct sockaddr_in remote = ipv4(INADDR_LOOPBACK, port);
  if (bind(fd, (struct sockaddr *)&local, sizeof local) != 0) fail("bind");
  if (connect(fd, (struct sockaddr *)&remote, sizeof remote) != 0) fail("connect");
  no_delay(fd);
  join_within(fd);
  return fd;
}

static void write_all(int fd, const uint8_t *data, size_t size) {
  for (size_t done = 0; done < size;) {
    ssize_t written = write(fd, data + done, size - done);
    if (written < 0) fail("write");
    done += (size_t)written;
  }
}

static void read_all(int fd, uint8_t *data, size_t size) {
  for (size_t done = 0; done < size;) {
    errno = 0;
    ssize_t got = read(fd, data + done, size - done);
    if (got <= 0) fail("read");
    done += (size_t)got;
  }
}

/** A framed RendezvousMessage.request_relay { uuid, licence_key }. */
static void send_request(int fd, int number) {
  char uuid[37];
  int size = snprintf(uuid, sizeof uuid, "%08x-0000-4000-8000-%012x", (unsigned)getpid(), (unsigned)number);
  size_t key_size = strlen(key);
  size_t inner = 2 + (size_t)size + (key_size > 0 ? 2 + key_size : 0);
  size_t payload = 3 + inner;
  uint8_t frame[256];
  uint8_t *at = frame;
  if (payload <= 63) {
    *at++ = (uint8_t)(payload << 2);
  } else {
    *at++ = (uint8_t)(payload << 2 | 1);
    *at++ = (uint8_t)(payload >> 6);
  }
  *at++ = 0x92;
  *at++ = 0x01;
  *at++ = (uint8_t)inner;
  *at++ = 0x12;
  *at++ = (uint8_t)size;
  memcpy(at, uuid, (size_t)size);
  at += size;
  if (key_size > 0) {
    *at++ = 0x32;
    *at++ = (uint8_t)key_size;
    memcpy(at, key, key_size);
    at += key_size;
  }
  write_all(fd, frame, (size_t)(at - frame));
}

static void open_sink(int sink_port) {
  listener = socket(AF_INET, SOCK_STREAM, 0);
  int on = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  struct sockaddr_in address = ipv4(INADDR_LOOPBACK, sink_port);
  if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0) fail("bind");
  if (listen(listener, 4096) != 0) fail("listen");
  join_within(listener);
}

static struct pair open_pair(int number) {
  struct pair pair = {.first = connect_from(number)};
  if (listener < 0) {
    send_request(pair.first, number);
    pair.second = connect_from(number);
    send_request(pair.second, number);
  } else {
    pair.second = accept(listener, NULL, NULL);
    if (pair.second < 0) fail("accept");
    no_delay(pair.second);
    join_within(pair.second);
  }
  // Nothing tells the parties that they are joined: the first one says something, and the second one hears it.
  uint8_t marker = MARKER;
  write_all(pair.first, &marker, 1);
  read_all(pair.second, &marker, 1);
  if (marker != MARKER) fail("marker");
  return pair;
}

static struct pair *open_pairs(int count) {
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  struct pair *pairs = calloc((size_t)count, sizeof *pairs);
  for (int i = 0; i < count; i++) pairs[i] = open_pair(i);
  return pairs;
}

/** The low half of an event's number is the pair, the high half the party. */
static void watch(int poller, int fd, uint32_t events, uint64_t number) {
  struct epoll_event event = {.events = events, .data.u64 = number};
  if (fcntl(fd, F_SETFL, O_NONBLOCK) != 0) fail("fcntl");
  if (epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event) != 0) fail("epoll_ctl");
}

/** Bytes that came; they are dropped inside the kernel, so that the time is spent by what is measured. */
static uint64_t discard(int fd) {
  errno = 0;
  ssize_t got = recv(fd, buffer, READ_SIZE, MSG_TRUNC);
  if (got > 0) return (uint64_t)got;
  if (got == 0 || errno != EAGAIN) fail("recv");
  return 0;
}

static void send_some(int fd) {
  // A few at a time: no pair keeps the others waiting.
  for (int i = 0; i < 8; i++) {
    if (write(fd, buffer, CHUNK) > 0) continue;
    if (errno != EAGAIN) fail("write");
    return;
  }
}

static void bulk(int count, double seconds) {
  struct pair *pairs = open_pairs(count);
  int poller = epoll_create1(0);
  for (int i = 0; i < count; i++) {
    watch(poller, pairs[i].first, EPOLLOUT, (uint64_t)i);
    watch(poller, pairs[i].second, EPOLLIN, (uint64_t)i | 1ull << 32);
  }
  double start = now();
  double from = 0;
  double cpu = 0;
  uint64_t all = 0;
  uint64_t counted = 0;
  double time = start;
  while (from == 0 || time - from < seconds) {
    if (from == 0 && time - start >= WARM_UP) {
      from = time;
      counted = all;
      cpu = cpu_seconds();
    }
    struct epoll_event events[256];
    int ready = epoll_wait(poller, events, 256, 100);
    for (int i = 0; i < ready; i++) {
      struct pair *pair = &pairs[(uint32_t)events[i].data.u64];
      if (events[i].data.u64 >> 32) all += discard(pair->second);
      else send_some(pair->first);
    }
    time = now();
  }
  // `megabytes` counts from the beginning, like the CPU time of the relay's process does.
  printf("{\"megabytesPerSecond\":%.1f,\"megabytes\":%.1f,\"cpuSeconds\":%.3f}\n",
         (double)(all - counted) / 1e6 / (time - from), (double)all / 1e6, cpu_seconds() - cpu);
}

static void ping(size_t size, double seconds) {
  struct pair pair = open_pair(0);
  struct samples delays = new_samples(1u << 22);
  double start = now();
  for (double time = start; time - start < WARM_UP + seconds;) {
    double sent = now();
    write_all(pair.first, buffer, size);
    read_all(pair.second, buffer, size);
    write_all(pair.second, buffer, size);
    read_all(pair.first, buffer, size);
    time = now();
    if (sent - start >= WARM_UP) add_sample(&delays, time - sent);
  }
  sort_samples(&delays);
  printf("{\"p50Us\":%.1f,\"p99Us\":%.1f}\n", at_share(&delays, 0.5), at_share(&delays, 0.99));
}

static void idle(int count, unsigned seconds) {
  open_pairs(count);
  printf("{\"pairs\":%d}\n", count);
  fflush(stdout);
  sleep(seconds);
}

int main(int count, char **arguments) {
  if (count != 7) {
    fprintf(stderr, "usage: relay-load bulk|ping|idle PORT PAIRS|SIZE SECONDS --pulpit KEY|--direct SINKPORT\n");
    return 2;
  }
  signal(SIGPIPE, SIG_IGN);
  const char *mode = arguments[1];
  port = atoi(arguments[2]);
  int number = atoi(arguments[3]);
  double seconds = atof(arguments[4]);
  int direct = strcmp(arguments[5], "--direct") == 0;
  key = arguments[6];
  // A ping that fits into no buffer on the way would wait for itself.
  int largest = strcmp(mode, "ping") == 0 ? CHUNK : 1 << 20;
  if (number < 1 || number > largest || strlen(key) > MAX_KEY) return 2;
  if (direct) open_sink(atoi(arguments[6]));
  if (strcmp(mode, "bulk") == 0) bulk(number, seconds);
  else if (strcmp(mode, "ping") == 0) ping((size_t)number, seconds);
  else if (strcmp(mode, "idle") == 0) idle(number, (unsigned)seconds);
  else return 2;
  return 0;
}
