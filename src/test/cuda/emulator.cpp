#include "warpgroup.cuh"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <sstream>
#include <thread>
#ifndef EMULATOR_SWITCH
#include <ucontext.h>
#endif

namespace emulator {

__thread Lane* current;
__thread int block[3];
__thread unsigned char* shared;
Settings settings;

namespace {

constexpr int WARP = 32;
constexpr int MOST_THREADS = 1024;
// From stack to stack. 256 KiB are more than kernels need, for the JVM writes its crash report on
// the stack that crashed. A page and nine lines more: at a round distance all stacks would fall on
// the same few entries of the caches and of the TLB.
constexpr size_t STRIDE = (256 << 10) + 4096 + 9 * 64;
constexpr u64 CANARY = 0x5eedf1be45u;
constexpr size_t MOST_SHARED = 256 << 10;
constexpr int POISON = 0xff;

std::map<std::string, Kernel>& kernels() {
  static std::map<std::string, Kernel> table;
  return table;
}

const char* name_of(Meeting meeting) {
  static const char* names[] = {"barrier", "its end", "shuffle_xor", "shuffle", "any_in_warp",
                                "mma_bf16", "load_matrix_x4", "load_matrix_x4_turned"};
  return names[(int)meeting];
}

// splitmix64: a few operations a number, and any seed will do.
struct Lot {
  u64 state;
  u64 draw() {
    u64 z = state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  int below(int n) { return (int)(draw() % (unsigned)n); }
  template <typename T>
  void shuffle(T* items, int n) {
    for (int i = n - 1; i > 0; i--) std::swap(items[i], items[below(i + 1)]);
  }
};

}  // namespace

// ---- the switch from fiber to fiber ------------------------------------------------------------

#ifdef EMULATOR_SWITCH
// Saves what a called function must keep, and the stack; goes on where the other left.
extern "C" __attribute__((visibility("hidden"))) void emulator_switch(void** from, void* to);
asm(R"(
  .text
  .p2align 4
  .hidden emulator_switch
  .globl emulator_switch
  .type emulator_switch, @function
emulator_switch:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
  .size emulator_switch, .-emulator_switch
)");

static inline void go(Lane* from, Lane* to) {
  current = to;
  emulator_switch(&from->stack_pointer, to->stack_pointer);
}

static void prepare(Lane& lane, unsigned char* stack, void (*main)()) {
  u64* top = (u64*)(stack + STRIDE - 64);
  *--top = 0;  // the return address of main, which never returns; also aligns the stack for it
  *--top = (u64)main;
  for (int i = 0; i < 6; i++) *--top = 0;
  lane.stack_pointer = top;
}
#else
static void go(Lane* from, Lane* to) {
  current = to;
  swapcontext((ucontext_t*)from->context, (ucontext_t*)to->context);
}

static void prepare(Lane& lane, unsigned char* stack, void (*main)()) {
  if (lane.context == nullptr) lane.context = new ucontext_t;
  auto* context = (ucontext_t*)lane.context;
  getcontext(context);
  context->uc_stack.ss_sp = stack + 64;
  context->uc_stack.ss_size = STRIDE - 128;
  context->uc_link = nullptr;
  makecontext(context, main, 0);
}
#endif

// ---- one OS thread's blocks --------------------------------------------------------------------

struct Job {
  const Kernel* kernel;
  Grid grid;
  int threads;
  size_t shared_bytes;
  void* const* arguments;
  int owner;
  Settings settings;
  std::vector<unsigned> order;  // of the blocks
  std::atomic<size_t> next{0};
  std::atomic<bool> failed{false};
};

struct Runner {
  Job* job = nullptr;
  Lane scheduler;
  std::vector<Lane> lanes{MOST_THREADS};
  std::vector<Warp> warps{MOST_THREADS / WARP};
  unsigned char* stacks;
  unsigned char* shared_pages;
  int prepared = 0;  // lanes that stand at their beginning, or at their end, which leads there
  Lot lot{1};
  Failure failure;
  const Region* known[2] = {nullptr, nullptr};

