// SPDX-License-Identifier: GPL-2.0
/* Sends what fuzz_calls.c makes: by either entry of the ioctls, or several together by a ring. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "compat.h"
#include "fuzz_calls.h"
#include "fuzz_memory.h"
#include "tool.h"

#define CLOSE_GAP_NS	50000000ull
#define CHANGES_A_MS	64u

bool fuzz_goes_on(const struct fuzz *f)
{
	return tool_now_ns() < f->end_ns && !__atomic_load_n(f->stop, __ATOMIC_RELAXED);
}

static void open_ring(struct fuzz *f)
{
	const struct iovec good = { .iov_base = fuzz_good_buffer(), .iov_len = FUZZ_BUFFER };

	ring_open(&f->ring, FUZZ_DEPTH, RING_LARGE);
	ring_register(&f->ring, &good, 1);
}

static void *keep_changing(void *argument)
{
	struct fuzz *f = argument;
	uint64_t random = ~f->random;

	for (;;) {
		for (unsigned int i = 0; i < CHANGES_A_MS; i++) {
			const size_t entry = fuzz_below(&random, FUZZ_DEPTH) << f->ring.sqe_shift;

			fuzz_change_memory(&random);
			pthread_mutex_lock(&f->ring_lock);
			fuzz_change_command(&random, f->ring.sqes + entry +
						     offsetof(struct io_uring_sqe, cmd));
			pthread_mutex_unlock(&f->ring_lock);
			f->state->changes += 2;
		}
		tool_sleep_ms(1);
	}
	return NULL;
}

void fuzz_prepare(struct fuzz *f)
{
	/* Buffers of rings that are being closed count as well. */
	const struct rlimit locked = { RLIM_INFINITY, RLIM_INFINITY };
	pthread_t changer;

	if (setrlimit(RLIMIT_MEMLOCK, &locked))
		tool_die(TOOL_FAILED, "setrlimit: %s", strerror(errno));
	fuzz_memory_prepare();
	open_ring(f);
	pthread_mutex_init(&f->ring_lock, NULL);
	if (pthread_create(&changer, NULL, keep_changing, f))
		tool_die(TOOL_FAILED, "no thread");
}

/* What the kernel says: 0 or more, or a negative error. */
static int send_ioctl(struct fuzz *f, const struct fuzz_call *call)
{
	const bool submit = call->number == NVME_IOCTL_SUBMIT_IO ||
			    call->number == COMPAT_SUBMIT_IO;
	void *argument = submit ? fuzz_place(&f->random, &call->io, sizeof(call->io)) :
				  fuzz_place(&f->random, &call->c, sizeof(call->c));
	const int ret = call->compat ? compat_ioctl(call->node->fd, call->number, argument) :
				       ioctl(call->node->fd, call->number, argument);

	return ret < 0 ? -errno : ret;
}

/* Takes what has been answered; how many were. */
static unsigned int reap(struct fuzz *f, struct fuzz_call *calls, unsigned int count)
{
	unsigned int answered = 0;
	uint64_t cookie, second;
	int ret;

	while (ring_reap_wide(&f->ring, &cookie, &ret, &second)) {
		if (cookie >= count || !calls[cookie].open)
			tool_die(TOOL_FAILED, "call %llu is answered once more, beside %s",
				 (unsigned long long)cookie, f->state->text);
		calls[cookie].open = false;
		answered++;
		fuzz_judge(f, &calls[cookie], ret);
		if (ret == -ENODEV)
			f->gone |= 1u << (calls[cookie].node - f->nodes);
	}
	return answered;
}

static void queue(struct fuzz *f, struct fuzz_call *call, uint64_t cookie)
{
	const struct ring_command command = {
		.fd = call->node->fd,
		.operation = call->number,
		.flags = call->fixed ? IORING_URING_CMD_FIXED : 0,
		.command = &call->c,
		.cookie = cookie,
	};

	call->open = true;
	ring_queue_command(&f->ring, &command);
}

static void close_ring(struct fuzz *f)
{
	pthread_mutex_lock(&f->ring_lock);
	ring_close(&f->ring);
	open_ring(f);
	pthread_mutex_unlock(&f->ring_lock);
	f->may_close_ns = tool_now_ns() + CLOSE_GAP_NS;
}

/* All in flight together, and answered, or left to a ring that is closed. */
static void send_by_ring(struct fuzz *f)
{
	const unsigned int count = 1 + fuzz_below(&f->random, FUZZ_DEPTH);
	const bool closes = !fuzz_below(&f->random, 4) && tool_now_ns() > f->may_close_ns;
	struct fuzz_call calls[FUZZ_DEPTH];
	unsigned int left = count;

	for (unsigned int i = 0; i < count; i++) {
		fuzz_make_ring(f, &calls[i]);
		queue(f, &calls[i], i);
		fuzz_describe(&calls[i], f->state->text, sizeof(f->state->text));
	}
	f->state->together += count > 1 ? count : 0;
	ring_submit(&f->ring);
	if (closes) {
		left -= reap(f, calls, count);
		f->state->closed += left - f->ring.queued;
		close_ring(f);
		return;
	}
	while (left) {
		ring_enter(&f->ring);
		left -= reap(f, calls, count);
	}
}

static void send_by_ioctl(struct fuzz *f)
{
	struct fuzz_call call;
	int ret;

	fuzz_make_ioctl(f, &call);
	fuzz_describe(&call, f->state->text, sizeof(f->state->text));
	ret = send_ioctl(f, &call);
	fuzz_judge(f, &call, ret);
	if (ret == -ENODEV)
		f->gone |= 1u << (call.node - f->nodes);
}

/* Its controller has gone; the one that follows has a node where the path leads then. */
static void reopen(struct fuzz *f, struct fuzz_node *node)
{
	close(node->fd);
	do {
		node->fd = open(node->path, node->read_only ? O_RDONLY : O_RDWR);
		if (node->fd >= 0) {
			f->state->reopened++;
			return;
		}
		tool_sleep_ms(5);
	} while (fuzz_goes_on(f));
}

void fuzz_step(struct fuzz *f)
{
	const bool ring = !fuzz_below(&f->random, 6);

	f->gone = 0;
	__atomic_store_n(&f->state->began_ns, tool_now_ns(), __ATOMIC_RELEASE);
	if (ring)
		send_by_ring(f);
	else
		send_by_ioctl(f);
	__atomic_store_n(&f->state->began_ns, 0, __ATOMIC_RELEASE);
	for (int i = 0; f->returns && i < f->count; i++)
		if (f->gone & 1u << i)
			reopen(f, &f->nodes[i]);
}
