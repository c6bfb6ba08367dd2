package dev.sweeprunner.program.guard;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds and ends the processes of claims on this host, of this user, by the mark in their
 * environment and by descent from who bears it. Any thread may call it.
 *
 * <p>For what no guard does any more: the guard was killed, or a claim of another life of this run
 * left something behind.
 */
public final class Kin {
  /** The variable that every process of a claim has; its value is the claim's token. */
  public static final String MARK = "SWEEP_RUNNER_CLAIM";

  private static final int ROUNDS = 1000;
  private static final Duration ROUND = Duration.ofMillis(10);

  private final Path proc;

  /** Looks into {@code /proc}. */
  public Kin() {
    this(Path.of("/proc"));
  }

  Kin(Path proc) {
    this.proc = proc;
  }

  /**
   * A process of a claim.
   *
   * @param pid its number
   * @param began when, in clock ticks since the boot: with the number, who it is
   * @param token of the claim
   * @param name what runs, for a message
   */
  public record Relative(long pid, String began, String token, String name) {}

  /** Who lives and belongs to a claim whose token is one of these, in no order. */
  public List<Relative> find(Predicate<String> tokens) {
    // First who everybody is, then what they bear: a number given anew in between is not mistaken.
    Map<Long, ProcStat> everybody = everybody();
    Map<Long, String> ours = new HashMap<>();
    everybody.forEach(
        (pid, stat) -> {
          String token = mark(pid);
          if (token != null && tokens.test(token)) {
            ours.put(pid, token);
          }
        });
    addDescendants(everybody, ours);
    ours.remove(ProcessHandle.current().pid());
    var found = new ArrayList<Relative>();
    ours.forEach(
        (pid, token) -> {
          ProcStat stat = everybody.get(pid);
          if (stat != null) {
            found.add(new Relative(pid, stat.began(), token, stat.name()));
          }
        });
    return found;
  }

  /**
   * Ends them, with SIGKILL, again until none is left. Who was known by descent alone and has lost
   * its parent by that is still waited for: on a busy machine a death takes its time.
   *
   * @return whether none is left; false after some 10 s
   */
  public boolean end(Predicate<String> tokens) {
    var nothing = new Events();
    Set<Relative> struck = new HashSet<>();
    for (int round = 0; round < ROUNDS; round++) {
      struck.addAll(find(tokens));
      struck.removeIf(relative -> !lives(relative));
      if (struck.isEmpty()) {
        return true;
      }
      struck.forEach(this::end);
      nothing.awaitFirmly(ROUND, () -> false);
    }
    return false;
  }

  /** The handle knows its process by the start time too, and no other process gets its signal. */
  private void end(Relative relative) {
    ProcessHandle.of(relative.pid())
        .filter(handle -> lives(relative))
        .ifPresent(ProcessHandle::destroyForcibly);
  }

  /** Whether it is still the one that was found, and not another one with its number. */
  private boolean lives(Relative relative) {
    ProcStat stat = ProcStat.read(proc.resolve(Long.toString(relative.pid())));
    return stat != null && !stat.ended() && stat.began().equals(relative.began());
  }

  private static void addDescendants(Map<Long, ProcStat> everybody, Map<Long, String> ours) {
    boolean more = true;
    while (more) {
      more = false;
      for (var each : everybody.entrySet()) {
        String token = ours.get(each.getValue().parent());
        if (token != null && ours.putIfAbsent(each.getKey(), token) == null) {
          more = true;
        }
      }
    }
  }

  private Map<Long, ProcStat> everybody() {
    Map<Long, ProcStat> found = new HashMap<>();
    Object user = user(proc.resolve("self"));
    try (var entries = Files.newDirectoryStream(proc, "[0-9]*")) {
      for (Path entry : entries) {
        ProcStat stat = user != null && user.equals(user(entry)) ? ProcStat.read(entry) : null;
        if (stat != null && !stat.ended()) {
          found.put(Long.parseLong(entry.getFileName().toString()), stat);
        }
      }
    } catch (IOException | DirectoryIteratorException unreadable) {
      // What was seen until then counts; the next round sees more.
    }
    return found;
  }

  private static @Nullable Object user(Path entry) {
    try {
      return Files.getAttribute(entry, "unix:uid");
    } catch (IOException gone) {
      return null;
    }
  }

  private @Nullable String mark(long pid) {
    try {
      String environ = ProcStat.text(proc.resolve(Long.toString(pid)).resolve("environ"));
      for (String variable : environ.split("\0", -1)) {
        if (variable.startsWith(MARK + "=")) {
          return variable.substring(MARK.length() + 1);
        }
      }
    } catch (IOException unreadable) {
      // Gone, or none of ours.
    }
    return null;
  }
}
