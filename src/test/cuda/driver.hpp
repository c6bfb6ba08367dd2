// What the files of the fake driver share: its settings, what it writes down, and its objects. The
// types and numbers are those of cuda.h, which need not be installed.
//
// It is lazy: whatever a real driver may still have under way when a call returns, this one has not
// begun. Copies, fills, kernels, graphs and event records wait in their stream until somebody waits
// for them. So a host that reuses a buffer, or reads a result, too early gets wrong numbers.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "emulator_launch.hpp"

#define FAKE_API extern "C" __attribute__((visibility("default"))) fake::Result

namespace fake {

enum Result : int {
  SUCCESS = 0,
  INVALID_VALUE = 1,
  OUT_OF_MEMORY = 2,
  NOT_INITIALIZED = 3,
  INVALID_DEVICE = 101,
  INVALID_IMAGE = 200,
  INVALID_CONTEXT = 201,
  INVALID_PTX = 218,
  UNSUPPORTED_PTX_VERSION = 222,
  INVALID_HANDLE = 400,
  ILLEGAL_STATE = 401,
  NOT_FOUND = 500,
  NOT_READY = 600,
  ILLEGAL_ADDRESS = 700,
  LAUNCH_FAILED = 719,
  STREAM_CAPTURE_UNSUPPORTED = 900,
  STREAM_CAPTURE_INVALIDATED = 901,
  STREAM_CAPTURE_UNMATCHED = 903,
  STREAM_CAPTURE_UNJOINED = 904,
  STREAM_CAPTURE_ISOLATION = 905,
  CAPTURED_EVENT = 907,
  UNKNOWN = 999,
};

typedef unsigned long long Address;  // CUdeviceptr

// ---- settings and what is written down (driver_settings.cpp) -----------------------------------

// fake-cuda.conf beside the library, lines of key=value under these names. It is read by cuInit,
// and by cuDevicePrimaryCtxRetain where that makes the context. Besides these there are, for the
// emulator: schedule = forward, reverse or random:SEED; cores, the OS threads that run blocks.
struct Settings {
  int devices = 1;  // CUDA_VISIBLE_DEVICES chooses among them
  int init = 0;     // what cuInit returns
  std::string name = "Fake H100";
  int driver = 12060;
  int major = 9, minor = 0;  // cc = 9.0
  int sms = 132;
  int clock_khz = 1830000;
  size_t memory = (size_t)4096 << 20;  // memory_mib
  size_t used = 0;                     // used_mib, by other processes
  int smem_optin = 232448;
  bool execute = true;  // 0: launches are checked and written down, but not run
  std::string log;
  std::string report;
  // fail_at = launch:57=700,alloc:3=2: the 57th kernel run fails so, and the third allocation. Of
  // launch, h2d, d2h, d2d, sync, graph-launch, alloc, host-alloc, load, context; counted from the
  // reading of the settings. The first five make the error stick to the context.
  std::map<std::string, std::map<int, Result>> fail_at;
};

extern Settings settings;

void read_settings();
std::vector<int> visible_devices();  // physical numbers, as CUDA_VISIBLE_DEVICES has them

// A line of the log.
void note(const std::string& line);
// A line of the report: the host or a kernel did what it must not.
void violation(const std::string& line);
// What the settings say of this happening, which is counted: mostly SUCCESS.
Result chance(const std::string& kind);

std::string text(const char* format, ...) __attribute__((format(printf, 1, 2)));

// ---- modules (driver_ptx.cpp) ------------------------------------------------------------------

struct Function {
  std::string name;
  std::vector<size_t> parameters;  // their sizes
  int most_threads = 1024;
  size_t dynamic_shared_limit = 48 << 10;
  const emulator::Kernel* kernel = nullptr;  // null where the emulator has none of that name
};

struct Module {
  std::map<std::string, Function> functions;
};

// Reads PTX as the JIT would; on a failure `complaint` says why.
Result parse_ptx(const char* ptx, Module& module, std::string& complaint);

// ---- streams and graphs (driver_streams.cpp) ---------------------------------------------------

struct Stream;
struct Context;

// What a stream does, one after the other.
struct Work {
  Stream* stream = nullptr;
  std::function<Result()> run;
  std::vector<std::shared_ptr<Work>> after;  // of other streams
  bool done = false;
  const void* host = nullptr;  // the host memory that it will use
};

struct Node {
  std::function<Result()> run;
  std::vector<size_t> after;
  const void* host = nullptr;
};

struct Graph {
  std::vector<Node> nodes;
};

struct Capture {
  Stream* origin;
  Graph* graph;
  bool relaxed;  // other threads and streams may do as they like
  bool invalid = false;
  std::set<Stream*> streams;
};

struct Stream {
  Context* context;
  int number;     // in the log; 0: the null stream
  bool blocking;  // orders itself with the null stream
  std::deque<std::shared_ptr<Work>> queue;
  std::shared_ptr<Work> last;
  std::shared_ptr<Capture> capture;
  std::vector<size_t> frontier;  // of the capture: the nodes that the next one comes after
  int polls = 0;
};

struct Event {
  Context* context;
  bool timed;
  std::shared_ptr<Work> work;  // null: never recorded
  std::shared_ptr<double> at_ms;  // when that was done
  int polls = 0;
  std::shared_ptr<Capture> capture;
  std::vector<size_t> frontier;
};

struct Context {
  int device = 0;    // its ordinal
  int physical = 0;  // the owner of its memory in the emulator
  int retained = 0;
  unsigned flags = 0;
  Result sticky = SUCCESS;
  size_t allocated = 0;
  Stream null_stream;
  std::set<Stream*> streams;
  std::set<Event*> events;
  std::set<Module*> modules;
  std::set<Graph*> graphs;
  std::set<Graph*> executables;
  std::map<Address, size_t> allocations;
};

// Host memory that the driver may read while the program goes on.
struct Pinned {
  size_t bytes;
  bool registered;  // by cuMemHostRegister: the program's own
};

// ---- the state of the driver (libcuda.cpp) -----------------------------------------------------

extern std::recursive_mutex lock;
extern std::map<const unsigned char*, Pinned> pinned;

Context* current_context();

// Holds the lock; `result` is what stands against any call: no context, or its sticky error.
struct Call {
  std::unique_lock<std::recursive_mutex> hold;
  Context* context;
  Result result;
  Call();
};

// ---- driver_streams.cpp ------------------------------------------------------------------------

// Null where it is no stream of the context.
Stream* stream_of(Context* context, void* handle);

// The calls that wait or allocate are not allowed while a stream of the context captures: such a
// call is reported, and spoils the capture.
Result not_while_capturing(Context* context, const char* call);

// Puts work into a stream, or a node into the graph that it captures.
Result enqueue(Stream* stream, std::function<Result()> run, const void* host = nullptr);

// The same on the null stream, and waits for that work: the calls without Async.
Result at_once(Context* context, const char* call, std::function<Result()> run);

Result finish(Stream* stream);    // runs all its work
Result finish(Context* context);  // and that of all streams
bool pending_on(Context* context, const unsigned char* host, size_t bytes);

}  // namespace fake
