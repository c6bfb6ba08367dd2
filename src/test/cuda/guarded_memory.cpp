#include "guarded_memory.hpp"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <sstream>

namespace emulator {
namespace {

constexpr size_t GUARD = 1 << 20;
constexpr size_t ALIGNMENT = 256;
constexpr size_t POISON_UP_TO = (size_t)256 << 20;
constexpr int POISON = 0xff;

std::map<const unsigned char*, Region> regions;  // by their end
std::shared_mutex lock;

size_t round_up(size_t n, size_t to) { return (n + to - 1) / to * to; }

bool poisoned(const unsigned char* from, const unsigned char* to) {
  return from == to || (*from == POISON && memcmp(from, from + 1, to - from - 1) == 0);
}

}  // namespace

void* reserve(size_t bytes, int owner) {
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  size_t room = round_up(bytes == 0 ? 1 : bytes, ALIGNMENT);
  Region region;
  region.bytes = bytes;
  region.owner = owner;
  region.pages_bytes = round_up(room, page);
  region.map_bytes = region.pages_bytes + 2 * GUARD;
  void* map = mmap(nullptr, region.map_bytes, PROT_NONE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (map == MAP_FAILED) return nullptr;
  region.map = (unsigned char*)map;
  region.pages = region.map + GUARD;
  if (mprotect(region.pages, region.pages_bytes, PROT_READ | PROT_WRITE) != 0) {
    munmap(map, region.map_bytes);
    return nullptr;
  }
  region.start = region.pages + region.pages_bytes - room;
  if (bytes <= POISON_UP_TO) {
    memset(region.pages, POISON, region.pages_bytes);
  } else {
    memset(region.pages, POISON, region.start - region.pages);
    memset(region.start + bytes, POISON, room - bytes);
  }
  std::unique_lock<std::shared_mutex> hold(lock);
  regions[region.start + bytes] = region;
  return region.start;
}

const Region* region_of(const void* address, size_t bytes) {
  std::shared_lock<std::shared_mutex> hold(lock);
  auto at = regions.upper_bound((const unsigned char*)address);
  if (at == regions.end()) return nullptr;
  const Region& region = at->second;
  auto* first = (const unsigned char*)address;
  bool inside = first >= region.start && bytes <= (size_t)(at->first - first);
  return inside ? &region : nullptr;
}

bool release(void* start) {
  const Region* found = region_of(start, 0);
  if (found == nullptr || found->start != start) return false;
  Region region = *found;
  std::unique_lock<std::shared_mutex> hold(lock);
  regions.erase(region.start + region.bytes);
  munmap(region.map, region.map_bytes);
  return true;
}

bool any_region() {
  std::shared_lock<std::shared_mutex> hold(lock);
  return !regions.empty();
}

std::string overrun() {
  std::shared_lock<std::shared_mutex> hold(lock);
  for (auto& entry : regions) {
    const Region& region = entry.second;
    // Every launch asks this of every region: of the bytes before it, the nearest will do.
    bool before = !poisoned(std::max(region.pages, region.start - ALIGNMENT), region.start);
    bool after = !poisoned(entry.first, region.pages + region.pages_bytes);
    if (before || after) {
      std::ostringstream text;
      text << "written just " << (before ? "before" : "after") << " the allocation of "
           << region.bytes << " bytes at " << (const void*)region.start;
      memset(region.pages, POISON, region.start - region.pages);
      memset(region.start + region.bytes, POISON,
             region.pages + region.pages_bytes - (region.start + region.bytes));
      return text.str();
    }
  }
  return "";
}

}  // namespace emulator
