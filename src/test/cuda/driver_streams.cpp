// Streams, events, capture and graphs of the fake driver.
#include <chrono>
#include <queue>

#include "driver.hpp"

namespace fake {
namespace {

// A loop that polls must end, though nobody waits: every so many polls do one piece of work.
constexpr int POLLS_PER_WORK = 4;

int streams_made = 0;

double now_ms() {
  auto since = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double, std::milli>(since).count();
}

std::vector<Stream*> all_streams(Context* context) {
  std::vector<Stream*> streams(context->streams.begin(), context->streams.end());
  streams.push_back(&context->null_stream);
  return streams;
}

void drop_all(Context* context) {
  for (Stream* stream : all_streams(context)) {
    for (auto& work : stream->queue) {
      work->done = true;
      work->after.clear();
    }
    stream->queue.clear();
  }
}

void run_until(const std::shared_ptr<Work>& target);

void run_first(Stream* stream) {
  std::shared_ptr<Work> work = stream->queue.front();
  for (auto& other : work->after) run_until(other);
  if (work->done) return;  // dropped meanwhile
  stream->queue.pop_front();
  Result result = work->run();
  work->done = true;
  work->run = nullptr;  // an event may hold the work for long
  work->after.clear();
  if (result != SUCCESS) {
    stream->context->sticky = result;
    drop_all(stream->context);
  }
}

void run_until(const std::shared_ptr<Work>& target) {
  while (!target->done) run_first(target->stream);
}

Result poll(Stream* stream, int& polls) {
  if (++polls % POLLS_PER_WORK == 0) run_first(stream);
  return stream->context->sticky != SUCCESS ? stream->context->sticky : NOT_READY;
}

Result spoil(Capture& capture, const char* call) {
  violation(text("%s while a stream captures", call));
  capture.invalid = true;
  return STREAM_CAPTURE_UNSUPPORTED;
}

// Runs a graph in an order that its edges allow: as recorded, or against that, or by lot.
Result run_graph(const Graph& graph) {
  size_t count = graph.nodes.size();
  std::vector<size_t> missing(count);
  std::vector<std::vector<size_t>> followers(count);
  for (size_t i = 0; i < count; i++) {
    for (size_t before : graph.nodes[i].after) followers[before].push_back(i);
    missing[i] = graph.nodes[i].after.size();
  }
  emulator::Order order = emulator::settings.order;
  uint64_t lot = emulator::settings.seed;
  auto rank = [&](size_t node) -> uint64_t {
    if (order == emulator::Order::FORWARD) return count - node;
    if (order == emulator::Order::REVERSE) return node;
    lot = lot * 6364136223846793005u + 1442695040888963407u;
    return lot >> 20;
  };
  std::priority_queue<std::pair<uint64_t, size_t>> ready;
  for (size_t i = 0; i < count; i++) {
    if (missing[i] == 0) ready.push({rank(i), i});
  }
  while (!ready.empty()) {
    size_t node = ready.top().second;
    ready.pop();
    Result result = graph.nodes[node].run();
    if (result != SUCCESS) return result;
    for (size_t follower : followers[node]) {
      if (--missing[follower] == 0) ready.push({rank(follower), follower});
    }
  }
  return SUCCESS;
}

// Whether every node comes before the end of the stream where the capture began.
bool joined(const Capture& capture) {
  std::vector<bool> reached(capture.graph->nodes.size());
  std::vector<size_t> todo = capture.origin->frontier;
  while (!todo.empty()) {
    size_t node = todo.back();
    todo.pop_back();
    if (reached[node]) continue;
    reached[node] = true;
    for (size_t before : capture.graph->nodes[node].after) todo.push_back(before);
  }
  for (bool one : reached) {
    if (!one) return false;
  }
  return true;
}

}  // namespace

Stream* stream_of(Context* context, void* handle) {
  // 1 is the legacy default stream by name; 2, the per-thread one, is not modelled.
  if (handle == nullptr || handle == (void*)1) return &context->null_stream;
  auto* stream = (Stream*)handle;
  return context->streams.count(stream) != 0 ? stream : nullptr;
}

Result not_while_capturing(Context* context, const char* call) {
  for (Stream* stream : context->streams) {
    if (stream->capture && !stream->capture->relaxed) return spoil(*stream->capture, call);
  }
  return SUCCESS;
}

static std::shared_ptr<Work> add_work(Stream* stream, std::function<Result()> run,
                                      const void* host) {
  auto work = std::make_shared<Work>();
  work->stream = stream;
  work->run = std::move(run);
  work->host = host;
  Context* context = stream->context;
  if (stream == &context->null_stream) {
    for (Stream* other : context->streams) {
      if (other->blocking && other->last) work->after.push_back(other->last);
    }
  } else if (stream->blocking && context->null_stream.last) {
    work->after.push_back(context->null_stream.last);
  }
  stream->queue.push_back(work);
  stream->last = work;
  return work;
}

Result enqueue(Stream* stream, std::function<Result()> run, const void* host) {
  if (stream->capture) {
    if (stream->capture->invalid) return STREAM_CAPTURE_INVALIDATED;
    auto& nodes = stream->capture->graph->nodes;
    nodes.push_back({std::move(run), stream->frontier, host});
    stream->frontier = {nodes.size() - 1};
    return SUCCESS;
  }
  if (stream == &stream->context->null_stream) {
    for (Stream* other : stream->context->streams) {
      if (other->blocking && other->capture) return spoil(*other->capture, "the null stream");
    }
  }
  add_work(stream, std::move(run), host);
  return SUCCESS;
}

Result at_once(Context* context, const char* call, std::function<Result()> run) {
  Result result = not_while_capturing(context, call);
  if (result != SUCCESS) return result;
  run_until(add_work(&context->null_stream, std::move(run), nullptr));
  return context->sticky;
}

Result finish(Stream* stream) {
  if (stream == &stream->context->null_stream) {
    for (Stream* other : stream->context->streams) {
      if (other->blocking) finish(other);
    }
  }
  while (!stream->queue.empty()) run_first(stream);
  return stream->context->sticky;
}

Result finish(Context* context) {
  for (Stream* stream : all_streams(context)) finish(stream);
  return context->sticky;
}

bool pending_on(Context* context, const unsigned char* host, size_t bytes) {
  for (Stream* stream : all_streams(context)) {
    for (auto& work : stream->queue) {
      auto* used = (const unsigned char*)work->host;
      if (used != nullptr && used >= host && used < host + bytes) return true;
    }
  }
  return false;
}

}  // namespace fake

