// Memory between pages that nobody may touch: an access past either end stops the program there
// rather than spoiling something else. Used for device memory and for pinned host memory.
#pragma once

#include <stddef.h>

#include <string>
#include <vector>

namespace emulator {

struct Region {
  unsigned char* start;
  size_t bytes;
  int owner;  // who reserved it; a device's number, say
  unsigned char* pages;
  size_t pages_bytes;
  unsigned char* map;
  size_t map_bytes;
};

// A region that starts at a multiple of 256 and ends as near to its guard page as that allows. It
// is filled with 0xff, a NaN in float32 and in bfloat16 (above 256 MiB it is left zero). Null where
// the system has no more.
void* reserve(size_t bytes, int owner = 0);

// Gives a region back; false where no region starts there.
bool release(void* start);

// The region that holds all these bytes, or null.
const Region* region_of(const void* address, size_t bytes);

bool any_region();

// Where somebody wrote between a region and its guard pages, told once; empty where nobody did.
std::string overrun();

}  // namespace emulator
