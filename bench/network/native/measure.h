// What the servers and load generators of the network benchmarks share: time, samples, ends.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/** Seconds since some moment in the past. */
static inline double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec * 1e-9;
}

/** CPU time of this process so far, s: a load generator that was busy all the time measured itself. */
static inline double cpu_seconds(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + 1e-6 * (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

/** Ends the program: a measurement that went wrong must not give figures. */
static inline void fail(const char *what) {
  fprintf(stderr, "%s: %s\n", what, errno == 0 ? "unexpected" : strerror(errno));
  exit(1);
}

static inline struct sockaddr_in ipv4(uint32_t address, int port) {
  struct sockaddr_in result = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  result.sin_addr.s_addr = htonl(address);
  return result;
}

/** Delays, µs. */
struct samples {
  float *values;
  size_t count;
  size_t room;
};

/** Memory is taken at once and touched as it fills, so that growing never disturbs the measurement. */
static inline struct samples new_samples(size_t room) {
  struct samples samples = {.values = malloc(room * sizeof(float)), .count = 0, .room = room};
  if (samples.values == NULL) fail("malloc");
  return samples;
}

static inline void add_sample(struct samples *samples, double seconds) {
  if (samples->count < samples->room) samples->values[samples->count++] = (float)(seconds * 1e6);
}

static inline int by_size(const void *a, const void *b) {
  float x = *(const float *)a;
  float y = *(const float *)b;
  return x < y ? -1 : x > y;
}

static inline void sort_samples(struct samples *samples) {
  qsort(samples->values, samples->count, sizeof(float), by_size);
}

/** `share` of the samples are smaller; they have to be sorted. */
static inline double at_share(const struct samples *samples, double share) {
  return samples->count == 0 ? 0 : samples->values[(size_t)((samples->count - 1) * share)];
}
