package dev.sweeprunner.sweep;

import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.problem.Why;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.scanner.ScannerImpl;

/** One YAML file as a tree of nodes that know their lines; nothing is constructed from tags. */
final class YamlDocument {
  private static final int LARGEST_FILE = 16 << 20;
  private static final String TAB_WAY_OUT = "Indent with spaces: YAML takes no tabs there";

  static {
    // JSON has it, and so has PyYAML. SnakeYAML asks this table, which is open, and nothing else.
    ScannerImpl.ESCAPE_REPLACEMENTS.put('/', "/");
  }

  private final Path path;
  private final Node root;

  private YamlDocument(Path path, Node root) {
    this.path = path;
    this.root = root;
  }

  /**
   * Reads and parses the file.
   *
   * @throws UserError if it cannot be read, is empty, or is not one YAML document
   */
  static YamlDocument read(Path path) {
    return parse(path)
        .orElseThrow(
            () ->
                new UserError(
                    path.toString(),
                    "the file is empty",
                    "Write a W&B sweep with a parameters section"));
  }

  /** As {@link #read}, and nothing where there is nothing in the file. */
  static Optional<YamlDocument> parse(Path path) {
    String text = text(path);
    LoaderOptions limits = new LoaderOptions();
    limits.setCodePointLimit(LARGEST_FILE);
    Node root;
    try {
      // Not by Yaml: it starts all that makes objects of nodes, and the JDK's logging.
      root =
          new Composer(new ParserImpl(new StreamReader(text), limits), new PythonScalars(), limits)
              .getSingleNode();
    } catch (YAMLException e) {
      throw syntaxError(path, text, e);
    }
    if (root == null) {
      return Optional.empty();
    }
    refuseTabs(path, text, root);
    return Optional.of(new YamlDocument(path, root));
  }

  Path path() {
    return path;
  }

  Node root() {
    return root;
  }

  /** The line of a node, from 1. */
  static int line(Node node) {
    return node.getStartMark().getLine() + 1;
  }

  /** An error at a node. */
  UserError error(Node node, String what, String wayOut) {
    return error(line(node), what, wayOut);
  }

  /** An error at a line. */
  UserError error(int line, String what, String wayOut) {
    return new UserError(path + ":" + line, what, wayOut);
  }

  private static String text(Path path) {
    String text;
    try {
      if (Files.isDirectory(path)) {
        throw new UserError(path.toString(), "this is a folder", "Name the sweep's YAML file");
      }
      text = Files.readString(path);
    } catch (NoSuchFileException e) {
      throw new UserError(
          path.toString(),
          "there is no such sweep file",
          "Check the path; a relative one starts at the working directory",
          e);
    } catch (CharacterCodingException e) {
      throw new UserError(path.toString(), "the file is not UTF-8 text", "Save it as UTF-8", e);
    } catch (IOException e) {
      throw new UserError(
          path.toString(),
          "the sweep file cannot be read (" + Why.of(e) + ")",
          "Check its permissions and the file system",
          e);
    }
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  private static UserError syntaxError(Path path, String text, YAMLException e) {
    int line = 0;
    String what = e.getMessage();
    if (e instanceof MarkedYAMLException marked) {
      @Nullable Mark mark =
          marked.getProblemMark() != null ? marked.getProblemMark() : marked.getContextMark();
      line = mark == null ? 0 : mark.getLine() + 1;
      what = marked.getProblem() == null ? marked.getContext() : marked.getProblem();
    } else if (e instanceof ReaderException reader) {
      int end = text.offsetByCodePoints(0, Math.min(reader.getPosition(), text.length()));
      line = 1 + (int) text.substring(0, end).chars().filter(c -> c == '\n').count();
      what = "the character U+%04X is not allowed".formatted(reader.getCodePoint());
    }
    String where = line == 0 ? path.toString() : path + ":" + line;
    if (line > 0 && text.lines().skip(line - 1L).findFirst().orElse("").contains("\t")) {
      return new UserError(where, "there is a tab in this line", TAB_WAY_OUT, e);
    }
    String oneLine = (what == null ? "unreadable" : what).strip().replaceAll("\\s+", " ");
    return new UserError(where, "not YAML: " + oneLine, "Mend the syntax at this line", e);
  }

  /** SnakeYAML lets some tabs pass that PyYAML refuses: those that indent an unquoted word. */
  private static void refuseTabs(Path path, String text, Node root) {
    if (text.indexOf('\t') < 0) {
      return;
    }
    boolean[] quoted = QuotedLines.of(root, (int) text.lines().count());
    int[] line = {0};
    text.lines()
        .forEach(
            content -> {
              line[0]++;
              String rest = content.stripLeading();
              boolean indented =
                  content.substring(0, content.length() - rest.length()).contains("\t");
              if (indented && !rest.isEmpty() && !rest.startsWith("#") && !quoted[line[0]]) {
                throw new UserError(
                    path + ":" + line[0], "there is a tab in this line", TAB_WAY_OUT);
              }
            });
  }
}
