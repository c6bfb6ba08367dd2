package dev.sweeprunner.relay.files;

import dev.sweeprunner.files.FileSystem;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Which names a program's files may have: those that stay below the folder they are put in. */
final class FileNames {
  private static final int LONGEST = 1024;
  private static final int LONGEST_PART = 240;
  private static final int DEEPEST = 32;

  private FileNames() {}

  /** Why a name is refused, in words that follow it, or null. */
  static @Nullable String fault(String name) {
    if (name.isEmpty()) {
      return "is empty";
    }
    if (name.startsWith("/")) {
      return "is absolute";
    }
    if (name.chars().anyMatch(Character::isISOControl)) {
      return "has control characters";
    }
    if (bytes(name) > LONGEST) {
      return "is longer than " + LONGEST + " bytes";
    }
    String[] parts = name.split("/", -1);
    if (parts.length > DEEPEST) {
      return "lies deeper than " + DEEPEST + " folders";
    }
    for (String part : parts) {
      String fault = faultOfPart(part);
      if (fault != null) {
        return fault;
      }
    }
    return faultOfPath(name);
  }

  private static @Nullable String faultOfPart(String part) {
    if (part.isEmpty() || part.equals(".") || part.equals("..")) {
      return "has a part that is empty, . or ..";
    }
    if (bytes(part) > LONGEST_PART) {
      return "has a part longer than " + LONGEST_PART + " bytes";
    }
    return part.startsWith(FileSystem.TEMP_PREFIX) ? "begins as this program's own files do" : null;
  }

  /** Where the locale or lone surrogates keep it from being a file's name. */
  private static @Nullable String faultOfPath(String name) {
    try {
      return Path.of(name).toString().equals(name) ? null : "is no file's name here";
    } catch (InvalidPathException e) {
      return "is no file's name here";
    }
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