  Runner();
  void run(Job& job);
  void run_block(unsigned number);
  bool settle(int warps_of_block);
  void fail(int code, const std::string& what);
};

namespace {

unsigned char* pages(size_t bytes) {
  size_t guard = 64 << 10;
  void* map = mmap(nullptr, bytes + 2 * guard, PROT_NONE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (map == MAP_FAILED) abort();
  mprotect((unsigned char*)map + guard, bytes, PROT_READ | PROT_WRITE);
  return (unsigned char*)map + guard;
}

void lane_main() {
  for (;;) {
    Job& job = *current->runner->job;
    job.kernel->call(*job.kernel, job.arguments);
    meet(Meeting::EXIT);
  }
}

std::string where(const Job& job) {
  std::ostringstream text;
  text << job.kernel->name << " block " << block[0] << "," << block[1] << "," << block[2];
  return text.str();
}

[[noreturn]] void fail_here(int code, const std::string& what) {
  Lane* lane = current;
  lane->runner->fail(code, "thread " + std::to_string(lane->thread) + ": " + what);
  go(lane, &lane->runner->scheduler);
  abort();  // nobody resumes a fiber that failed
}

void multiply(Warp& warp) {
  typedef double Four __attribute__((vector_size(32)));
  for (int i = 0; i < 16; i += 4) {
    Four sums[4][2] = {};
    for (int k = 0; k < 16; k++) {
      Four left = *(const Four*)&warp.b[k][0];
      Four right = *(const Four*)&warp.b[k][4];
      for (int row = 0; row < 4; row++) {
        sums[row][0] += warp.a[i + row][k] * left;
        sums[row][1] += warp.a[i + row][k] * right;
      }
    }
    for (int row = 0; row < 4; row++) {
      for (int j = 0; j < 8; j++) {
        float& d = warp.d[i + row][j];
        d = (float)((double)d + sums[row][j >> 2][j & 3]);
      }
    }
  }
}

void load(Warp& warp) {
  for (int i = 0; i < 4; i++) {
    for (int row = 0; row < 8; row++) memcpy(&warp.loaded[i][4 * row], warp.rows[8 * i + row], 16);
  }
}

void load_turned(Warp& warp) {
  for (int i = 0; i < 4; i++) {
    u16 matrix[8][8];
    for (int row = 0; row < 8; row++) memcpy(matrix[row], warp.rows[8 * i + row], 16);
    for (int lane = 0; lane < WARP; lane++) {
      int g = lane >> 2, t = 2 * (lane & 3);
      warp.loaded[i][lane] = matrix[t][g] | (u32)matrix[t + 1][g] << 16;
    }
  }
}

// All lanes are at the meeting: does what it is for, and says who goes on.
Lane* conclude(Warp& warp) {
  Runner& runner = *current->runner;
  warp.arrived = 0;
  if (warp.size < WARP && warp.meeting != Meeting::BARRIER && warp.meeting != Meeting::EXIT)
    fail_here(719, std::string(name_of(warp.meeting)) + " in a warp of fewer than 32 lanes");
  switch (warp.meeting) {
    case Meeting::BARRIER:
      warp.state = State::AT_BARRIER;
      return &runner.scheduler;
    case Meeting::EXIT:
      warp.state = State::DONE;
      return &runner.scheduler;
    case Meeting::MMA:
      multiply(warp);
      break;
    case Meeting::LOAD:
      load(warp);
      break;
    case Meeting::LOAD_TURNED:
      load_turned(warp);
      break;
    default:
      break;
  }
  warp.turn ^= 1;
  warp.any[warp.turn] = false;
  if (runner.job->settings.order == Order::RANDOM) {
    runner.lot.shuffle(warp.order, warp.size);
    if (runner.lot.below(4) == 0) return &runner.scheduler;
  }
  return warp.order[0];
}

}  // namespace

void meet(Meeting meeting) {
  Lane* me = current;
  Warp& warp = *me->warp;
  if (warp.arrived == 0) {
    warp.meeting = meeting;
  } else if (__builtin_expect(warp.meeting != meeting, 0)) {
    fail_here(719, std::string("divergence: it is at ") + name_of(meeting) +
                       ", other lanes of its warp at " + name_of(warp.meeting));
  }
  int arrived = ++warp.arrived;
  Lane* next = arrived < warp.size ? warp.order[arrived] : conclude(warp);
  // The stacks of a whole block are more than the first cache holds: fetches the one after.
  if (arrived + 1 < warp.size) {
    auto* stack = (const char*)warp.order[arrived + 1]->stack_pointer;
    __builtin_prefetch(stack);
    __builtin_prefetch(stack + 64);
  }
  if (next != me) go(me, next);
}

void check_row(const void* row) {
  auto* at = (const unsigned char*)row;
  if (((uintptr_t)at & 15) != 0) fail_here(719, "load_matrix: the row is not aligned to 16 bytes");
  if (at < shared || at + 16 > shared + current->runner->job->shared_bytes)
    fail_here(719, "load_matrix: the row is outside of the shared memory");
}

static void check_copy(void* to, const void* from, size_t bytes) {
  std::string name = "copy_async_" + std::to_string(bytes);
  if (((uintptr_t)to & (bytes - 1)) != 0 || ((uintptr_t)from & (bytes - 1)) != 0)
    fail_here(719, name + ": an address is not aligned to " + std::to_string(bytes) + " bytes");
  Runner& runner = *current->runner;
  auto* at = (unsigned char*)to;
  if (at < shared || at + bytes > shared + runner.job->shared_bytes)
    fail_here(719, name + ": the target is outside of the shared memory");
  auto* source = (const unsigned char*)from;
  for (const Region* region : runner.known) {
    if (region != nullptr && source >= region->start &&
        source + bytes <= region->start + region->bytes)
      return;
  }
  if (!any_region()) return;  // a program of its own that does without guarded memory
  const Region* region = region_of(source, bytes);
  if (region == nullptr || region->owner != runner.job->owner)
    fail_here(700, name + ": the source is outside of the device's allocations");
  runner.known[1] = runner.known[0];
  runner.known[0] = region;
}

static inline void copy(const Copy& copy) {
  if (copy.from == nullptr) {
    memset(copy.to, 0, copy.bytes);
  } else {
    memcpy(copy.to, copy.from, copy.bytes);
  }
}

void start_copy(void* to, const void* from, bool present, size_t bytes) {
  check_copy(to, from, bytes);
  Lane& lane = *current;
  Copy started = {to, present ? from : nullptr, lane.group, bytes};
  Runner& runner = *lane.runner;
  Order order = runner.job->settings.order;
  if (order == Order::REVERSE || (order == Order::RANDOM && runner.lot.below(2) == 0)) {
    copy(started);
  } else {
    lane.copies.push_back(started);
  }
}

void wait_for_copies(u64 newest) {
  Lane& lane = *current;
  size_t at = lane.copies_done;
  for (; at < lane.copies.size() && lane.copies[at].group + newest < lane.group; at++) {
    copy(lane.copies[at]);
  }
  lane.copies_done = at;
  if (at == lane.copies.size()) {
    lane.copies.clear();
    lane.copies_done = 0;
  } else if (at >= 64) {
    lane.copies.erase(lane.copies.begin(), lane.copies.begin() + at);
    lane.copies_done = 0;
  }
}

bool products_at_once() {
  const Settings& settings = current->runner->job->settings;
  // The same for all lanes of a warp, which have to meet for it.
  bool lot = (settings.seed ^ block[0] ^ block[1]) & 1;
  return settings.order == Order::REVERSE || (settings.order == Order::RANDOM && lot);
}

void check_operand(u64 descriptor, size_t first, size_t last) {
  if (descriptor >> 62 != 1) fail_here(719, "begin_product: the operand's swizzle is not that of 128 bytes");
  (void)first;
  if (last > current->runner->job->shared_bytes)
    fail_here(719, "begin_product: an operand is outside of the shared memory");
}

Runner::Runner() {
  stacks = pages(((STRIDE * MOST_THREADS + 4095) & ~(size_t)4095) + 4096);
  shared_pages = pages(MOST_SHARED);
  scheduler.runner = this;
#ifndef EMULATOR_SWITCH
  scheduler.context = new ucontext_t;
#endif
  for (int i = 0; i < MOST_THREADS; i++) {
    lanes[i].thread = i;
    lanes[i].index = i % WARP;
    lanes[i].warp = &warps[i / WARP];
    lanes[i].runner = this;
  }
}

void Runner::fail(int code, const std::string& what) {
  failure = {code, where(*job) + " " + what};
  job->failed = true;
  prepared = 0;
}

void Runner::run(Job& of) {
  job = &of;
  failure = Failure();
  known[0] = known[1] = nullptr;
  while (!of.failed) {
    size_t taken = of.next++;
    if (taken >= of.order.size()) break;
    run_block(of.order[taken]);
  }
  // A core that came too late for any block may have prepared fewer stacks, or none.
  for (int i = 0; i < std::min(prepared, of.threads) && !failure; i++) {
    if (*(u64*)(stacks + i * STRIDE) != CANARY) {
      fail(719, "thread " + std::to_string(i) + ": its stack of 256 KiB is full");
    }
  }
}

void Runner::run_block(unsigned number) {
  const Grid& grid = job->grid;
  block[0] = number % grid.x;
  block[1] = number / grid.x % grid.y;
  block[2] = number / grid.x / grid.y;
  size_t room = (job->shared_bytes + 127) / 128 * 128;
  shared = shared_pages + MOST_SHARED - room;
  memset(shared, POISON, room);

  for (; prepared < job->threads; prepared++) {
    unsigned char* stack = stacks + prepared * STRIDE;
    *(u64*)stack = CANARY;
    prepare(lanes[prepared], stack, lane_main);
  }
  bool reverse = job->settings.order == Order::REVERSE;
  bool random = job->settings.order == Order::RANDOM;
  if (random) lot.state = (job->settings.seed << 32) + number;  // whichever core takes it
  int count = (job->threads + WARP - 1) / WARP;
  for (int w = 0; w < count; w++) {
    Warp& warp = warps[w];
    warp.size = std::min(WARP, job->threads - w * WARP);
    warp.arrived = warp.turn = 0;
    warp.any[0] = warp.any[1] = false;
    warp.state = State::READY;
    for (int i = 0; i < warp.size; i++) {
      Lane& lane = lanes[w * WARP + i];
      lane.copies.clear();
      lane.copies_done = 0;
      lane.group = 0;
      lane.products.clear();
      lane.product_group = 0;
      warp.order[reverse ? warp.size - 1 - i : i] = &lane;
    }
    if (random) lot.shuffle(warp.order, warp.size);
  }

  int order[MOST_THREADS / WARP];
  for (int i = 0; i < count; i++) order[i] = reverse ? count - 1 - i : i;
  do {
    if (random) lot.shuffle(order, count);
    for (int i = 0; i < count; i++) {
      Warp& warp = warps[order[i]];
      if (warp.state == State::READY) go(&scheduler, warp.order[0]);
      if (failure) return;
    }
  } while (!settle(count));

  for (size_t i = job->shared_bytes; i < room; i++) {
    if (shared[i] != POISON) return fail(719, "has written past its shared memory");
  }
}

// After every warp had its turn: opens the barrier if all are there. True if all are done.
bool Runner::settle(int count) {
  int ready = 0, waiting = 0, done = 0;
  for (int w = 0; w < count; w++) {
    ready += warps[w].state == State::READY;
    waiting += warps[w].state == State::AT_BARRIER;
    done += warps[w].state == State::DONE;
  }
  if (done == count) return true;
  if (ready > 0) return false;
  if (done > 0) {
    fail(719, "barrier divergence: " + std::to_string(waiting) + " warps wait at a barrier, " +
                  std::to_string(done) + " have ended");
    return true;
  }
  for (int w = 0; w < count; w++) warps[w].state = State::READY;
  return false;
}

// ---- launches ----------------------------------------------------------------------------------

void add(Kernel kernel) { kernels()[kernel.name] = kernel; }

const Kernel* find(const std::string& name) {
  auto at = kernels().find(name);
  return at == kernels().end() ? nullptr : &at->second;
}

std::vector<const Kernel*> all() {
  std::vector<const Kernel*> found;
  for (auto& entry : kernels()) found.push_back(&entry.second);
  return found;
}

Failure launch(const Kernel& kernel, Grid grid, int threads, size_t shared_bytes,
               void* const* arguments, int owner) {
  static std::mutex lock;
  static std::vector<std::unique_ptr<Runner>> runners;
  std::unique_lock<std::mutex> hold(lock);
  if (threads != kernel.threads) {
    return {1, kernel.name + ": launched with " + std::to_string(threads) + " threads, has " +
                   std::to_string(kernel.threads)};
  }
  if (threads < 1 || threads > MOST_THREADS || shared_bytes > MOST_SHARED)
    return {1, kernel.name + ": too many threads or too much shared memory"};
  Job job;
  job.kernel = &kernel;
  job.grid = grid;
  job.threads = threads;
  job.shared_bytes = shared_bytes;
  job.arguments = arguments;
  job.owner = owner;
  job.settings = settings;
  size_t blocks = (size_t)grid.x * grid.y * grid.z;
  if (blocks == 0) return {1, kernel.name + ": empty grid"};
  job.order.resize(blocks);
  for (size_t i = 0; i < blocks; i++) job.order[i] = (unsigned)i;
  if (job.settings.order == Order::REVERSE) std::reverse(job.order.begin(), job.order.end());
  if (job.settings.order == Order::RANDOM) {
    Lot{job.settings.seed}.shuffle(job.order.data(), (int)blocks);
  }

  size_t used = std::min<size_t>(std::max(1, job.settings.cores), blocks);
  while (runners.size() < used) runners.emplace_back(new Runner());
  std::vector<std::thread> others;
  for (size_t i = 1; i < used; i++) others.emplace_back([&, i] { runners[i]->run(job); });
  runners[0]->run(job);
  for (auto& other : others) other.join();
  for (size_t i = 0; i < used; i++) {
    if (runners[i]->failure) return runners[i]->failure;
  }
  std::string found = overrun();
  if (!found.empty()) return {700, kernel.name + " (or the host before it): " + found};
  return Failure();
}

Failure launch(const std::string& name, Grid grid, int threads, size_t shared_bytes,
               void* const* arguments) {
  const Kernel* kernel = find(name);
  if (kernel == nullptr) return {500, "no kernel " + name};
  return launch(*kernel, grid, threads, shared_bytes, arguments);
}

}  // namespace emulator