using namespace fake;

// ---- streams -----------------------------------------------------------------------------------

FAKE_API cuStreamCreateWithPriority(void** handle, unsigned flags, int) {
  Call call;
  if (call.result != SUCCESS) return call.result;
  auto* stream = new Stream();
  stream->context = call.context;
  stream->number = ++streams_made;
  stream->blocking = (flags & 1) == 0;
  call.context->streams.insert(stream);
  *handle = stream;
  return SUCCESS;
}

FAKE_API cuStreamCreate(void** handle, unsigned flags) {
  return cuStreamCreateWithPriority(handle, flags, 0);
}

FAKE_API cuStreamDestroy_v2(void* handle) {
  Call call;
  if (call.context == nullptr) return INVALID_CONTEXT;
  Stream* stream = stream_of(call.context, handle);
  if (stream == nullptr || stream == &call.context->null_stream) return INVALID_HANDLE;
  Result result = finish(stream);
  if (stream->capture) stream->capture->invalid = true;
  call.context->streams.erase(stream);
  delete stream;
  return result;
}

FAKE_API cuStreamSynchronize(void* handle) {
  Call call;
  if (call.result != SUCCESS) return call.result;
  Stream* stream = stream_of(call.context, handle);
  if (stream == nullptr) return INVALID_HANDLE;
  if (stream->capture) return spoil(*stream->capture, "cuStreamSynchronize");
  Result result = chance("sync");
  if (result != SUCCESS) return call.context->sticky = result;
  return finish(stream);
}

FAKE_API cuStreamQuery(void* handle) {
  Call call;
  if (call.result != SUCCESS) return call.result;
  Stream* stream = stream_of(call.context, handle);
  if (stream == nullptr) return INVALID_HANDLE;
  if (stream->capture) return spoil(*stream->capture, "cuStreamQuery");
  return stream->queue.empty() ? SUCCESS : poll(stream, stream->polls);
}

FAKE_API cuStreamGetFlags(void* handle, unsigned* flags) {
  Call call;
  if (call.result != SUCCESS) return call.result;
  Stream* stream = stream_of(call.context, handle);
  if (stream == nullptr) return INVALID_HANDLE;
  *flags = stream->blocking ? 0 : 1;
  return SUCCESS;
}

FAKE_API cuStreamGetPriority(void*, int* priority) {
  *priority = 0;
  return SUCCESS;
}

