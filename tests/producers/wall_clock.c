/* Shifts the wall clock of one process (LD_PRELOAD) by the seconds that stand in the file WALL_CLOCK_SHIFT names. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/time.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

#define SLICE_NS 50000000

typedef int (*wait_function)(void *, void *, const struct timespec *);

static long shift(void) {
    char text[32] = {0};
    const char *path = getenv("WALL_CLOCK_SHIFT");
    int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0) return 0;
    ssize_t size = read(file, text, sizeof text - 1);
    close(file);
    return size > 0 ? atol(text) : 0;
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    static int (*real)(clockid_t, struct timespec *);
    if (!real) real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    int result = real(clock, now);
    if (!result && clock == CLOCK_REALTIME) now->tv_sec += shift();
    return result;
}

int gettimeofday(struct timeval *now, void *zone) {
    (void)zone;
    struct timespec exact;
    int result = clock_gettime(CLOCK_REALTIME, &exact);
    now->tv_sec = exact.tv_sec;
    now->tv_usec = exact.tv_nsec / 1000;
    return result;
}

time_t time(time_t *out) {
    struct timespec exact;
    clock_gettime(CLOCK_REALTIME, &exact);
    if (out) *out = exact.tv_sec;
    return exact.tv_sec;
}

/* Waits until a time of the wall clock, as the kernel's: when the clock jumps, their end does not.
   `wait` waits until a time of the real clock; it is tried in slices, each of which looks at the shift anew. */
static int wait_shifted(wait_function wait, void *condition, void *mutex, const struct timespec *end, int timed_out) {
    if (end->tv_sec < 1000000000) return wait(condition, mutex, end); /* a time of the monotonic clock */
    for (;;) {
        struct timespec here = *end, slice;
        long seconds = shift();
        clock_gettime(CLOCK_REALTIME, &slice);
        here.tv_sec -= seconds;
        slice.tv_sec -= seconds;
        slice.tv_nsec += SLICE_NS;
        if (slice.tv_nsec >= 1000000000) {
            slice.tv_sec++;
            slice.tv_nsec -= 1000000000;
        }
        int last = here.tv_sec < slice.tv_sec || (here.tv_sec == slice.tv_sec && here.tv_nsec <= slice.tv_nsec);
        int result = wait(condition, mutex, last ? &here : &slice);
        if (result != timed_out || last) return result;
    }
}

int pthread_cond_timedwait(pthread_cond_t *condition, pthread_mutex_t *mutex, const struct timespec *end) {
    static wait_function real;
    if (!real) real = (wait_function)dlsym(RTLD_NEXT, "pthread_cond_timedwait");
    return wait_shifted(real, condition, mutex, end, ETIMEDOUT);
}

int cnd_timedwait(cnd_t *condition, mtx_t *mutex, const struct timespec *end) {
    static wait_function real;
    if (!real) real = (wait_function)dlsym(RTLD_NEXT, "cnd_timedwait");
    return wait_shifted(real, condition, mutex, end, thrd_timedout);
}
