package dev.sweeprunner.wandb.settings;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Reads a small text file that may be absent. */
final class TextFile {
  private TextFile() {}

  /**
   * The whole text with {@code \n} as line end, empty where there is no such file.
   *
   * @throws UnreadableText with half a sentence about why it cannot be read
   */
  static Optional<String> read(Path file) throws UnreadableText {
    try {
      String text = Files.readString(file, StandardCharsets.UTF_8);
      return Optional.of(text.replace("\r\n", "\n").replace('\r', '\n'));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (AccessDeniedException e) {
      throw new UnreadableText("permission denied");
    } catch (CharacterCodingException e) {
      throw new UnreadableText("it is not UTF-8 text");
    } catch (IOException e) {
      throw new UnreadableText(Files.isDirectory(file) ? "it is a folder" : "input error");
    }
  }

  /** A path as a shell user writes it: {@code ~} is the home, the rest is below {@code base}. */
  static Path expand(String path, Path home, Path base) {
    if (path.equals("~")) {
      return home;
    }
    return path.startsWith("~/") ? home.resolve(path.substring(2)) : base.resolve(path);
  }
}