FAKE_API cuCtxGetStreamPriorityRange(int* least, int* greatest) {
  if (least != nullptr) *least = 0;
  if (greatest != nullptr) *greatest = -5;
  return SUCCESS;
}

FAKE_API cuStreamWaitEvent(void* handle, void* event_handle, unsigned) {
  Call call;
  if (call.result != SUCCESS) return call.result;
  Stream* stream = stream_of(call.context, handle);
  auto* event = (Event*)event_handle;
  if (stream == nullptr || call.context->events.count(event) == 0) return INVALID_HANDLE;
  if (event->capture && event->capture->graph != nullptr) {
    if (!stream->capture) {
      stream->capture = event->capture;
      stream->capture->streams.insert(stream);
      stream->frontier.clear();
    }
    if (stream->capture != event->capture) return STREAM_CAPTURE_ISOLATION;
    std::set<size_t> both(stream->frontier.begin(), stream->frontier.end());
    both.insert(event->frontier.begin(), event->frontier.end());
    stream->frontier.assign(both.begin(), both.end());
    return SUCCESS;
  }
  if (stream->capture) {
    stream->capture->invalid = true;
    return STREAM_CAPTURE_ISOLATION;
  }
  if (!event->work || event->work->done) return SUCCESS;
  auto waited = event->work;
  add_work(stream, [] { return SUCCESS; }, nullptr)->after.push_back(waited);
  return SUCCESS;
}

// ---- events ------------------------------------------------------------------------------------

FAKE_API cuEventCreate(void** handle, unsigned flags) {
  Call call;
  if (call.result != SUCCESS) return call.result;
  auto* event = new Event();
  event->context = call.context;
  event->timed = (flags & 2) == 0;
  call.context->events.insert(event);
  *handle = event;
  return SUCCESS;
}

FAKE_API cuEventDestroy_v2(void* handle) {
  Call call;
  if (call.context == nullptr) return INVALID_CONTEXT;
  auto* event = (Event*)handle;
  if (call.context->events.erase(event) == 0) return INVALID_HANDLE;
  if (event->work && !event->work->done) run_until(event->work);
  delete event;
  return SUCCESS;
}

FAKE_API cuEventRecord(void* event_handle, void* handle) {
  Call call;
  if (call.result != SUCCESS) return call.result;
  Stream* stream = stream_of(call.context, handle);
  auto* event = (Event*)event_handle;
  if (stream == nullptr || call.context->events.count(event) == 0) return INVALID_HANDLE;
  event->polls = 0;
  event->capture = stream->capture;
  if (stream->capture) {
    event->frontier = stream->frontier;
    return SUCCESS;
  }
  // The time belongs to the work, not to the event, which may be recorded anew or be gone by then.
  auto at = std::make_shared<double>(0);
  event->at_ms = at;
  event->work = add_work(stream, [at] {
    *at = now_ms();
    return SUCCESS;
  }, nullptr);
  return SUCCESS;
}

FAKE_API cuEventRecordWithFlags(void* event, void* stream, unsigned) {
  return cuEventRecord(event, stream);
}

FAKE_API cuEventSynchronize(void* handle) {
  Call call;
  if (call.result != SUCCESS) return call.result;
  auto* event = (Event*)handle;
  if (call.context->events.count(event) == 0) return INVALID_HANDLE;
  if (event->capture) return CAPTURED_EVENT;
  if (event->work) run_until(event->work);
  return call.context->sticky;
}

FAKE_API cuEventQuery(void* handle) {
  Call call;
  if (call.result != SUCCESS) return call.result;
  auto* event = (Event*)handle;
  if (call.context->events.count(event) == 0) return INVALID_HANDLE;
  if (event->capture) return CAPTURED_EVENT;
  if (!event->work || event->work->done) return SUCCESS;
  return poll(event->work->stream, event->polls);
}

FAKE_API cuEventElapsedTime(float* ms, void* from_handle, void* to_handle) {
  Call call;
  if (call.result != SUCCESS) return call.result;
  auto* from = (Event*)from_handle;
  auto* to = (Event*)to_handle;
  for (Event* event : {from, to}) {
    if (call.context->events.count(event) == 0 || !event->timed || !event->work)
      return INVALID_HANDLE;
    if (!event->work->done) return NOT_READY;
  }
  *ms = (float)(*to->at_ms - *from->at_ms);
  return SUCCESS;
}

// ---- capture and graphs ------------------------------------------------------------------------

