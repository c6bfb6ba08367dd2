package dev.sweeprunner.train;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.problem.Why;
import dev.sweeprunner.train.data.ByteTokens;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * Makes token files of texts: a folder with {@code train_*.bin} and {@code val_*.bin}, each
 * fsynced.
 *
 * <p>All or nothing: everything is written into a folder beside the wanted one, which gets its name
 * last, in one rename. A kill leaves that folder, whose name no pattern of a config finds, and the
 * next call removes it. Of two calls that make one folder at most one succeeds. Belongs to one
 * thread.
 */
public final class TextShards {
  /** Tokens of a file, as llm.c has them. */
  private static final int MOST_TOKENS = 100_000_000;

  private static final int BUFFER = 1 << 16;
  private static final String UNDER_WAY = ".preparing";

  private final FileSystem files;
  private final String token;
  private final LongConsumer progress;
  private final int mostTokens;

  /**
   * Shards of at most 100,000,000 tokens.
   *
   * @param token a word that no other process has
   * @param progress told now and then how many bytes of the texts are done; may throw to give up
   */
  public TextShards(FileSystem files, String token, LongConsumer progress) {
    this(files, token, progress, MOST_TOKENS);
  }

  TextShards(FileSystem files, String token, LongConsumer progress, int mostTokens) {
    this.files = files;
    this.token = token;
    this.progress = progress;
    this.mostTokens = mostTokens;
  }

  /**
   * What was made.
   *
   * @param training tokens to train on
   * @param validation tokens kept for validation
   * @param shards files of both
   */
  public record Made(long training, long validation, int shards) {}

  /**
   * Makes the folder.
   *
   * @param validation the part of each text, from its end, that is kept for validation; in [0, 1)
   * @throws UserError for texts that cannot be read or are none, a folder that is there already, or
   *     a disk that refuses; nothing was made then
   */
  public Made make(List<Path> texts, Path to, double validation) {
    Path folder = to.toAbsolutePath().normalize();
    requireFree(folder);
    List<Text> all = new ArrayList<>();
    texts.forEach(text -> all.add(text(text, validation)));
    if (all.stream().mapToLong(Text::training).sum() == 0) {
      throw new UserError("--val", "nothing is left to train on", "Give a smaller share");
    }
    Path under = beside(folder, UNDER_WAY);
    try {
      files.deleteTree(under);
      files.makeFolders(under);
      try {
        return written(all, folder, under);
      } catch (IOException | RuntimeException failed) {
        files.deleteTree(under);
        throw failed;
      }
    } catch (IOException refused) {
      throw new UserError(
          folder.toString(),
          "it cannot be written: " + Why.at(refused),
          "Make room, or name another folder with --to",
          refused);
    }
  }

  private Made written(List<Text> all, Path folder, Path under) throws IOException {
    Set<String> names = new HashSet<>();
    Reader reader = new Reader(all);
    long training = all.stream().mapToLong(Text::training).sum();
    long validation = all.stream().mapToLong(Text::bytes).sum() - training;
    shards(under, "train", training, reader, names);
    reader.turn();
    shards(under, "val", validation, reader, names);
    files.syncFolder(under);
    publish(under, folder, names);
    return new Made(training, validation, names.size());
  }

  /** What another call has put its hands on never gets the name. */
  private void publish(Path under, Path folder, Set<String> names) throws IOException {
    Path own = beside(folder, UNDER_WAY + "-" + token);
    files.rename(under, own); // from here on nobody else knows where it lies
    try {
      if (!Set.copyOf(files.list(own)).equals(names)) {
        throw new UserError(
            folder.toString(), "another prepare is making it", "Wait until that one has ended");
      }
      requireFree(folder);
      files.rename(own, folder);
      files.syncFolder(parent(folder));
    } catch (IOException | RuntimeException failed) {
      files.deleteTree(own);
      throw failed;
    }
  }

  private void shards(Path under, String kind, long tokens, Reader reader, Set<String> names)
      throws IOException {
    long left = tokens;
    for (int number = 0; left > 0; number++) {
      int count = (int) Math.min(left, mostTokens);
      String name = "%s_%06d.bin".formatted(kind, number);
      files.create(under.resolve(name), out -> reader.copy(new ByteTokens(out, count), count));
      names.add(name);
      left -= count;
    }
  }

