package dev.sweeprunner.claim;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.NullMarked;

/** What a client is told about one call. */
@NullMarked
final class SimReply {
  /** Results, then errors. */
  enum Kind {
    DONE,
    NAMES,
    BYTES,
    NUMBER,
    EXISTS,
    MISSING,
    NO_FOLDER,
    NOT_EMPTY,
    EIO,
    ESTALE,
    ENOSPC,
    NO_LINKS
  }

  static final SimReply DONE = error(Kind.DONE);
  static final SimReply EXISTS = error(Kind.EXISTS);
  static final SimReply MISSING = error(Kind.MISSING);
  static final SimReply NO_FOLDER = error(Kind.NO_FOLDER);
  static final SimReply NOT_EMPTY = error(Kind.NOT_EMPTY);
  static final SimReply EIO = error(Kind.EIO);
  static final SimReply ESTALE = error(Kind.ESTALE);
  static final SimReply ENOSPC = error(Kind.ENOSPC);
  static final SimReply NO_LINKS = error(Kind.NO_LINKS);

  final Kind kind;
  final List<String> names;
  final SimBlob content;
  final long number;
  final long hash;

  private SimReply(Kind kind, List<String> names, SimBlob content, long number) {
    this.kind = kind;
    this.names = names;
    this.content = content;
    this.number = number;
    long h = SimBlob.then(SimBlob.then(kind.ordinal() + 1, content.hash), number);
    for (String name : names) {
      h = SimBlob.then(h, SimBlob.hash(name));
    }
    this.hash = h;
  }

  private static SimReply error(Kind kind) {
    return new SimReply(kind, List.of(), SimBlob.EMPTY, 0);
  }

  static SimReply names(List<String> names) {
    return new SimReply(Kind.NAMES, names, SimBlob.EMPTY, 0);
  }

  static SimReply bytes(SimBlob content) {
    return new SimReply(Kind.BYTES, List.of(), content, 0);
  }

  static SimReply number(long number) {
    return new SimReply(Kind.NUMBER, List.of(), SimBlob.EMPTY, number);
  }

  boolean failed() {
    return kind.compareTo(Kind.NUMBER) > 0;
  }

  /** Itself, or the exception that Java makes of the error. */
  SimReply orThrow(Path path) throws IOException {
    String name = path.toString();
    return switch (kind) {
      case DONE, NAMES, BYTES, NUMBER -> this;
      case EXISTS -> throw new FileAlreadyExistsException(name);
      case MISSING -> throw new NoSuchFileException(name);
      case NO_FOLDER -> throw new NotDirectoryException(name);
      case NOT_EMPTY -> throw new FileSystemException(name, null, "Directory not empty");
      case EIO -> throw new FileSystemException(name, null, "Input/output error");
      case ESTALE -> throw new FileSystemException(name, null, "Stale file handle");
      case ENOSPC -> throw new FileSystemException(name, null, "No space left on device");
      case NO_LINKS -> throw new FileSystemException(name, null, "Operation not supported");
    };
  }

  @Override
  public String toString() {
    return switch (kind) {
      case NAMES -> names.toString();
      case BYTES -> said();
      case NUMBER -> String.valueOf(number);
      default -> kind.toString();
    };
  }

  private String said() {
    EncodedRecord record = content.record();
    return record == null
        ? content.bytes.length + " bytes"
        : record.record().type() + " of " + record.record().owner().incarnation();
  }
}
