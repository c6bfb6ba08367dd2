package dev.sweeprunner.claim;

import java.nio.file.Path;
import org.jspecify.annotations.NullMarked;

/**
 * What a worker wants to do next: a call of the file system, or a question to the explorer.
 *
 * @param kind which
 * @param path what it is about
 * @param to where a rename goes, or what a link is made from; else the same as {@code path}
 * @param content what is written
 * @param number an open file's identity; of a CHOOSE the number of answers
 * @param answer of a TELL, what the worker was told
 */
@NullMarked
record SimCall(Kind kind, Path path, Path to, SimBlob content, long number, SimAnswer answer) {
  enum Kind {
    MAKE_FOLDERS,
    LIST,
    READ,
    MODIFIED,
    CREATE,
    TAKE,
    FILL,
    LINK,
    RENAME,
    DELETE,
    DELETE_TREE,
    SYNC,
    OPEN,
    BEAT,
    APPEND,
    CHOOSE,
    TELL
  }

  static SimCall of(Kind kind, Path path) {
    return new SimCall(kind, path, path, SimBlob.EMPTY, 0, SimAnswer.NONE);
  }

  static SimCall of(Kind kind, Path path, Path to) {
    return new SimCall(kind, path, to, SimBlob.EMPTY, 0, SimAnswer.NONE);
  }

  static SimCall of(Kind kind, Path path, byte[] content, long number) {
    return new SimCall(kind, path, path, new SimBlob(content), number, SimAnswer.NONE);
  }

  static SimCall choose(String what, int answers) {
    Path path = Path.of(what);
    return new SimCall(Kind.CHOOSE, path, path, SimBlob.EMPTY, answers, SimAnswer.NONE);
  }

  static SimCall tell(SimAnswer answer) {
    Path path = Path.of("");
    return new SimCall(Kind.TELL, path, path, SimBlob.EMPTY, 0, answer);
  }

  /** Whether a server is asked at all. */
  boolean remote() {
    return kind != Kind.CHOOSE && kind != Kind.TELL;
  }

  /** Whether it changes what others see. */
  boolean changes() {
    return switch (kind) {
      case LIST, READ, MODIFIED, SYNC, CHOOSE, TELL -> false;
      default -> true;
    };
  }

  @Override
  public String toString() {
    if (kind == Kind.TELL) {
      return "is told " + answer;
    }
    if (kind == Kind.CHOOSE) {
      return "decides on " + path;
    }
    String words = kind.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
    String target = to.equals(path) ? "" : kind == Kind.LINK ? "" : " to " + to.getFileName();
    EncodedRecord record = content.bytes.length == 0 ? null : content.record();
    String what = record == null ? "" : " (" + record.record().type() + ")";
    return words + " " + path.getFileName() + target + what;
  }
}
