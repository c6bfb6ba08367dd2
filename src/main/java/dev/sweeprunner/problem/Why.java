package dev.sweeprunner.problem;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Why something failed, in words for a person. Java's own messages name a path and nothing else, a
 * class, or both; this is the one place that makes words of them. No state; any thread.
 */
public final class Why {
  private static final String OURS = "an error in this program";

  /** What a Java exception is called, at the start of a message or within it. */
  private static final Pattern CLASS =
      Pattern.compile("\\b(?:[a-z]\\w*\\.)+[\\w$]*(?:Exception|Error)\\b(?:: )?");

  /** A file that exists only while another is written: its folder says more. */
  private static final Pattern TEMPORARY = Pattern.compile("/\\.t\\.[^/]*$");

  private Why() {}

  /** A few words without the place: {@code permission denied}. Never empty. */
  public static String of(Throwable failure) {
    Throwable cause = failure.getCause();
    String message = failure.getMessage();
    if (cause != null && (message == null || message.equals(cause.toString()))) {
      return of(cause);
    }
    return failure instanceof IOException refused ? ofDisk(refused) : ofProgram(failure);
  }

  /** The same after the place, where it is known: {@code /a/b: permission denied}. */
  public static String at(Throwable failure) {
    Throwable cause = failure.getCause();
    if (failure instanceof FileSystemException refused && refused.getFile() != null) {
      return TEMPORARY.matcher(refused.getFile()).replaceFirst("") + ": " + of(refused);
    }
    return cause != null && of(failure).equals(of(cause)) ? at(cause) : of(failure);
  }

  private static String ofDisk(IOException refused) {
    if (refused instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (refused instanceof NoSuchFileException) {
      return "it is not there";
    }
    if (refused instanceof NotDirectoryException) {
      return "it is no folder";
    }
    if (refused instanceof FileAlreadyExistsException) {
      return "it is there already";
    }
    if (refused instanceof DirectoryNotEmptyException) {
      return "the folder is not empty";
    }
    if (refused instanceof FileSystemLoopException) {
      return "its links go round in a circle";
    }
    if (refused instanceof EOFException) {
      return "it ends too early";
    }
    if (refused instanceof CharacterCodingException) {
      return "it is not UTF-8 text";
    }
    if (refused instanceof InterruptedIOException) {
      return "it was interrupted";
    }
    return said(
        refused instanceof FileSystemException failure ? failure.getReason() : refused.getMessage(),
        "the disk gave no reason");
  }

  /** What the JVM says itself names classes; what this program says was written for people. */
  private static String ofProgram(Throwable failure) {
    boolean byJvm =
        failure instanceof NullPointerException
            || failure instanceof ClassCastException
            || failure instanceof ArrayStoreException
            || failure instanceof LinkageError;
    return byJvm ? OURS : said(failure.getMessage(), OURS);
  }

  private static String said(@Nullable String message, String otherwise) {
    String words = message == null ? "" : CLASS.matcher(message).replaceAll("").strip();
    return words.isEmpty() ? otherwise : words;
  }
}
