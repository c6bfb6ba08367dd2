package dev.sweeprunner.relay;

import dev.sweeprunner.relay.StreamPost.Part;
import dev.sweeprunner.relay.files.ProgramFiles;
import dev.sweeprunner.relay.rows.Book;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A run that a life's program writes: the claim's own, or one beside it. Any thread; what a client
 * posts is taken by one thread at a time.
 */
final class LiveRun {
  private static final int MOST_CONNECTIONS = 1000;

  private final String name;
  private final String number;
  private final Book book;
  private final ProgramFiles files;
  private final Posts posts = new Posts();
  private final SharedWriters shared;
  private final Set<String> connections = new HashSet<>();
  private boolean described;
  private boolean writing;

  /**
   * A run that nobody has opened yet.
   *
   * @param name its id, as every client is told
   * @param number what tells it from the claim's run, {@code -2}; empty for that one
   */
  LiveRun(String name, String number, Book book, ProgramFiles files) {
    this.name = name;
    this.number = number;
    this.book = book;
    this.files = files;
    this.shared = new SharedWriters(book);
  }

  String name() {
    return name;
  }

  /** What people read, made of what they read for the claim's run. */
  String displayName(String claims) {
    return claims + number;
  }

  Book book() {
    return book;
  }

  ProgramFiles files() {
    return files;
  }

  Posts posts() {
    return posts;
  }

  /** Whether a client has opened it in this life. */
  synchronized boolean described() {
    return described;
  }

  /** A client has opened it, or tells more of it. */
  synchronized void describe(Map<String, @Nullable Object> variables) throws IOException {
    book.described(variables);
    described = true;
    writing = true;
  }

  /** A client that writes this run uses this connection. */
  synchronized void heardOn(String connection) {
    if (connections.size() < MOST_CONNECTIONS) {
      connections.add(connection);
    }
  }

  /** Whether such a client uses this connection. */
  synchronized boolean hears(String connection) {
    return connections.contains(connection);
  }

  /**
   * Whether another client writes it: one that has not said goodbye and still holds a connection.
   *
   * @param connection of the client that asks
   * @param open all connections that there are
   */
  synchronized boolean isWrittenByAnother(String connection, Set<String> open) {
    connections.retainAll(open);
    return writing && !connections.isEmpty() && !connections.contains(connection);
  }

  /** Whether a client writes it. */
  synchronized boolean isWritten(Set<String> open) {
    return isWrittenByAnother("", open);
  }

  /**
   * Takes a post; when this returns all of it is in the book.
   *
   * @param writer which of the processes that write this run together posts, or null
   */
  synchronized void take(StreamPost post, @Nullable String writer) throws IOException {
    for (Part part : post.parts()) {
      take(part, writer);
    }
    if (post.complete()) {
      book.complete(post.exitCode());
      writing = false;
    }
  }

  private void take(Part part, @Nullable String writer) throws IOException {
    long offset = part.offset();
    List<String> lines = part.lines();
    switch (part.file()) {
      case StreamPost.HISTORY -> {
        if (writer == null) {
          book.history(offset, lines);
        } else {
          shared.history(writer, offset, lines);
        }
      }
      case "wandb-events.jsonl" -> {
        if (writer == null) {
          book.events(offset, lines);
        } else {
          shared.events(writer, offset, lines);
        }
      }
      case "output.log" -> {
        if (writer == null) {
          book.console(offset, lines);
        } else {
          shared.console(writer, offset, lines);
        }
      }
      case "wandb-summary.json" -> {
        if (!lines.isEmpty()) {
          book.summary(lines.get(lines.size() - 1));
        }
      }
      default -> {
        // A file of a client to come; what it holds arrives as a file too.
      }
    }
  }
}