FAKE_API cuStreamBeginCapture_v2(void* handle, int mode) {
  Call call;
  if (call.result != SUCCESS) return call.result;
  Stream* stream = stream_of(call.context, handle);
  if (stream == nullptr) return INVALID_HANDLE;
  if (stream == &call.context->null_stream) return STREAM_CAPTURE_UNSUPPORTED;
  if (stream->capture) return ILLEGAL_STATE;
  note(text("capture stream=%d", stream->number));
  stream->capture = std::make_shared<Capture>();
  stream->capture->origin = stream;
  stream->capture->graph = new Graph();
  stream->capture->relaxed = mode == 2;
  stream->capture->streams.insert(stream);
  stream->frontier.clear();
  return SUCCESS;
}

FAKE_API cuStreamEndCapture(void* handle, void** graph) {
  Call call;
  if (call.result != SUCCESS) return call.result;
  *graph = nullptr;
  Stream* stream = stream_of(call.context, handle);
  if (stream == nullptr) return INVALID_HANDLE;
  std::shared_ptr<Capture> capture = stream->capture;
  if (!capture) return ILLEGAL_STATE;
  if (capture->origin != stream) {
    capture->invalid = true;
    return STREAM_CAPTURE_UNMATCHED;
  }
  bool all = joined(*capture);
  for (Stream* one : capture->streams) {
    if (call.context->streams.count(one) != 0) one->capture.reset();
  }
  Graph* captured = capture->graph;
  capture->graph = nullptr;
  if (capture->invalid || !all) {
    delete captured;
    return capture->invalid ? STREAM_CAPTURE_INVALIDATED : STREAM_CAPTURE_UNJOINED;
  }
  note(text("captured nodes=%zu", captured->nodes.size()));
  call.context->graphs.insert(captured);
  *graph = captured;
  return SUCCESS;
}

FAKE_API cuStreamIsCapturing(void* handle, int* status) {
  Call call;
  if (call.result != SUCCESS) return call.result;
  Stream* stream = stream_of(call.context, handle);
  if (stream == nullptr) return INVALID_HANDLE;
  *status = !stream->capture ? 0 : stream->capture->invalid ? 2 : 1;
  return SUCCESS;
}

FAKE_API cuThreadExchangeStreamCaptureMode(int* mode) {
  static thread_local int own = 0;
  std::swap(*mode, own);
  return SUCCESS;
}

FAKE_API cuGraphInstantiateWithFlags(void** executable, void* handle, unsigned long long) {
  Call call;
  if (call.result != SUCCESS) return call.result;
  auto* graph = (Graph*)handle;
  if (call.context->graphs.count(graph) == 0) return INVALID_HANDLE;
  auto* made = new Graph(*graph);
  call.context->executables.insert(made);
  *executable = made;
  return SUCCESS;
}

FAKE_API cuGraphUpload(void* executable, void*) {
  Call call;
  if (call.result != SUCCESS) return call.result;
  return call.context->executables.count((Graph*)executable) != 0 ? SUCCESS : INVALID_HANDLE;
}

FAKE_API cuGraphLaunch(void* handle, void* stream_handle) {
  Call call;
  if (call.result != SUCCESS) return call.result;
  auto* executable = (Graph*)handle;
  Stream* stream = stream_of(call.context, stream_handle);
  if (stream == nullptr || call.context->executables.count(executable) == 0) return INVALID_HANDLE;
  note(text("graph-launch nodes=%zu stream=%d", executable->nodes.size(), stream->number));
  Result result = chance("graph-launch");
  if (result != SUCCESS) return result;
  // By value: an executable may be destroyed while it runs.
  return enqueue(stream, [graph = *executable] { return run_graph(graph); });
}

FAKE_API cuGraphGetNodes(void* handle, void**, size_t* count) {
  Call call;
  if (call.result != SUCCESS) return call.result;
  auto* graph = (Graph*)handle;
  if (call.context->graphs.count(graph) == 0) return INVALID_HANDLE;
  *count = graph->nodes.size();  // the nodes themselves have no handles here
  return SUCCESS;
}

FAKE_API cuGraphDestroy(void* handle) {
  Call call;
  if (call.context == nullptr) return INVALID_CONTEXT;
  auto* graph = (Graph*)handle;
  if (call.context->graphs.erase(graph) == 0) return INVALID_HANDLE;
  delete graph;
  return SUCCESS;
}

FAKE_API cuGraphExecDestroy(void* handle) {
  Call call;
  if (call.context == nullptr) return INVALID_CONTEXT;
  auto* graph = (Graph*)handle;
  if (call.context->executables.erase(graph) == 0) return INVALID_HANDLE;
  delete graph;
  return SUCCESS;
}
