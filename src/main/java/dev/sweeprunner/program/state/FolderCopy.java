package dev.sweeprunner.program.state;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.process.Command;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Copies a program's folder by {@code cp -a --reflink=auto}: by reference where the file system
 * can, with modes, times and links. Where there is no such {@code cp}, or one without these
 * options, file by file; then modes and times are those of new files.
 *
 * <p>The source may be written to meanwhile: a file that vanishes is left out. Nothing is fsynced.
 * A kill leaves part of a copy, and a {@code cp} that ends by itself.
 */
final class FolderCopy {
  private static final Duration LIMIT = Duration.ofHours(2);
  private static final int KEPT = 4096;
  private static final int WORDS_AT_ONCE = 500;

  /** What cp says of a file that was there when it listed the folder. */
  private static final String VANISHED = "No such file or directory";

  private static final Pattern UNKNOWN_OPTION =
      Pattern.compile("(unrecognized|invalid|illegal|unknown|bad) option");

  private final FileSystem files;
  private final String cp;

  /**
   * A way to copy.
   *
   * @param cp the command
   */
  FolderCopy(FileSystem files, String cp) {
    this.files = files;
    this.cp = cp;
  }

  /**
   * Copies what is in a folder into another one, which is made.
   *
   * @param left which names of its top level are left out
   */
  void copy(Path from, Path to, Predicate<String> left) throws IOException {
    all(from, to, left, "--reflink=auto");
  }

  /**
   * Gives each file a second name below another folder instead of copying it, where that works: for
   * a folder that nothing writes to any more. Takes no time and no space.
   *
   * @return whether they are the same files
   */
  boolean link(Path from, Path to, Predicate<String> left) throws IOException {
    try {
      all(from, to, left, "--link");
      return true;
    } catch (IOException refused) {
      files.deleteTree(to);
      copy(from, to, left);
      return false;
    }
  }

  private void all(Path from, Path to, Predicate<String> left, String how) throws IOException {
    files.makeFolders(to);
    List<String> names = new ArrayList<>(files.list(from));
    names.removeIf(left);
    Collections.sort(names);
    for (int i = 0; i < names.size(); i += WORDS_AT_ONCE) {
      some(from, names.subList(i, Math.min(i + WORDS_AT_ONCE, names.size())), to, how);
    }
  }

  private void some(Path from, List<String> names, Path to, String how) throws IOException {
    List<String> words = new ArrayList<>(List.of(cp, "-a", how, "--"));
    names.forEach(name -> words.add(from.resolve(name).toString()));
    words.add(to + "/");
    Command.Outcome outcome =
        Command.run(words, from, variables -> variables.put("LC_ALL", "C"), LIMIT, KEPT);
    if (outcome instanceof Command.Outcome.Ended ended) {
      if (ended.exit() != 0 && !onlyVanished(ended.err())) {
        if (!UNKNOWN_OPTION.matcher(ended.err()).find()) {
          throw new IOException(from + " cannot be copied: " + lastLine(ended.err()));
        }
        plainly(from, names, to);
      }
    } else if (outcome instanceof Command.Outcome.TimedOut timedOut) {
      throw new IOException(from + " was not copied in " + timedOut.limit());
    } else {
      plainly(from, names, to);
    }
  }

  private void plainly(Path from, List<String> names, Path to) throws IOException {
    for (String name : names) {
      plainly(from.resolve(name), to.resolve(name));
    }
  }

  private void plainly(Path from, Path to) throws IOException {
    try {
      if (Files.isSymbolicLink(from)) {
        files.replaceLink(to, Files.readSymbolicLink(from));
      } else if (Files.isDirectory(from, LinkOption.NOFOLLOW_LINKS)) {
        files.makeFolders(to);
        for (String name : files.list(from)) {
          plainly(from.resolve(name), to.resolve(name));
        }
      } else if (Files.isRegularFile(from, LinkOption.NOFOLLOW_LINKS)) {
        try (InputStream in = Files.newInputStream(from)) {
          files.create(to, in::transferTo);
        }
      }
    } catch (NoSuchFileException e) {
      if (Files.exists(from, LinkOption.NOFOLLOW_LINKS)) {
        throw e;
      }
    }
  }

  private static boolean onlyVanished(String errors) {
    return !errors.isBlank()
        && errors
            .lines()
            .allMatch(line -> line.endsWith(VANISHED) && !line.contains("cannot create"));
  }

  private static String lastLine(String errors) {
    return errors.lines().reduce((first, second) -> second).orElse("cp failed");
  }
}
