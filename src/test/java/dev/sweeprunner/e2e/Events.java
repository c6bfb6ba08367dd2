package dev.sweeprunner.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The event file of one worker, written by one process after another. */
final class Events {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Path file;

  Events(Path file) {
    this.file = file;
  }

  Path file() {
    return file;
  }

  /** All events so far; one that is just being written is not there yet. */
  List<Event> all() {
    try {
      String text = Files.readString(file);
      String whole = text.substring(0, text.lastIndexOf('\n') + 1);
      return whole.lines().map(JSON::readTree).map(Event::of).toList();
    } catch (NoSuchFileException notYet) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Those of one process. */
  List<Event> of(JarProcess process) {
    return all().stream().filter(event -> event.pid() == process.pid()).toList();
  }

  /** Waits for an event of this process, at most two minutes. */
  Event await(JarProcess process, Predicate<Event> wanted) {
    long deadline = System.nanoTime() + Duration.ofMinutes(10).toNanos();
    while (System.nanoTime() < deadline) {
      boolean alive = process.alive();
      var found = of(process).stream().filter(wanted).findFirst();
      if (found.isPresent()) {
        return found.get();
      }
      if (!alive) {
        break;
      }
      pause();
    }
    throw new AssertionError("it never got there:\n" + process.printed());
  }

  /** Waits until something is so, at most ten minutes, while this process lives. */
  static void until(JarProcess process, BooleanSupplier so) {
    long deadline = System.nanoTime() + Duration.ofMinutes(10).toNanos();
    while (!so.getAsBoolean()) {
      if (!process.alive() || System.nanoTime() > deadline) {
        throw new AssertionError("it never came to that:\n" + process.printed());
      }
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * One event.
   *
   * @param pid of the process
   * @param name {@code start}, {@code resume}, {@code iteration}, {@code crash-point}, …
   * @param run its run; empty where there is none
   * @param iter its iteration; -1 where there is none
   */
  record Event(long pid, String name, String run, long iter) {
    static Event of(JsonNode line) {
      return new Event(
          line.path("pid").asLong(),
          line.path("event").asString(),
          line.path("run").asString(""),
          line.path("iter").asLong(-1));
    }

    boolean is(String wanted) {
      return name.equals(wanted);
    }
  }
}
