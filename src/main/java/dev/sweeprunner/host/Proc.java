package dev.sweeprunner.host;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** What {@code /proc} says; the folder is a parameter so that a test can write one. */
final class Proc {
  /** Fields of {@code stat} after the parenthesised name: the first is the state, number 3. */
  private static final int STATE = 0;

  private static final int START_TIME = 22 - 3;

  private static final String NUMBERS = "NSpid:";

  private final Path root;

  Proc(Path root) {
    this.root = root;
  }

  /** A small file's text, stripped; empty if unreadable. */
  String text(String path) {
    return text(root.resolve(path));
  }

  static String text(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException | SecurityException unreadable) {
      return "";
    }
  }

  /**
   * The inode of this process's pid namespace; empty if unreadable, and where the processes that
   * are shown here are another namespace's, as after {@code unshare --pid} without a {@code /proc}
   * of its own: numbers mean others there.
   *
   * @param pid this process's number in its own namespace
   */
  String pidNamespace(long pid) {
    try {
      return numberShown().equals(Long.toString(pid))
          ? link("self/ns/pid").replaceAll("[^0-9]", "")
          : "";
    } catch (IOException | UnsupportedOperationException | SecurityException unreadable) {
      return "";
    }
  }

  /** This process's numbers, from the namespace that is shown down to its own. */
  private String numberShown() throws IOException {
    for (var line : text("self/status").lines().toList()) {
      if (line.startsWith(NUMBERS)) {
        return line.substring(NUMBERS.length()).strip();
      }
    }
    return link("self"); // before Linux 4.1
  }

  private String link(String path) throws IOException {
    return Files.readSymbolicLink(root.resolve(path)).toString();
  }

  /** A process as {@code /proc} shows it. */
  Sight look(long pid) {
    var folder = root.resolve(Long.toString(pid));
    try {
      var stat = Files.readString(folder.resolve("stat"));
      var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return new Sight.Seen(fields[START_TIME], ended(fields[STATE]) && lastThread(folder));
    } catch (NoSuchFileException absent) {
      return new Sight.Absent();
    } catch (AccessDeniedException hidden) {
      return new Sight.Unreadable();
    } catch (IOException | RuntimeException e) {
      // A process that ends between open and read answers ESRCH, as a plain IOException.
      return Files.notExists(folder) ? new Sight.Absent() : new Sight.Unreadable();
    }
  }

  /**
   * This process's start in clock ticks since boot; empty if unreadable, and in a time namespace
   * that shifts the time since boot: others may see another start of the same process.
   */
  String ownStart(long pid) {
    for (var line : text("self/timens_offsets").lines().toList()) {
      if (line.startsWith("boottime") && !line.matches("boottime\\s+0\\s+0")) {
        return "";
      }
    }
    return look(pid) instanceof Sight.Seen seen ? seen.start() : "";
  }

  private static boolean ended(String state) {
    return state.equals("Z") || state.equals("X");
  }

  /** A leader that has ended may have threads that have not: stuck in a write, for example. */
  private static boolean lastThread(Path folder) throws IOException {
    try (var threads = Files.list(folder.resolve("task"))) {
      return threads.count() <= 1;
    }
  }

  /** What can be seen of a process. */
  sealed interface Sight {
    /** It is there. */
    record Seen(String start, boolean ended) implements Sight {}

    /** There is none of this number, or none that this user may see. */
    record Absent() implements Sight {}

    /** No answer. */
    record Unreadable() implements Sight {}
  }
}
