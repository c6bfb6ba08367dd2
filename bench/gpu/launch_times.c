// Times every kernel of a program that uses the CUDA driver API, without a profiler: loaded before it
// (LD_PRELOAD), it puts an event before and behind each launch, waits for it, and writes a JSON line
// to the file that LAUNCH_TIMES names. Graph captures are refused, so that a program that can do
// without them launches each kernel by itself. For programs that launch from one thread.
//
//   cc -O2 -shared -fPIC -o liblaunchtimes.so launch_times.c -ldl
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef void* Handle;

enum { MOST_NAMES = 1024, NOT_SUPPORTED = 801 };

static struct {
  Handle function;
  char name[64];
} names[MOST_NAMES];
static int named;
static FILE* file;

static Handle driver(const char* name) {
  static Handle library;
  if (!library) library = dlopen("libcuda.so.1", RTLD_NOW | RTLD_NOLOAD);
  Handle found = library ? dlsym(library, name) : NULL;
  if (!found) {
    fprintf(stderr, "launch_times: the driver has no %s\n", name);
    abort();
  }
  return found;
}

static const char* name_of(Handle function) {
  for (int i = 0; i < named; i++) {
    if (names[i].function == function) return names[i].name;
  }
  return "?";
}

int cuStreamBeginCapture_v2(Handle stream, int mode) {
  (void)stream;
  (void)mode;
  return NOT_SUPPORTED;
}

int cuModuleGetFunction(Handle* function, Handle module, const char* name) {
  int (*get)(Handle*, Handle, const char*) = driver("cuModuleGetFunction");
  int result = get(function, module, name);
  if (result == 0 && named < MOST_NAMES) {
    names[named].function = *function;
    snprintf(names[named++].name, sizeof names[0].name, "%s", name);
  }
  return result;
}

int cuLaunchKernel(Handle function, unsigned x, unsigned y, unsigned z, unsigned bx, unsigned by,
                   unsigned bz, unsigned shared, Handle stream, void** parameters, void** extra) {
  static int (*launch)(Handle, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned,
                       Handle, void**, void**);
  static int (*record)(Handle, Handle), (*await)(Handle), (*elapsed)(float*, Handle, Handle);
  static Handle before, after;
  if (!launch) {
    int (*create)(Handle*, unsigned) = driver("cuEventCreate");
    create(&before, 0);
    create(&after, 0);
    record = driver("cuEventRecord");
    await = driver("cuEventSynchronize");
    elapsed = driver("cuEventElapsedTime");
    launch = driver("cuLaunchKernel");
    file = getenv("LAUNCH_TIMES") ? fopen(getenv("LAUNCH_TIMES"), "w") : stderr;
  }
  record(before, stream);
  int result = launch(function, x, y, z, bx, by, bz, shared, stream, parameters, extra);
  record(after, stream);
  float ms = 0;
  if (await(after) == 0 && elapsed(&ms, before, after) == 0 && file) {
    fprintf(file, "{\"kernel\":\"%s\",\"us\":%.2f,\"grid\":[%u,%u,%u],\"block\":%u,\"shared\":%u}\n",
            name_of(function), ms * 1e3, x, y, z, bx, shared);
    fflush(file);
  }
  return result;
}
