// The settings of the fake driver, its log and its report.
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "driver.hpp"

namespace fake {

Settings settings;

namespace {

std::map<std::string, int> happened;

std::string folder() {
  Dl_info info;
  if (dladdr((void*)&read_settings, &info) == 0 || info.dli_fname == nullptr) return ".";
  std::string path = info.dli_fname;
  size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash);
}

std::string trimmed(const std::string& s) {
  size_t from = s.find_first_not_of(" \t\r");
  size_t to = s.find_last_not_of(" \t\r");
  return from == std::string::npos ? "" : s.substr(from, to - from + 1);
}

std::vector<std::string> split(const std::string& s, char at) {
  std::vector<std::string> parts;
  std::istringstream in(s);
  std::string part;
  while (std::getline(in, part, at)) parts.push_back(trimmed(part));
  return parts;
}

// Opened for each line, in append mode: the file may be emptied or removed at any time.
void append(const std::string& path, const std::string& line) {
  if (path.empty()) return;
  int file = open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (file < 0) return;
  std::string whole = line + "\n";
  ssize_t written = write(file, whole.data(), whole.size());
  (void)written;
  close(file);
}

void set_schedule(const std::string& value) {
  emulator::settings.order = emulator::Order::FORWARD;
  if (value == "reverse") emulator::settings.order = emulator::Order::REVERSE;
  if (value.rfind("random", 0) == 0) {
    emulator::settings.order = emulator::Order::RANDOM;
    size_t colon = value.find(':');
    if (colon != std::string::npos)
      emulator::settings.seed = strtoull(&value[colon + 1], nullptr, 10);
  }
}

// launch:57=700,alloc:3=2
void set_failures(const std::string& value) {
  for (const std::string& one : split(value, ',')) {
    size_t colon = one.find(':'), equals = one.find('=');
    if (colon == std::string::npos || equals == std::string::npos) continue;
    int count = atoi(one.substr(colon + 1).c_str());
    settings.fail_at[one.substr(0, colon)][count] = (Result)atoi(one.substr(equals + 1).c_str());
  }
}

void set(const std::string& key, const std::string& value) {
  int number = atoi(value.c_str());
  if (key == "devices") {
    settings.devices = number;
  } else if (key == "init") {
    settings.init = number;
  } else if (key == "name") {
    settings.name = value;
  } else if (key == "driver") {
    settings.driver = number;
  } else if (key == "cc") {
    settings.major = number;
    settings.minor = atoi(value.substr(value.find('.') + 1).c_str());
  } else if (key == "sms") {
    settings.sms = number;
  } else if (key == "clock_khz") {
    settings.clock_khz = number;
  } else if (key == "memory_mib") {
    settings.memory = (size_t)number << 20;
  } else if (key == "used_mib") {
    settings.used = (size_t)number << 20;
  } else if (key == "smem_optin") {
    settings.smem_optin = number;
  } else if (key == "execute") {
    settings.execute = number != 0;
  } else if (key == "schedule") {
    set_schedule(value);
  } else if (key == "cores") {
    emulator::settings.cores = number;
  } else if (key == "log") {
    settings.log = value;
  } else if (key == "report") {
    settings.report = value;
  } else if (key == "fail_at") {
    set_failures(value);
  } else {
    violation("fake-cuda.conf: no key " + key);
  }
}

}  // namespace

void read_settings() {
  settings = Settings();
  settings.report = folder() + "/fake-cuda.violations";
  emulator::settings = emulator::Settings();
  happened.clear();
  std::ifstream in(folder() + "/fake-cuda.conf");
  std::string line;
  while (std::getline(in, line)) {
    line = trimmed(line);
    size_t equals = line.find('=');
    if (line.empty() || line[0] == '#' || equals == std::string::npos) continue;
    set(trimmed(line.substr(0, equals)), trimmed(line.substr(equals + 1)));
  }
}

// As the real one: the first entry that names no device ends the list.
std::vector<int> visible_devices() {
  std::vector<int> devices;
  const char* wanted = getenv("CUDA_VISIBLE_DEVICES");
  if (wanted == nullptr) {
    for (int i = 0; i < settings.devices; i++) devices.push_back(i);
    return devices;
  }
  for (const std::string& one : split(wanted, ',')) {
    char* end;
    long number = strtol(one.c_str(), &end, 10);
    if (one.rfind("GPU-", 0) == 0 && one.size() > 4) {
      // The last two digits of the uuid are the physical number; see cuDeviceGetUuid.
      number = strtol(one.substr(one.size() < 2 ? 0 : one.size() - 2).c_str(), nullptr, 16);
    } else if (one.empty() || *end != 0) {
      break;
    }
    if (number < 0 || number >= settings.devices) break;
    for (int known : devices) {
      if (known == number) return {};
    }
    devices.push_back((int)number);
  }
  return devices;
}

void note(const std::string& line) { append(settings.log, line); }

void violation(const std::string& line) { append(settings.report, line); }

Result chance(const std::string& kind) {
  int count = ++happened[kind];
  auto at = settings.fail_at.find(kind);
  if (at == settings.fail_at.end() || at->second.count(count) == 0) return SUCCESS;
  return at->second[count];
}

std::string text(const char* format, ...) {
  char line[2000];
  va_list rest;
  va_start(rest, format);
  vsnprintf(line, sizeof line, format, rest);
  va_end(rest);
  return line;
}

}  // namespace fake