  private void requireFree(Path folder) {
    try {
      if (!files.list(folder).isEmpty()) {
        throw new UserError(
            folder.toString(),
            "this folder is there already, with files in it",
            "Name another one with --to, or remove it");
      }
    } catch (NoSuchFileException free) {
      // As it should be.
    } catch (IOException refused) {
      throw new UserError(
          folder.toString(), Why.of(refused), "Name another folder with --to", refused);
    }
  }

  private static Text text(Path file, double validation) {
    try {
      if (!Files.isRegularFile(file)) {
        boolean there = Files.exists(file);
        throw new UserError(
            file.toString(),
            there ? "it is no file" : "there is no such file",
            there ? "Name the files in it" : "Correct the path");
      }
      long bytes = Files.size(file);
      if (bytes == 0) {
        throw new UserError(file.toString(), "it is empty", "Leave it out");
      }
      return new Text(file, bytes, bytes - (long) Math.floor(bytes * validation));
    } catch (IOException refused) {
      throw unreadable(file, refused);
    }
  }

  private static Path beside(Path folder, String suffix) {
    return parent(folder).resolve("." + folder.getFileName() + suffix);
  }

  private static Path parent(Path folder) {
    Path parent = folder.getParent();
    if (parent == null) {
      throw new UserError(folder.toString(), "it is no folder to make", "Name one below it");
    }
    return parent;
  }

  private static UserError unreadable(Path file, IOException refused) {
    return new UserError(
        file.toString(),
        "it cannot be read: " + Why.of(refused),
        "Make it readable, or leave it out",
        refused);
  }

  /**
   * One text.
   *
   * @param training how many of its bytes, from its start, are trained on
   */
  private record Text(Path file, long bytes, long training) {}

  /** All texts one after the other: first what is trained on, and after {@link #turn} the rest. */
  private final class Reader {
    private final List<Text> all;
    private final byte[] buffer = new byte[BUFFER];
    private boolean rest;
    private int text;
    private long at;
    private long done;

    Reader(List<Text> all) {
      this.all = all;
    }

    void turn() {
      rest = true;
      text = 0;
      at = 0;
    }

    /** The next tokens; there are as many. */
    void copy(ByteTokens out, int count) throws IOException {
      int left = count;
      while (left > 0) {
        Text from = all.get(text);
        long length = rest ? from.bytes - from.training : from.training;
        int taken = (int) Math.min(left, length - at);
        if (taken > 0) {
          copy(from, (rest ? from.training : 0) + at, taken, out);
        }
        left -= taken;
        at += taken;
        if (at == length) {
          text++;
          at = 0;
        }
      }
    }

    private void copy(Text from, long start, int count, ByteTokens out) throws IOException {
      try (InputStream in = opened(from, start)) {
        int left = count;
        while (left > 0) {
          int read = read(from, in, Math.min(left, BUFFER));
          put(from, start + count - left, read, out);
          left -= read;
          done += read;
          progress.accept(done);
        }
      }
    }

    /** What refuses here is the text, not the folder that is made. */
    private InputStream opened(Text from, long start) {
      try {
        InputStream in = files.stream(from.file);
        in.skipNBytes(start);
        return in;
      } catch (EOFException e) {
        throw shrunk(from);
      } catch (IOException e) {
        throw unreadable(from.file, e);
      }
    }

    private int read(Text from, InputStream in, int most) {
      try {
        int read = in.read(buffer, 0, most);
        if (read < 0) {
          throw shrunk(from);
        }
        return read;
      } catch (IOException e) {
        throw unreadable(from.file, e);
      }
    }

    private void put(Text from, long position, int count, ByteTokens out) throws IOException {
      for (int i = 0; i < count; i++) {
        if (buffer[i] == 0) {
          throw new UserError(
              from.file.toString(),
              "byte " + (position + i) + " is zero, so it is no text",
              "Leave it out, or make UTF-8 of it, for example with iconv");
        }
      }
      out.put(buffer, count);
    }

    private UserError shrunk(Text from) {
      return new UserError(
          from.file.toString(), "it became shorter while it was read", "Run prepare again");
    }
  }
}
